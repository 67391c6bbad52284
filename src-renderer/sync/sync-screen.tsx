import { ProgressBar } from 'react-aria-components';
import type { SyncStatus } from '#shared/contract/till.ts';
import { Button } from '../part/button.tsx';
import { cx } from '../part/cx.ts';
import { Icon, type IconName } from '../part/icon.tsx';
import { displayCount } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { useNow } from '../part/now.ts';
import { Card, Page } from '../part/page.tsx';
import { useShortcuts } from '../part/shortcuts.ts';
import { displayAgo } from '../part/time.ts';
import { EnrolAgain } from '../people/copies/enrol-again.tsx';
import { copiesText } from '../people/copies/text.ts';
import { go } from '../view-store.ts';
import { TroublesCard } from './desk/troubles-card.tsx';
import { FetchProgress } from './fetch-progress.tsx';
import { syncNow, useSync } from './status-store.ts';
import styles from './sync-screen.module.css';
import { syncText } from './text.ts';

/** The exchange with the server: what waits, when it last worked, and what has to be looked at. */
export function SyncScreen() {
  const { status, isAsked, problem } = useSync();
  useShortcuts({ escape: () => go('sell') });
  const isRunning = isAsked || (status?.running ?? false);
  const fetching = status?.fetching ?? null;
  return (
    <Page
      title={syncText.title}
      actions={
        <Button tone="primary" size="l" icon="sync" isDisabled={isAsked} onPress={syncNow}>
          {syncText.now}
        </Button>
      }
    >
      <div className={styles.progress}>
        {isRunning && !fetching && (
          <ProgressBar aria-label={syncText.running} isIndeterminate className={cx(styles.bar)}>
            <span className={styles.moving} />
          </ProgressBar>
        )}
      </div>
      {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
      {status?.problem && (
        <Notice tone="warn" title={syncText.problems[status.problem.kind]} detail={status.problem.message} />
      )}
      {status?.may_enrol_again && (
        <Card>
          <h2 className={styles.title}>{copiesText.strangerTitle}</h2>
          <p className={styles.detail}>{copiesText.strangerDetail}</p>
          <EnrolAgain label={copiesText.code} />
        </Card>
      )}
      {fetching && (
        <Card>
          <FetchProgress fetching={fetching} />
        </Card>
      )}
      {status && <Figures status={status} />}
      <TroublesCard />
    </Page>
  );
}

function Figures({ status }: { status: SyncStatus }) {
  const now = useNow(10_000);
  const ago = (instant: string | null) => displayAgo(instant, now);
  return (
    <dl className={styles.figures}>
      <Figure
        icon="cloud"
        name={syncText.toSend}
        value={displayCount(status.waiting)}
        detail={status.waiting === 0 ? syncText.nothingWaits : syncText.oldest(ago(status.oldest_waiting_at))}
      />
      <Figure
        icon="clock"
        name={syncText.lastContact}
        value={status.last_contact_at === null ? syncText.noContact : ago(status.last_contact_at)}
        detail={`${syncText.numbered}: ${displayCount(status.last_seq)}, ${syncText.acked(displayCount(status.acked_seq))}`}
      />
      <Figure
        icon="book"
        name={syncText.catalogue}
        value={displayCount(status.items)}
        detail={
          status.last_pull_at === null ? syncText.neverPulled : syncText.lastPull(ago(status.last_pull_at))
        }
      />
    </dl>
  );
}

function Figure({
  icon,
  name,
  value,
  detail,
}: {
  icon: IconName;
  name: string;
  value: string;
  detail: string;
}) {
  return (
    <div className={styles.figure}>
      <dt className={styles.name}>
        <Icon name={icon} size="s" />
        {name}
      </dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.detail}>{detail}</dd>
    </div>
  );
}
