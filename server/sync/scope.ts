import { createHash } from 'node:crypto';
import type { LocationId } from '#shared/ids.ts';
import { FEED_SCHEMA } from '#shared/sync/feed.ts';
import { rows, type Tx } from '../db.ts';
import { type TerminalIdentity, terminalRevoked } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import type { Cursor } from './cursor.ts';

/** What a terminal may see, and how far its company's feed goes. */
export type Scope = {
  readonly location_id: LocationId;
  /** Where a first pull begins. */
  readonly start: Cursor;
  /** The last number that the feed's counter gave. */
  readonly counter: number;
  /** Below it the feed has forgotten what went. */
  readonly min_seq: number;
};

/** @throws 401 for a terminal that is not there, 403 `terminal_revoked`, 409 `terminal_forked` */
export async function readScope(tx: Tx, identity: TerminalIdentity): Promise<Scope> {
  const [terminal] = await rows<{
    location_id: LocationId;
    epoch: string;
    revoked: boolean;
    frozen: boolean;
    counter: number;
    min_seq: number;
  }>(
    tx,
    `select t.location_id, t.revoked_at is not null as revoked, t.frozen_at is not null as frozen,
       (select epoch from server_epoch) as epoch, c.last_seq as counter, c.min_seq
     from terminal t join feed_counter c using (company_id)
     where t.company_id = $1 and t.terminal_id = $2`,
    [tx.company_id, identity.terminal_id],
  );
  if (!terminal) throw new Refusal(401, 'unauthorised', 'The terminal could not be recognised.');
  if (terminal.revoked) throw terminalRevoked();
  if (terminal.frozen) {
    throw new Refusal(409, 'terminal_forked', 'This terminal told two histories. It must be enrolled anew.');
  }
  const scope = createHash('sha256').update(`${tx.company_id} ${terminal.location_id}`).digest('base64url');
  return {
    location_id: terminal.location_id,
    counter: terminal.counter,
    min_seq: terminal.min_seq,
    start: {
      server_epoch: terminal.epoch,
      feed_seq: 0,
      scope_hash: scope.slice(0, 16),
      schema_version: FEED_SCHEMA,
    },
  };
}

/** Whether what the terminal pulled up to a cursor still holds, so that it may go on from there. */
export const isCurrent = (cursor: Cursor, { start, min_seq }: Scope): boolean =>
  cursor.server_epoch === start.server_epoch &&
  cursor.scope_hash === start.scope_hash &&
  cursor.schema_version === start.schema_version &&
  Math.max(cursor.feed_seq, cursor.since ?? 0) >= min_seq;
