import type { Till } from '../till.ts';
import { ServerFault } from './central-call.ts';
import { type Comparison, compareTables, isComparisonDue } from './compare-tables.ts';
import type { Link } from './link.ts';

/** When a till compares its catalogue with the server's. */
export type Comparisons = {
  /** Compares if that is due. Never throws: what cannot be compared now is compared later. */
  readonly whenDue: () => Promise<void>;
  /**
   * Compares now, after what is new was pulled; one that differs is fetched anew before this settles.
   * @throws ServerFault
   */
  readonly now: () => Promise<Comparison>;
};

/** After a start the first one waits for a random time up to this, so that a thousand tills do not ask at once. */
const WITHIN_MS = 3_600_000;
const EVERY_MS = 24 * 3_600_000;
/** Where there was something to pull first, or the server could not say. */
const AGAIN_MS = 600_000;
/** Tries of one that somebody asked for. */
const TRIES = 3;

/** @param onDifference hears of a catalogue that is not what the server has; the next pull fetches it anew */
export function newComparisons(
  till: Till,
  linked: () => Link,
  pull: () => Promise<void>,
  onDifference: () => void,
): Comparisons {
  const { clock, log } = till;
  let next = clock.monotonicMs() + Math.random() * WITHIN_MS;

  async function once(): Promise<Comparison> {
    const outcome = await compareTables(till, linked());
    if (outcome === 'differs') onDifference();
    return outcome;
  }

  return {
    whenDue: async () => {
      if (clock.monotonicMs() < next || !isComparisonDue(till)) return;
      const outcome = await once().catch((error: unknown): Comparison => {
        const isOver = linked().signal.aborted;
        if (!isOver && !(error instanceof ServerFault))
          log.error({ err: error }, 'the catalogue could not be compared');
        return 'not_now';
      });
      next = clock.monotonicMs() + (outcome === 'not_now' ? AGAIN_MS : EVERY_MS);
    },
    now: async () => {
      for (let tries = 1; ; tries += 1) {
        await pull();
        const outcome = await once();
        if (outcome === 'differs') await pull();
        if (outcome !== 'not_now' || tries === TRIES) return outcome;
      }
    },
  };
}
