import { central } from '#shared/contract/central.ts';
import type { SyncState } from '#shared/sync/push.ts';
import { nowOf } from '../clock.ts';
import type { Till } from '../till.ts';
import { callCentral, ServerFault } from './central-call.ts';
import { commitTold, type Link, SHORT_DEADLINE_MS, withToken } from './link.ts';
import { lastSeq } from './operation-store.ts';
import { joinSalvaged, tellSalvaged } from './salvaged.ts';
import { halt, setNotice, setStandstill, standstillOf } from './standstill.ts';
import { saveSyncPosition, syncPosition } from './sync-state.ts';
import { takeBack } from './take-back.ts';
import { keepSeries } from './told-series.ts';

/** One page of operations, in ms. */
const DEADLINE_MS = 60_000;

/**
 * Fetches back what this terminal told once and its ledger, put back from an old copy, has not. Nothing is recorded
 * until it is complete; after a crash it goes on where it was.
 * @throws SyncStopped where the server's operations do not follow on ours, or are from a newer version; ServerFault
 */
export async function fetchBack(till: Till, link: Link): Promise<void> {
  halt(till, 'catching_up');
  for (let more = true; more; ) {
    const page = await withToken(link, (headers) =>
      callCentral(central.sync.operations, {
        server_url: link.terminal.server_url,
        headers,
        query: { after_seq: String(lastSeq(till.ledger)) },
        deadline_ms: DEADLINE_MS,
        signal: link.signal,
      }),
    );
    takeBack(till, link, page);
    more = page.more && page.operations.length > 0;
  }
}

/**
 * Asks to go on, now that both know the same: gets a nonce, and how far receipt numbers have gone. False where the
 * server went on meanwhile.
 * @throws ServerFault
 */
export async function resume(till: Till, link: Link, state: SyncState): Promise<boolean> {
  const { nonce } = syncPosition(till.ledger);
  const { epoch, acked_seq, last_hash } = state;
  try {
    const reply = await withToken(link, (headers) =>
      callCentral(central.sync.resume, {
        server_url: link.terminal.server_url,
        headers,
        body: JSON.stringify({ epoch, last_seq: acked_seq, last_hash, nonce }),
        deadline_ms: SHORT_DEADLINE_MS,
        signal: link.signal,
      }),
    );
    commitTold(till, link, () => {
      const begun = standstillOf(till.ledger)?.last_seq ?? acked_seq;
      const operations = lastSeq(till.ledger) - begun;
      keepSeries(till.ledger, reply.series);
      joinSalvaged(till, link.terminal);
      tellSalvaged(till, link.terminal);
      saveSyncPosition(till.ledger, { nonce: reply.nonce });
      setNotice(till.ledger, { code: 'terminal_restored', at: nowOf(till.clock), operations });
      setStandstill(till.ledger, null);
    });
    return true;
  } catch (error) {
    if (error instanceof ServerFault && error.problem?.code === 'resume_elsewhere') return false;
    throw error;
  }
}
