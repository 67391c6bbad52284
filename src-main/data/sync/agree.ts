import { central } from '#shared/contract/central.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import type { SyncState } from '#shared/sync/push.ts';
import { nowOf } from '../clock.ts';
import type { Till } from '../till.ts';
import { fetchBack, resume } from './catch-up.ts';
import { callCentral } from './central-call.ts';
import { commitTold, type Link, SHORT_DEADLINE_MS, withToken } from './link.ts';
import { lastSeq, operationAt } from './operation-store.ts';
import { halt, SyncStopped, setNotice, setStandstill, standstillOf } from './standstill.ts';
import {
  dropVerdicts,
  forgetSafe,
  noteSafe,
  saveSyncPosition,
  storeVerdict,
  syncPosition,
} from './sync-state.ts';

/** So many times the server may have gone on while this till fetched back what it lacked. */
const MOST_ROUNDS = 5;

/**
 * Asks the server where it stands, and sees to it that both know the same history up to there: what this till's
 * ledger lost is fetched back first. Hears which verdicts changed. Returns the next sequence number to send: below
 * what it acknowledged where it was restored and wants again what it lost, and not above that where an answer was
 * lost, because the verdicts were lost with it.
 *
 * @throws SyncStopped (and remembers it) where the histories differ; ServerFault
 */
export async function agree(till: Till, link: Link): Promise<number> {
  let isAnew = false;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const state = await askState(till, link, isAnew);
    const standing = compare(till, link, state);
    switch (standing) {
      case 'same': {
        if (!isAnew && isOtherLife(till, state)) {
          isAnew = true;
          break;
        }
        const isBack = standstillOf(till.ledger)?.code !== 'catching_up';
        if (!isBack && !(await resume(till, link, state))) break;
        return takeState(till, link, state, isAnew);
      }
      case 'behind':
        await fetchBack(till, link);
        break;
      case 'forgotten':
        throw new SyncStopped(
          'The server was put back from a backup that is older than what this till still keeps. A manager must make a code with which this till is enrolled again.',
        );
      default:
        throw halt(till, standing);
    }
  }
  throw new SyncStopped('The server goes on with the history of this till while it is being fetched.');
}

/** @param isAnew asks for all verdicts that are not plain, not only for those that changed */
const askState = (till: Till, link: Link, isAnew: boolean): Promise<SyncState> =>
  withToken(link, (headers) =>
    callCentral(central.sync.state, {
      server_url: link.terminal.server_url,
      headers,
      query: isAnew ? {} : { verdicts_after: String(syncPosition(till.ledger).verdict_changes) },
      deadline_ms: SHORT_DEADLINE_MS,
      signal: link.signal,
    }),
  );

/**
 * How the two histories stand to each other. `behind`: the server knows later operations, and whether these follow
 * on ours shows when they come. `forgotten`: it lacks operations that are not kept here any more.
 */
function compare(
  till: Till,
  link: Link,
  state: SyncState,
): 'same' | 'behind' | 'forgotten' | 'forked' | 'replaced' {
  if (state.epoch !== link.terminal.epoch) return 'replaced';
  const { pruned_seq } = syncPosition(till.ledger);
  if (state.acked_seq > lastSeq(till.ledger)) return 'behind';
  if (state.acked_seq < pruned_seq) return 'forgotten';
  return hashUpTo(till, state.acked_seq) === state.last_hash ? 'same' : 'forked';
}

/** The hash of this till's history up to an operation; undefined where it is not kept any more, or not there yet. */
export function hashUpTo({ ledger }: Pick<Till, 'ledger'>, seq: number): string | undefined {
  const { after_seq, pruned_seq } = syncPosition(ledger);
  if (seq === after_seq) return GENESIS;
  return seq > pruned_seq ? operationAt(ledger, seq)?.hash : operationAt(ledger, seq + 1)?.prev_hash;
}

/** Whether the server was put back to an earlier moment since this till heard of it. */
function isOtherLife(till: Till, state: SyncState): boolean {
  const { server_epoch } = syncPosition(till.ledger);
  return server_epoch !== null && server_epoch !== state.server_epoch;
}

/** Keeps where both stand, and what the server says about operations of before. Returns the next one to send. */
function takeState(till: Till, link: Link, state: SyncState, isAnew: boolean): number {
  link.agreed_ms = till.clock.monotonicMs();
  return commitTold(till, link, () => {
    const known = syncPosition(till.ledger);
    // Another epoch is another life of the server: only then may what it acknowledged go back.
    const sameLife = !isOtherLife(till, state);
    const acked_seq = sameLife ? known.acked_seq : Math.min(known.acked_seq, state.acked_seq);
    if (acked_seq < known.acked_seq) {
      const operations = known.acked_seq - acked_seq;
      setNotice(till.ledger, { code: 'server_restored', at: nowOf(till.clock), operations });
    }
    const safe = sameLife
      ? Math.min(acked_seq, Math.max(known.safe_seq, state.safe_seq))
      : Math.max(known.pruned_seq, Math.min(known.safe_seq, state.safe_seq));
    if (safe < known.safe_seq) forgetSafe(till.ledger, safe);
    noteSafe(till.ledger, state.server_time, safe);
    if (isAnew) dropVerdicts(till.ledger);
    for (const verdict of state.verdicts_changed) storeVerdict(till.ledger, verdict);
    setStandstill(till.ledger, null);
    saveSyncPosition(till.ledger, {
      acked_seq,
      safe_seq: safe,
      verdict_changes: state.verdict_changes,
      server_epoch: state.server_epoch,
      contact_at: nowOf(till.clock),
    });
    return Math.min(acked_seq, state.acked_seq) + 1;
  });
}
