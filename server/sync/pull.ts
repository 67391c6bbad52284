import type { CompanyId } from '#shared/ids.ts';
import { LOCATION_ENTITIES } from '#shared/sync/feed.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import { EARLIER_ROWS, FEED_ROWS } from './feed-rows.ts';
import { isCurrent, readScope, readScopes, type Scope } from './scope.ts';

type Entry = { readonly feed_seq: number; readonly change: string };

/** A page of the feed, and the cursor behind it. */
type Page = { readonly entries: readonly Entry[]; readonly next: Cursor; readonly more: boolean };

/** What a terminal asks for. */
export type PullQuery = { readonly cursor?: string | undefined; readonly limit: number };

/** A page as JSON text, in the shape of `feedPageSchema`, and how far the feed was. */
export type PullAnswer = { readonly json: string; readonly empty: boolean; readonly counter: number };

/**
 * A page of the feed as JSON text. The rows come out of PostgreSQL as JSON and go out as they are: the server neither
 * parses nor writes them.
 */
export const pull = (db: Db, identity: TerminalIdentity, query: PullQuery): Promise<PullAnswer> =>
  inCompany(db, identity.company_id, async (tx) => {
    await tx.client.query(`${ONE_MOMENT}; ${IN_INDEX_ORDER}`);
    return answer(tx, await readScope(tx, identity), query, readPage);
  });

/** Characters of answers that are made together at most: they are in memory together until they have gone out. */
const MOST_TOGETHER = 16 * 1024 * 1024;

/**
 * The same for several terminals of a company, in one transaction: what they are told alike is read once.
 * @returns the answers of the first ones, of all where they are not too large together
 */
export const pullTogether = (
  db: Db,
  companyId: CompanyId,
  asked: readonly { readonly identity: TerminalIdentity; readonly query: PullQuery }[],
): Promise<(PullAnswer | Refusal)[]> =>
  inCompany(db, companyId, async (tx) => {
    await tx.client.query(`${ONE_MOMENT}; ${IN_INDEX_ORDER}`);
    const scopeOf = await readScopes(
      tx,
      asked.map(({ identity }) => identity),
    );
    const pages = new Map<string, Promise<Page>>();
    const readOnce: typeof readPage = (_tx, scope, cursor, limit) => {
      const key = `${scope.location_id} ${limit} ${writeCursor(cursor)}`;
      const page = pages.get(key) ?? readPage(tx, scope, cursor, limit);
      pages.set(key, page);
      return page;
    };
    const answers: (PullAnswer | Refusal)[] = [];
    let together = 0;
    for (const { identity, query } of asked) {
      if (together > MOST_TOGETHER) break;
      try {
        const one = await answer(tx, scopeOf(identity), query, readOnce);
        together += one.json.length;
        answers.push(one);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        answers.push(error);
      }
    }
    return answers;
  });

async function answer(tx: Tx, scope: Scope, query: PullQuery, read: typeof readPage): Promise<PullAnswer> {
  const sent = query.cursor === undefined ? undefined : readCursor(query.cursor);
  const reset = sent === undefined || !(await isCurrent(tx, sent, scope));
  const cursor = reset ? { ...scope.start, since: scope.counter } : sent;
  const { entries, next, more } = await read(tx, scope, cursor, query.limit);
  const changes = entries.map((entry) => entry.change).join(',');
  return {
    counter: scope.counter,
    empty: entries.length === 0 && !reset && !more,
    json:
      `{"reset":${reset},"more":${more},"cursor":${JSON.stringify(writeCursor(next))},` +
      `"server_time":${JSON.stringify(new Date().toISOString())},"terminal":${JSON.stringify(scope.terminal)},` +
      `"changes":[${changes}]}`,
  };
}

/** Or the feed may forget, between the look at how far back it goes and the page, what the page ought to tell. */
const ONE_MOMENT = 'set transaction isolation level repeatable read, read only';

/**
 * A page is the next entries of an index, and the items that they name. Where a catalogue was imported a moment ago the
 * planner knows nothing of it, and would read and sort all that is left for every page: 10,000 rows/s at 400,000 items.
 * Nor does it know how many items a list of keys means, and might go through all of them once for each.
 */
export const IN_INDEX_ORDER =
  'set local enable_bitmapscan = off; set local enable_seqscan = off; set local enable_nestloop = off';

/** When a page was read, as its cursor says. */
const momentOf = ({ course, counter }: Scope): Pick<Cursor, 'course' | 'counter'> => ({ course, counter });

const readPage = (tx: Tx, scope: Scope, cursor: Cursor, limit: number): Promise<Page> =>
  cursor.own_after === undefined
    ? readFeed(tx, scope, cursor, limit)
    : readOwn(tx, scope, { ...cursor, own_after: cursor.own_after }, limit);

async function readFeed(tx: Tx, scope: Scope, cursor: Cursor, limit: number): Promise<Page> {
  const { since, ...before } = cursor;
  const place = { ...before, ...momentOf(scope) };
  if (cursor.feed_seq === scope.counter) return { entries: [], more: false, next: place };
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
