import type { CompanyId } from '#shared/ids.ts';
import { type Db, inCompany, rows } from '../db.ts';

const LOOK_EVERY_MS = 400;

type Waiter = { readonly after: number; readonly wake: () => void };

/** Wakes long polls when a company's feed moves. */
export type FeedWatch = {
  /** Settles when the feed's counter is no more at `after`, be it that a replica took over, when `ms` are over, or on abort. */
  readonly wait: (companyId: CompanyId, after: number, ms: number, signal: AbortSignal) => Promise<void>;
  /** Answers everyone who waits, now and from now on, so that a server that ends need not wait for them. */
  readonly stop: () => void;
};

/**
 * One look at the counter serves every terminal of a company that waits, however many there are. NOTIFY would
 * be quicker by a moment, but it takes a lock that serialises all commits of the database.
 */
export function watchFeed(db: Db): FeedWatch {
  const waiting = new Map<CompanyId, Set<Waiter>>();
  let stopped = false;
  const look = async (companyId: CompanyId): Promise<void> => {
    const waiters = waiting.get(companyId);
    if (!waiters) return;
    const now = await lastSeq(db, companyId).catch(() => undefined);
    for (const waiter of waiters) {
      if (now === undefined || now !== waiter.after) waiter.wake();
    }
    if (waiters.size === 0) waiting.delete(companyId);
    else setTimeout(look, LOOK_EVERY_MS, companyId);
  };
  const wait = (companyId: CompanyId, after: number, ms: number, signal: AbortSignal): Promise<void> =>
    new Promise<void>((resolve) => {
      if (stopped) return resolve();
      const known = waiting.get(companyId);
      const waiters = known ?? new Set<Waiter>();
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        waiters.delete(waiter);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      const waiter: Waiter = { after, wake };
      signal.addEventListener('abort', wake, { once: true });
      waiters.add(waiter);
      if (!known) {
        waiting.set(companyId, waiters);
        setTimeout(look, LOOK_EVERY_MS, companyId);
      }
    });
  const stop = (): void => {
    stopped = true;
    for (const waiters of waiting.values()) for (const waiter of waiters) waiter.wake();
  };
  return { wait, stop };
}

const lastSeq = (db: Db, companyId: CompanyId): Promise<number> =>
  inCompany(db, companyId, async (tx) => {
    const [row] = await rows<{ last_seq: number }>(
      tx,
      'select last_seq from feed_counter where company_id = $1',
      [companyId],
    );
    return row?.last_seq ?? 0;
  });
