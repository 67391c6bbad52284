import { createHash } from 'node:crypto';
import type { LocationId, TerminalId } from '#shared/ids.ts';
import { FEED_SCHEMA, type FeedPage } from '#shared/sync/feed.ts';
import { rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import type { Cursor } from './cursor.ts';
import { checkAlone, checkInService, type Frozen } from './terminal-row.ts';

/** What a terminal may see, and how far its company's feed goes. */
export type Scope = {
  readonly location_id: LocationId;
  /** Where a first pull begins. */
  readonly start: Cursor;
  /** The last number that the feed's counter gave, and the course that its numbers follow. */
  readonly counter: number;
  readonly course: string;
  /** Below it the feed has forgotten what went. */
  readonly min_seq: number;
  /** Where the server stands with the terminal itself. */
  readonly terminal: NonNullable<FeedPage['terminal']>;
};

/** @throws 401 for a terminal that is not there, 403 `terminal_revoked`, 409 where it is not alone */
export const readScope = async (tx: Tx, identity: TerminalIdentity): Promise<Scope> =>
  (await readScopes(tx, [identity]))(identity);

/** Of several terminals in one statement: a look-up, which throws for each what `readScope` would. */
export async function readScopes(
  tx: Tx,
  identities: readonly TerminalIdentity[],
): Promise<(identity: TerminalIdentity) => Scope> {
  const found = await rows<ScopeRow>(
    tx,
    `select t.terminal_id, t.location_id, t.epoch as terminal_epoch, t.frozen_because, t.revoked_at,
       t.last_seq, t.last_hash, t.verdict_changes, (select epoch from server_epoch) as epoch, c.last_seq as counter, c.course,
       c.min_seq
     from terminal t join feed_counter c using (company_id)
     where t.company_id = $1 and t.terminal_id = any($2::uuid[])`,
    [tx.company_id, identities.map(({ terminal_id }) => terminal_id)],
  );
  const known = new Map(found.map((row) => [row.terminal_id, row]));
  return (identity) => scopeOf(tx, identity, known.get(identity.terminal_id));
}

type ScopeRow = {
  terminal_id: TerminalId;
  location_id: LocationId;
  epoch: string;
  terminal_epoch: number;
  frozen_because: Frozen | null;
  revoked_at: Date | null;
  last_seq: number;
  last_hash: string;
  verdict_changes: number;
  counter: number;
  course: string;
  min_seq: number;
};

function scopeOf(tx: Tx, identity: TerminalIdentity, terminal: ScopeRow | undefined): Scope {
  if (!terminal) throw new Refusal(401, 'unauthorised', 'The terminal could not be recognised.');
  checkAlone(identity, { epoch: terminal.terminal_epoch, frozen_because: terminal.frozen_because });
  checkInService(terminal);
  const scope = createHash('sha256').update(`${tx.company_id} ${terminal.location_id}`).digest('base64url');
  return {
    location_id: terminal.location_id,
    terminal: {
      acked_seq: terminal.last_seq,
      last_hash: terminal.last_hash,
      verdict_changes: terminal.verdict_changes,
    },
    counter: terminal.counter,
    course: terminal.course,
    min_seq: terminal.min_seq,
    start: {
      server_epoch: terminal.epoch,
      feed_seq: 0,
      scope_hash: scope.slice(0, 16),
      schema_version: FEED_SCHEMA,
      course: terminal.course,
      counter: 0,
    },
  };
}

/** Whether what the terminal pulled up to a cursor still holds, so that it may go on from there. */
export const isCurrent = async (tx: Tx, cursor: Cursor, scope: Scope): Promise<boolean> =>
  cursor.server_epoch === scope.start.server_epoch &&
  cursor.scope_hash === scope.start.scope_hash &&
  cursor.schema_version === scope.start.schema_version &&
  Math.max(cursor.feed_seq, cursor.since ?? 0) >= scope.min_seq &&
  cursor.counter <= (await endOf(tx, cursor.course, scope));

/** Up to where this database knows what a course of the feed told: nowhere, if it never heard of that course. */
async function endOf(tx: Tx, course: string, scope: Scope): Promise<number> {
  if (course === scope.course) return scope.counter;
  const [past] = await rows<{ last_seq: number }>(
    tx,
    'select last_seq from feed_past where company_id = $1 and course::text = $2',
    [tx.company_id, course],
  );
  return past?.last_seq ?? -1;
}

/** What a ready catalogue belongs to: it serves in this life of the server, on this course of the feed. */
export const lifeOf = ({ start, course }: Scope): string => `${start.server_epoch}.${course}`;
