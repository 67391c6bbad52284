import type { UserId } from '#shared/ids.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { GENESIS, linkHash } from '#shared/sync/chain.ts';
import { type BodyOf, OPERATION_KINDS, type OperationKind } from '#shared/sync/operation.ts';
import type { Clock } from '../clock.ts';
import { mintId } from '../mint-id.ts';
import type { Ledger } from '../open.ts';
import type { Terminal } from '../people/terminal.ts';
import { sql } from '../statement.ts';
import { insertOperation } from './operation-store.ts';
import { sha256 } from './sha256.ts';
import { requireGoing } from './standstill.ts';

/** What happened, by whom, and who allowed it. `occurred_at` is an instant in UTC. */
export type Fact<Kind extends OperationKind> = {
  kind: Kind;
  body: BodyOf<Kind>;
  user_id: UserId;
  approver_id?: UserId | undefined;
  occurred_at: string;
};

/** The last operation, where the chain goes on; behind the last one of an epoch the next one's begins. */
type Head = {
  seq: number;
  hash: string;
  occurred_at: string;
  boot_id: string;
  monotonic_ms: number;
  ends_epoch: 0 | 1;
};

const HEAD = sql<Head>(
  `SELECT seq, hash, occurred_at, boot_id, monotonic_ms, seq = (SELECT after_seq FROM sync_state) AS ends_epoch
   FROM operation ORDER BY seq DESC LIMIT 1`,
);
/** A difference between the wall clock and the monotonic one that is worth recording, in milliseconds. */
const JUMP_MS = 120_000;

/**
 * Appends an operation to the outbox, inside the caller's transaction, and returns its sequence number. When the
 * clock has jumped since the last one, that is recorded first.
 *
 * A body whose keys are in order already is hashed and stored twice as quickly.
 * @throws REFUSED `standstill`
 */
export function record<Kind extends OperationKind>(
  ledger: Ledger,
  clock: Clock,
  terminal: Terminal,
  fact: Fact<Kind>,
): number {
  requireGoing(ledger);
  const head = HEAD(ledger).get();
  const jump = head && jumpSince(head, clock, fact.occurred_at);
  if (!jump) return append(ledger, clock, terminal, head, fact);
  append(ledger, clock, terminal, head, {
    kind: 'clock.jumped',
    body: jump,
    user_id: fact.user_id,
    occurred_at: fact.occurred_at,
  });
  return append(ledger, clock, terminal, HEAD(ledger).get(), fact);
}

/**
 * What the server would have to set aside as malformed is a bug that must not reach the ledger, so a body is checked by
 * its own schema before it is recorded. A ticket is not: every part of it was checked when it came in, with a call or
 * with the catalogue, or was computed from such. Checking it once more took 55 µs of a payment at best, 110 where the
 * machine had other things to do; the tests read every ticket that they make by its schema, and the server does.
 */
const MADE_OF_CHECKED: ReadonlySet<OperationKind> = new Set<OperationKind>(['ticket.completed']);

function append<Kind extends OperationKind>(
  ledger: Ledger,
  clock: Clock,
  terminal: Terminal,
  head: Head | undefined,
  fact: Fact<Kind>,
): number {
  const { version, body } = OPERATION_KINDS[fact.kind];
  if (!MADE_OF_CHECKED.has(fact.kind)) body.parse(fact.body);
  const seq = (head?.seq ?? 0) + 1;
  // In the order of canonical JSON, which is then written without sorting.
  const content = {
    ...(fact.approver_id === undefined ? {} : { approver_id: fact.approver_id }),
    body: fact.body,
    boot_id: clock.boot_id,
    epoch: terminal.epoch,
    kind: fact.kind,
    kind_version: version,
    location_id: terminal.location.location_id,
    monotonic_ms: clock.monotonicMs(),
    occurred_at: fact.occurred_at,
    op_id: mintId(),
    seq,
    terminal_id: terminal.terminal_id,
    tz: terminal.location.zone,
    user_id: fact.user_id,
  };
  const canonical = canonicalJson(content);
  // The first one of an epoch begins its chain.
  const prevHash = !head || head.ends_epoch ? GENESIS : head.hash;
  insertOperation(ledger, {
    seq,
    epoch: content.epoch,
    op_id: content.op_id,
    again_of: null,
    kind: content.kind,
    occurred_at: content.occurred_at,
    boot_id: content.boot_id,
    monotonic_ms: content.monotonic_ms,
    content: canonical,
    prev_hash: prevHash,
    hash: linkHash(prevHash, canonical, sha256),
  });
  return seq;
}

/**
 * How far the wall clock is from where the last operation says it should be, if that is far. Between two runs of
 * the process only a clock that went back can be told.
 */
function jumpSince(head: Head, clock: Clock, now: string): BodyOf<'clock.jumped'> | null {
  const last = Date.parse(head.occurred_at);
  const sameBoot = head.boot_id === clock.boot_id;
  const expected = sameBoot ? last + clock.monotonicMs() - head.monotonic_ms : last;
  const jump = Date.parse(now) - expected;
  if (jump >= -JUMP_MS && (!sameBoot || jump <= JUMP_MS)) return null;
  return { before: new Date(expected).toISOString(), after: now, jump_ms: jump };
}
