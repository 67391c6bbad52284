import type { CompanyId } from '#shared/ids.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';

/** Tombstones are kept so long: a terminal that was away longer fetches its catalogue anew. */
const KEPT_DAYS = 90;
/** So many at a time: whoever changes master data waits meanwhile. */
const AT_ONCE = 5000;
const EVERY_MS = 24 * 3_600_000;

/** Forgets old tombstones of the companies whose terminals come, each once a day at most. */
export type Pruning = { readonly soon: (companyId: CompanyId) => void };

/**
 * A server looks after the companies that it serves: there is nobody who sees them all. Several servers do it
 * several times, which costs a look at an index.
 * @param failed hears what went wrong; it is tried again the next day
 */
export function pruneFeeds(db: Db, failed: (error: unknown) => void): Pruning {
  const pruned = new Map<CompanyId, number>();
  return {
    soon: (companyId) => {
      if (performance.now() - (pruned.get(companyId) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
      pruned.set(companyId, performance.now());
      pruneAll(db, companyId).catch(failed);
    },
  };
}

async function pruneAll(db: Db, companyId: CompanyId): Promise<void> {
  while ((await inCompany(db, companyId, (tx) => pruneTombstones(tx, AT_ONCE))) === AT_ONCE);
}

/**
 * Removes the oldest tombstones that are over age, at most so many, and remembers how far the feed has forgotten.
 * Takes the counter first, as everybody does who writes to the feed. Returns how many were removed.
 */
export async function pruneTombstones(tx: Tx, most: number): Promise<number> {
  await rows(tx, 'select from feed_counter where company_id = $1 for update', [tx.company_id]);
  const removed = await rows<{ feed_seq: number }>(
    tx,
    `delete from feed where company_id = $1 and feed_seq in (
       select feed_seq from feed
       where company_id = $1 and gone and marked_at < now() - make_interval(days => $2)
       order by marked_at limit $3)
     returning feed_seq`,
    [tx.company_id, KEPT_DAYS, most],
  );
  const last = removed.reduce((most, { feed_seq }) => Math.max(most, feed_seq), 0);
  await rows(tx, 'update feed_counter set min_seq = greatest(min_seq, $2) where company_id = $1', [
    tx.company_id,
    last,
  ]);
  return removed.length;
}
