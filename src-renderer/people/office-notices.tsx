import { daysSilent, OFFLINE_DAYS } from '#shared/people/offline.ts';
import { displayCount } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { useNow } from '../part/now.ts';
import { useBackupProblem } from '../sync/backup-store.ts';
import { useSync } from '../sync/status-store.ts';
import { WhatHappened } from './copies/what-happened.tsx';
import styles from './office-notices.module.css';
import { peopleText } from './text.ts';
import { useTerminal, useTill } from './till-store.ts';

/** How often the days of silence are counted anew, in ms. */
const countEvery = 60_000;

/** What everybody at this till must know: out of service, long without word, put back, without copies of its ledger. */
export function OfficeNotices() {
  const { revoked } = useTerminal();
  const told = useTill(({ state }) => state?.sync);
  const status = useSync((sync) => sync.status) ?? told;
  const silent = daysSilent(status?.last_pull_at ?? null, useNow(countEvery));
  const isSilent = !revoked && silent >= OFFLINE_DAYS.warn;
  const noCopies = useBackupProblem();
  if (!status || (!revoked && !isSilent && !status.notice && noCopies === null)) return null;
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
      {noCopies !== null && <Notice tone="warn" title={peopleText.noCopies} detail={noCopies} />}
      {status.notice && <WhatHappened notice={status.notice} />}
    </div>
  );
}
