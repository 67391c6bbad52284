import type { Db } from '../db.ts';
import { keepMonthsOf } from '../sync/journal-months.ts';

/** Often enough to empty the rest soon, where a month was missed; it costs two short statements. */
const EVERY_MS = 3_600_000;

export type MonthKeeper = { readonly stop: () => Promise<void> };

/**
 * Sees to it, now and every so often, that the journal has its months. Each worker does: there is no state to share.
 * @param tell hears how many partitions were made, where there were any
 * @param fail hears what went wrong; it is tried again the next time
 */
export function startMonthKeeper(
  db: Db,
  {
    tell,
    fail,
    every_ms = EVERY_MS,
  }: { tell: (made: number) => void; fail: (error: unknown) => void; every_ms?: number },
): MonthKeeper {
  let working = Promise.resolve();
  const keep = () => {
    working = working
      .then(() => keepMonthsOf(db))
      .then((made) => {
        if (made > 0) tell(made);
      }, fail);
  };
  keep();
  const timer = setInterval(keep, every_ms);
  return {
    stop: () => {
      clearInterval(timer);
      return working;
    },
  };
}
