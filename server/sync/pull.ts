import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FEED_SCHEMA } from '#shared/sync/feed.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import { FEED_ROWS } from './feed-rows.ts';

/** What a cursor says, to us alone: terminals keep it as an opaque text. */
const cursorSchema = z.strictObject({
  server_epoch: z.string(),
  feed_seq: z.int().min(0),
  scope_hash: z.string(),
  schema_version: z.int(),
});
type Cursor = z.infer<typeof cursorSchema>;

/** What a terminal may see, where a first pull begins, and how far the feed's counter was before the page. */
type Scope = { readonly location_id: string; readonly start: Cursor; readonly counter: number };

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
    const scope = await readScope(tx, identity);
    const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor);
    const reset = cursor === undefined || !isCurrent(cursor, scope.start);
    const after = reset ? 0 : cursor.feed_seq;
    await tx.client.query(IN_INDEX_ORDER);
    const page = await rows<{ feed_seq: number; change: string }>(tx, FEED_ROWS, [
      tx.company_id,
      after,
      query.limit,
      scope.location_id,
    ]);
    const next: Cursor = { ...scope.start, feed_seq: page.at(-1)?.feed_seq ?? after };
    const changes = page.map((row) => row.change).join(',');
    return {
      counter: scope.counter,
      empty: page.length === 0 && !reset,
      json:
        `{"reset":${reset},"more":${page.length === query.limit},"cursor":${JSON.stringify(writeCursor(next))},` +
        `"server_time":${JSON.stringify(new Date().toISOString())},"changes":[${changes}]}`,
    };
  });
}

/**
 * A page is the next entries of an index. Where a catalogue was imported a moment ago the planner knows nothing of
 * it, and would read and sort all that is left for every page: 10,000 rows/s at 400,000 items.
 */
export const IN_INDEX_ORDER = 'set local enable_bitmapscan = off; set local enable_seqscan = off';

async function readScope(tx: Tx, identity: TerminalIdentity): Promise<Scope> {
  const [terminal] = await rows<{
    location_id: string;
    epoch: string;
    revoked: boolean;
    frozen: boolean;
    counter: number;
  }>(
    tx,
    `select location_id, revoked_at is not null as revoked, frozen_at is not null as frozen,
       (select epoch from server_epoch) as epoch,
       (select last_seq from feed_counter where company_id = $1) as counter
     from terminal where company_id = $1 and terminal_id = $2`,
    [tx.company_id, identity.terminal_id],
  );
  if (!terminal) throw new Refusal(401, 'unauthorised', 'The terminal could not be recognised.');
  if (terminal.revoked) throw new Refusal(403, 'terminal_revoked', 'This terminal gets nothing new.');
  if (terminal.frozen) {
    throw new Refusal(409, 'terminal_forked', 'This terminal told two histories. It must be enrolled anew.');
  }
  const scope = createHash('sha256').update(`${tx.company_id} ${terminal.location_id}`).digest('base64url');
  return {
    location_id: terminal.location_id,
    counter: terminal.counter,
    start: {
      server_epoch: terminal.epoch,
      feed_seq: 0,
      scope_hash: scope.slice(0, 16),
      schema_version: FEED_SCHEMA,
    },
  };
}

const isCurrent = (cursor: Cursor, start: Cursor): boolean =>
  cursor.server_epoch === start.server_epoch &&
  cursor.scope_hash === start.scope_hash &&
  cursor.schema_version === start.schema_version;

const writeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

function readCursor(text: string): Cursor {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const read = cursorSchema.safeParse(value);
  if (read.success) return read.data;
  throw new Refusal(422, 'invalid_input', 'The request has fields that cannot be accepted.', {
    errors: [{ path: 'cursor', message: 'was not given out by this server' }],
  });
}
