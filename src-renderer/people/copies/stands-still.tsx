import { useEffect } from 'react';
import type { Standstill, SyncStatus } from '#shared/contract/till.ts';
import { OfficeButton } from '../../office/office-button.tsx';
import { announce } from '../../part/announce.tsx';
import { Button } from '../../part/button.tsx';
import { Icon, type IconName } from '../../part/icon.tsx';
import { displayCount } from '../../part/money.ts';
import { Notice } from '../../part/notice.tsx';
import { useNow } from '../../part/now.ts';
import { displayAgo } from '../../part/time.ts';
import { Facts } from '../../sync/facts.tsx';
import { syncNow, useSync } from '../../sync/status-store.ts';
import { Brand } from '../brand.tsx';
import styles from '../standstill.module.css';
import { useTerminal } from '../till-store.ts';
import { EnrolAgain } from './enrol-again.tsx';
import { copiesText } from './text.ts';

const icons: Record<Standstill['code'], IconName> = {
  forked: 'layers',
  cloned: 'layers',
  replaced: 'device',
  catching_up: 'sync',
  newer_version: 'alert',
};

/** How often it is counted anew how long the till has stood still, in ms. */
const countEvery = 30_000;

/** Shown while nothing may be recorded on this till: what happened, what it means, and what to do. */
export function StandsStill({ standstill, status }: { standstill: Standstill; status: SyncStatus }) {
  const { code, since, last_seq } = standstill;
  const { name, terminal_code } = useTerminal();
  const isAsked = useSync((sync) => sync.isAsked);
  const now = useNow(countEvery);
  const words = copiesText.standstills[code];
  const isFetching = code === 'catching_up';
  useEffect(() => announce(`${words.title}. ${words.lead}`, 'assertive'), [words]);
  return (
    <main className={styles.screen}>
      <article className={styles.recovery} data-calm={isFetching || undefined} aria-labelledby="standstill">
        <header className={styles.head}>
          <Brand />
          <OfficeButton />
        </header>
        <div className={styles.alarm}>
          <Icon name={icons[code]} size="xl" />
          <h1 id="standstill" className={styles.title}>
            {words.title}
          </h1>
        </div>
        <p className={styles.lead}>{words.lead}</p>
        <p className={styles.quiet}>
          {copiesText.since(`${name} (${terminal_code})`, displayAgo(since, now))}{' '}
          {isFetching
            ? copiesText.fetched(displayCount(status.last_seq - last_seq))
            : copiesText.kept(status.waiting, displayCount(status.waiting))}
        </p>
        <ol className={styles.steps}>
          {words.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        {isFetching && status.problem && status.problem.kind !== 'stopped' && (
          <Notice
            tone="warn"
            title={copiesText.notConnected}
            detail={
              status.problem.kind === 'unreachable' ? copiesText.notConnectedDetail : status.problem.message
            }
          />
        )}
        {status.may_enrol_again ? (
          <EnrolAgain label={copiesText.code} />
        ) : (
          <Button icon="sync" size="l" isDisabled={isAsked} onPress={syncNow}>
            {copiesText.tryNow}
          </Button>
        )}
        <Facts />
      </article>
    </main>
  );
}
