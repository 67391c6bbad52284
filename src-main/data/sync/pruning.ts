import type { Till } from '../till.ts';
import { pruneOperations } from './prune.ts';

/** How often it is looked for what may go, in ms; the first time soon after the start. */
const EVERY_MS = 6 * 3_600_000;

/**
 * Removes what need not be kept any more, now and then, a little at a time: whatever else is to be done comes between.
 * @returns to be called often; does something only when that is due
 */
export function newPruning(till: Till, signal: AbortSignal): () => Promise<void> {
  let next = 0;
  return async () => {
    if (till.clock.monotonicMs() < next) return;
    next = till.clock.monotonicMs() + EVERY_MS;
    while (!signal.aborted && pruneOperations(till.ledger)) await new Promise(setImmediate);
  };
}
