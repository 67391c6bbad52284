import { LOCATION_ENTITIES } from '#shared/sync/feed.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import { EARLIER_ROWS, FEED_ROWS } from './feed-rows.ts';
import { isCurrent, readScope, type Scope } from './scope.ts';

type Entry = { readonly feed_seq: number; readonly change: string };

/** A page of the feed, and the cursor behind it. */
type Page = { readonly entries: readonly Entry[]; readonly next: Cursor; readonly more: boolean };

/**
 * A page of the feed as JSON text, in the shape of `feedPageSchema`. The rows come out of PostgreSQL as JSON
 * and go out as they are: the server neither parses nor writes them.
 */
export async function pull(
  db: Db,
  identity: TerminalIdentity,
  query: { cursor?: string | undefined; limit: number },
): Promise<{ json: string; empty: boolean; counter: number }> {
  return inCompany(db, identity.company_id, async (tx) => {
    await tx.client.query(`${ONE_MOMENT}; ${IN_INDEX_ORDER}`);
    const scope = await readScope(tx, identity);
    const sent = query.cursor === undefined ? undefined : readCursor(query.cursor);
    const reset = sent === undefined || !(await isCurrent(tx, sent, scope));
    const cursor = reset ? { ...scope.start, since: scope.counter } : sent;
    const { entries, next, more } =
      cursor.own_after === undefined
        ? await readFeed(tx, scope, cursor, query.limit)
        : await readOwn(tx, scope, { ...cursor, own_after: cursor.own_after }, query.limit);
    const changes = entries.map((entry) => entry.change).join(',');
    return {
      counter: scope.counter,
      empty: entries.length === 0 && !reset && !more,
      json:
        `{"reset":${reset},"more":${more},"cursor":${JSON.stringify(writeCursor(next))},` +
        `"server_time":${JSON.stringify(new Date().toISOString())},"terminal":${JSON.stringify(scope.terminal)},` +
        `"changes":[${changes}]}`,
    };
  });
}

/** Or the feed may forget, between the look at how far back it goes and the page, what the page ought to tell. */
const ONE_MOMENT = 'set transaction isolation level repeatable read, read only';

/**
 * A page is the next entries of an index. Where a catalogue was imported a moment ago the planner knows nothing of
 * it, and would read and sort all that is left for every page: 10,000 rows/s at 400,000 items.
 */
export const IN_INDEX_ORDER = 'set local enable_bitmapscan = off; set local enable_seqscan = off';

/** When a page was read, as its cursor says. */
const momentOf = ({ course, counter }: Scope): Pick<Cursor, 'course' | 'counter'> => ({ course, counter });

async function readFeed(tx: Tx, scope: Scope, cursor: Cursor, limit: number): Promise<Page> {
  const { since, ...before } = cursor;
  const place = { ...before, ...momentOf(scope) };
  const entries = await rows<Entry>(tx, FEED_ROWS, [
    tx.company_id,
    cursor.feed_seq,
    limit,
    scope.location_id,
  ]);
  const last = entries.at(-1);
  if (entries.length < limit || !last)
    return { entries, more: false, next: { ...place, feed_seq: scope.counter } };
  const { feed_seq } = last;
  const refilling = since !== undefined && feed_seq < since;
  return { entries, more: true, next: { ...place, feed_seq, ...(refilling ? { since } : {}) } };
}

/** What a snapshot leaves out: the rows that differ by location, as many as it is old. The feed goes on behind them. */
async function readOwn(
  tx: Tx,
  scope: Scope,
  cursor: Cursor & { own_after: number },
  limit: number,
): Promise<Page> {
  const { own_after, ...before } = cursor;
  const place = { ...before, ...momentOf(scope) };
  const entries = await rows<Entry>(tx, EARLIER_ROWS, [
    tx.company_id,
    own_after,
    limit,
    scope.location_id,
    LOCATION_ENTITIES,
    cursor.feed_seq,
  ]);
  const last = entries.at(-1);
  const next = entries.length === limit && last ? { ...place, own_after: last.feed_seq } : place;
  return { entries, next, more: true };
}
