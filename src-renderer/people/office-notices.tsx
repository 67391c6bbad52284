import { daysSilent, OFFLINE_DAYS } from '#shared/people/offline.ts';
import { displayCount } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { useNow } from '../part/now.ts';
import { useSync } from '../sync/status-store.ts';
import { WhatHappened } from './copies/what-happened.tsx';
import styles from './office-notices.module.css';
import { peopleText } from './text.ts';
import { useTerminal, useTill } from './till-store.ts';

/** How often the days of silence are counted anew, in ms. */
const countEvery = 60_000;

/** What everybody at this till must know of its standing with the office: out of service, long without word, put back. */
export function OfficeNotices() {
  const { revoked } = useTerminal();
  const told = useTill(({ state }) => state?.sync);
  const status = useSync((sync) => sync.status) ?? told;
  const silent = daysSilent(status?.last_pull_at ?? null, useNow(countEvery));
  const isSilent = !revoked && silent >= OFFLINE_DAYS.warn;
  if (!status || (!revoked && !isSilent && !status.notice)) return null;
  return (
    <div className={styles.notices}>
      {revoked && (
        <Notice
          tone="warn"
          title={peopleText.revokedTitle}
          detail={peopleText.revokedDetail(status.waiting, displayCount(status.waiting))}
        />
      )}
      {isSilent && (
        <Notice
          tone="warn"
          title={peopleText.silentTitle(silent)}
          detail={silent < OFFLINE_DAYS.consent ? peopleText.silentDetail : peopleText.silentConsent}
        />
      )}
      {status.notice && <WhatHappened notice={status.notice} />}
    </div>
  );
}
