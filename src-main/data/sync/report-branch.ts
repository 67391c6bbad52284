import { central } from '#shared/contract/central.ts';
import type { Till } from '../till.ts';
import { packBatch } from './batch.ts';
import { callCentral, ServerFault } from './central-call.ts';
import { type Link, withToken } from './link.ts';
import { lastSeq } from './operation-store.ts';
import { standstillOf } from './standstill.ts';
import { syncPosition } from './sync-state.ts';
import { firstUnknown } from './unknown-operations.ts';

/** One batch of evidence, in ms. */
const DEADLINE_MS = 60_000;
const MOST = 500;

/**
 * Hands in what only this copy knows, as evidence: from the last operation that both have. The server keeps it, and
 * freezes the terminal for all its copies. A link hands it in once; twice does no harm.
 * @throws ServerFault
 */
export async function reportBranch(till: Till, link: Link): Promise<void> {
  const code = standstillOf(till.ledger)?.code;
  if (link.isReported || (code !== 'forked' && code !== 'cloned' && code !== 'replaced')) return;
  const { after_seq, pruned_seq } = syncPosition(till.ledger);
  const first = await firstUnknown(till, link);
  let from = Math.max(first - 1, after_seq + 1, pruned_seq + 1);
  while (first <= lastSeq(till.ledger)) {
    const batch = await packBatch(till.ledger, link.terminal.epoch, from, MOST);
    if (!batch || !(await handIn(link, batch.body))) break;
    from = batch.to + 1;
  }
  link.isReported = true;
}

/** False where the server keeps no more of it. */
async function handIn(link: Link, body: Uint8Array<ArrayBuffer>): Promise<boolean> {
  try {
    await withToken(link, (headers) =>
      callCentral(central.sync.branch, {
        server_url: link.terminal.server_url,
        headers: { ...headers, 'content-encoding': 'zstd' },
        body,
        deadline_ms: DEADLINE_MS,
        signal: link.signal,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ServerFault && error.problem?.code === 'branch_too_large') return false;
    throw error;
  }
}
