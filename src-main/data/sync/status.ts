import type { CatalogueFetch, SyncProblem, SyncStatus } from '#shared/contract/till.ts';
import type { Till } from '../till.ts';
import { lastSeq, operationAt } from './operation-store.ts';
import { pullFaults, pullState } from './pull-state.ts';
import { noticeOf, standstillOf, wordsOf } from './standstill.ts';
import { syncPosition, verdictCounts } from './sync-state.ts';

/** What the sync knows beyond the two files: what went wrong last, each way, and whether it is at work. */
export type SyncMonitor = {
  push: SyncProblem | null;
  pull: SyncProblem | null;
  /** What was wrong with the catalogue's file, until it has been filled again. */
  catalog: string | null;
  /** Pushes and pulls under way; waiting for news is not work. */
  active: number;
  /** How far a whole catalogue is that is being fetched as a file. */
  fetch: CatalogueFetch | null;
};

/** What the till shows of the sync, in figures and one plain sentence. */
export function syncStatus(till: Till, monitor: SyncMonitor): SyncStatus {
  const position = syncPosition(till.ledger);
  const pulled = pullState(till.catalog);
  const last = lastSeq(till.ledger);
  const standstill = standstillOf(till.ledger);
  const isFetching = standstill?.code === 'catching_up';
  const found =
    // What is being fetched comes by itself, unless something else keeps it from coming.
    (isFetching ? (monitor.push ?? monitor.pull) : null) ??
    problem('stopped', standstill && wordsOf(standstill)) ??
    monitor.push ??
    monitor.pull ??
    problem('catalogue', monitor.catalog ?? pullFaults(till.catalog));
  return {
    waiting: Math.max(0, last - position.acked_seq),
    oldest_waiting_at: operationAt(till.ledger, position.acked_seq + 1)?.occurred_at ?? null,
    last_contact_at: latest(position.contact_at, pulled.pulled_at),
    last_pull_at: pulled.pulled_at,
    last_compared_at: pulled.compared_at,
    problem: found,
    ...verdictCounts(till.ledger),
    acked_seq: position.acked_seq,
    last_seq: last,
    items: pulled.items,
    running: monitor.active > 0 || monitor.fetch !== null,
    fetching: monitor.fetch,
    standstill,
    notice: noticeOf(till.ledger),
    may_enrol_again: found?.kind === 'stopped' && !isFetching,
  };
}

const problem = (kind: SyncProblem['kind'], message: string | null): SyncProblem | null =>
  message === null ? null : { kind, message };

const latest = (left: string | null, right: string | null): string | null =>
  left === null || (right !== null && right > left) ? right : left;
