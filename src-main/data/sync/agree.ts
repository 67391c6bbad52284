import { central } from '#shared/contract/central.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import type { SyncState } from '#shared/sync/push.ts';
import { nowOf } from '../clock.ts';
import type { Till } from '../till.ts';
import { callCentral } from './central-call.ts';
import { type Link, SHORT_DEADLINE_MS, withToken } from './link.ts';
import { lastSeq, operationAt } from './operation-store.ts';
import { saveSyncPosition, syncPosition } from './sync-state.ts';

/** This terminal and the server know different histories: nothing may be sent until people have looked. */
export class SyncStopped extends Error {}

/**
 * Asks the server where it stands, and checks that it knows the same history up to there. Returns the next
 * sequence number to send: below what it acknowledged where it was restored and wants again what it lost, and not
 * above that where an answer was lost, because the verdicts were lost with it.
 *
 * @throws SyncStopped (and remembers it) where the histories differ; ServerFault
 */
export async function agree(till: Till, link: Link): Promise<number> {
  const { server_url } = link.terminal;
  const state = await withToken(link, (headers) =>
    callCentral(central.sync.state, {
      server_url,
      headers,
      deadline_ms: SHORT_DEADLINE_MS,
      signal: link.signal,
    }),
  );
  const difference = differenceFrom(till, link, state);
  if (difference) throw stop(till, difference);
  return till.ledger
    .transaction(() => {
      const known = syncPosition(till.ledger);
      // Another epoch is another life of the server: only then may what it acknowledged go back.
      const sameLife = known.server_epoch === null || known.server_epoch === state.server_epoch;
      const acked_seq = sameLife ? known.acked_seq : Math.min(known.acked_seq, state.acked_seq);
      saveSyncPosition(till.ledger, {
        acked_seq,
        safe_seq: sameLife ? known.safe_seq : Math.min(known.safe_seq, state.safe_seq),
        server_epoch: state.server_epoch,
        contact_at: nowOf(till.clock),
        stopped: null,
      });
      return Math.min(acked_seq, state.acked_seq) + 1;
    })
    .immediate();
}

/** Remembers that nothing may be sent any more, and why. */
export function stop(till: Till, why: string): SyncStopped {
  till.ledger
    .transaction(() => saveSyncPosition(till.ledger, { ...syncPosition(till.ledger), stopped: why }))
    .immediate();
  return new SyncStopped(why);
}

function differenceFrom(till: Till, link: Link, state: SyncState): string | null {
  if (state.epoch !== link.terminal.epoch) {
    return 'This terminal was enrolled again elsewhere. What was done here is kept but can no longer be sent. Ask for help.';
  }
  if (state.acked_seq > lastSeq(till.ledger)) {
    return 'The server knows later sales of this till than its own ledger: the ledger was restored from an old copy. Stop selling here and ask for help.';
  }
  const hash = state.acked_seq === 0 ? GENESIS : operationAt(till.ledger, state.acked_seq)?.hash;
  if (hash !== state.last_hash) {
    return 'The server knows another history of this till: its files were copied to two machines. Stop selling here and ask for help.';
  }
  return null;
}
