import { locationIdSchema } from '#shared/ids.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { type Push, type PushReply, type Verdict, verdictSchema } from '#shared/sync/push.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import { applyOperations } from './apply.ts';
import type { ApplyingTerminal, Flag } from './applying.ts';
import { claimOperations, repeated } from './claims.ts';
import { readDaysSetAside } from './days-set-aside.ts';
import { raiseExceptions } from './exceptions.ts';
import { dayOpenedBy, type Judged, verdictOf, writeJournal } from './journal.ts';
import { type Quarantined, type Received, readOperations } from './received.ts';

/** How a terminal's clock may differ from ours before it is flagged: two minutes. Nothing depends on it. */
const CLOCK_TOLERANCE_MS = 2 * 60_000;

type TerminalRow = {
  location_id: string;
  epoch: number;
  last_seq: number;
  last_hash: string;
  clock_offset_ms: number | null;
  frozen: boolean;
  revoked_at: Date | null;
};

/**
 * Takes a batch of operations, in one transaction: stores every one of them, applies what can be applied, and
 * gives each its verdict. What was stored before gets its verdict again. Operations are read and checked
 * before the transaction begins, so the terminal's row is locked for the database's work only.
 * @param body the request's body, compressed with zstd, for the journal
 */
export async function push(
  db: Db,
  identity: TerminalIdentity,
  batch: Push,
  body: Buffer,
  now = new Date(),
): Promise<PushReply> {
  const received = await readOperations(batch, identity.terminal_id);
  const outcome = await inCompany(db, identity.company_id, async (tx) => {
    const terminal = await lockTerminal(tx, identity);
    if (terminal.frozen || terminal.epoch !== batch.epoch) throw forked(terminal.last_seq);
    if (batch.from_seq > terminal.last_seq + 1) throw gap(terminal.last_seq + 1);
    const known = await readStored(tx, identity, batch, terminal);
    if (!continues(batch, received, known)) {
      await freeze(tx, identity);
      return { forked: true as const, last_seq: terminal.last_seq };
    }
    const fresh = received.slice(known.verdicts.length);
    const verdicts = [...known.verdicts];
    let last = terminal.last_seq;
    if (fresh.length > 0) {
      await keepBody(tx, identity, batch, known.verdicts.length, body);
      verdicts.push(...(await store(tx, identity, terminal, batch.epoch, fresh, now)));
      last = fresh.at(-1)?.seq ?? last;
    }
    return { forked: false as const, last_seq: last, verdicts };
  });
  if (outcome.forked) throw forked(outcome.last_seq);
  return {
    acked_seq: outcome.last_seq,
    safe_seq: outcome.last_seq,
    server_time: now.toISOString(),
    verdicts: outcome.verdicts,
  };
}

async function lockTerminal(tx: Tx, identity: TerminalIdentity): Promise<TerminalRow> {
  const [terminal] = await rows<TerminalRow>(
    tx,
    `select location_id, epoch, last_seq, last_hash, clock_offset_ms, frozen_at is not null as frozen, revoked_at
     from terminal where company_id = $1 and terminal_id = $2 for update`,
    [tx.company_id, identity.terminal_id],
  );
  if (!terminal) throw new Refusal(401, 'unauthorised', 'The terminal could not be recognised.');
  return terminal;
}

/** What the journal has of a batch: verdicts and hashes from its first operation on, and the hash before it. */
type Stored = { readonly verdicts: Verdict[]; readonly hashes: string[]; readonly before: string };

async function readStored(
  tx: Tx,
  identity: TerminalIdentity,
  batch: Push,
  terminal: TerminalRow,
): Promise<Stored> {
  if (batch.from_seq > terminal.last_seq) return { verdicts: [], hashes: [], before: terminal.last_hash };
  const stored = await rows<{
    seq: number;
    hash: string;
    verdict: string;
    code: string | null;
    detail: string | null;
    exceptions: string[] | null;
  }>(
    tx,
    `select seq, hash, verdict, code, detail, exceptions from journal
     where company_id = $1 and terminal_id = $2 and epoch = $3 and seq between $4 and $5 order by seq`,
    [
      tx.company_id,
      identity.terminal_id,
      batch.epoch,
      batch.from_seq - 1,
      batch.from_seq + batch.operations.length - 1,
    ],
  );
  const before = batch.from_seq === 1 ? GENESIS : (stored.shift()?.hash ?? '');
  return { verdicts: stored.map(asVerdict), hashes: stored.map((row) => row.hash), before };
}

/** Whether the batch tells the same history as the journal, and goes on where that ends. */
const continues = (batch: Push, received: readonly Received[], known: Stored): boolean =>
  known.before === batch.prev_hash && known.hashes.every((hash, index) => received[index]?.hash === hash);

const keepBody = (
  tx: Tx,
  identity: TerminalIdentity,
  batch: Push,
  skipped: number,
  body: Buffer,
): Promise<unknown> =>
  rows(
    tx,
    `insert into journal_batch (company_id, terminal_id, epoch, first_seq, skipped, body)
     values ($1, $2, $3, $4, $5, $6)`,
    [tx.company_id, identity.terminal_id, batch.epoch, batch.from_seq + skipped, skipped, body],
  );

async function store(
  tx: Tx,
  identity: TerminalIdentity,
  terminal: TerminalRow,
  epoch: number,
  fresh: readonly Received[],
  now: Date,
): Promise<Verdict[]> {
  const claimed = await claimOperations(tx, fresh);
  const quarantined = new Map<number, Quarantined>();
  const operations: Operation[] = [];
  for (const { seq, op_id, read } of fresh) {
    if ('quarantined' in read) quarantined.set(seq, read.quarantined);
    else if (claimed.has(seq)) operations.push(read.operation);
    else quarantined.set(seq, repeated(op_id));
  }
  const applying: ApplyingTerminal = {
    terminal_id: identity.terminal_id,
    location_id: locationIdSchema.parse(terminal.location_id),
    epoch,
    revoked_at: terminal.revoked_at,
  };
  const openings = fresh.filter((received) => 'quarantined' in received.read).map(dayOpenedBy);
  const daysSetAside = await readDaysSetAside(
    tx,
    applying,
    openings.filter((day) => day !== null),
  );
  const applied = await applyOperations(tx, applying, operations, daysSetAside);
  for (const [seq, reason] of applied.quarantined) quarantined.set(seq, reason);
  const newest = operations.findLast(({ seq }) => !quarantined.has(seq));
  const clock = newest ? readClock(newest, terminal.clock_offset_ms, now) : undefined;
  const flags = clock?.flag ? [...applied.flags, clock.flag] : applied.flags;
  const flagged = Map.groupBy(flags, (flag) => flag.seq);
  const judged: Judged[] = fresh.map((received) => ({
    ...received,
    verdict: verdictOf(received.seq, quarantined.get(received.seq), flagged.get(received.seq)),
  }));
  await writeJournal(tx, applying, judged);
  await raiseExceptions(tx, applying, flags);
  await moveOn(tx, identity, fresh, clock?.offset_ms ?? terminal.clock_offset_ms, now);
  return judged.map((entry) => entry.verdict);
}

/**
 * What the newest operation tells about the terminal's clock. Ahead of ours it is wrong, and flagged where that is
 * news. Behind it says nothing: the operation may have waited offline for days; then the offset stays unknown.
 */
function readClock(
  newest: Operation,
  known: number | null,
  now: Date,
): { offset_ms: number | null; flag?: Flag } {
  const offset = Date.parse(newest.occurred_at) - now.getTime();
  if (offset < -CLOCK_TOLERANCE_MS) return { offset_ms: known };
  if (offset <= CLOCK_TOLERANCE_MS || Math.abs(offset - (known ?? 0)) <= CLOCK_TOLERANCE_MS) {
    return { offset_ms: offset };
  }
  const detail = `the terminal's clock is ahead by ${offset} ms`;
  return { offset_ms: offset, flag: { seq: newest.seq, code: 'clock_offset', detail } };
}

const moveOn = (
  tx: Tx,
  identity: TerminalIdentity,
  fresh: readonly Received[],
  clockOffset: number | null,
  now: Date,
): Promise<unknown> =>
  rows(
    tx,
    `update terminal set last_seq = $3, last_hash = $4, last_seen_at = $5, clock_offset_ms = $6
     where company_id = $1 and terminal_id = $2`,
    [tx.company_id, identity.terminal_id, fresh.at(-1)?.seq, fresh.at(-1)?.hash, now, clockOffset],
  );

/** A different history was shown: nothing more is taken under this epoch, nothing is merged. */
const freeze = (tx: Tx, identity: TerminalIdentity): Promise<unknown> =>
  rows(
    tx,
    'update terminal set frozen_at = coalesce(frozen_at, now()) where company_id = $1 and terminal_id = $2',
    [tx.company_id, identity.terminal_id],
  );

const gap = (expected: number) =>
  new Refusal(409, 'push_gap', `Operations are missing; the next one must be ${expected}.`, {
    expected_seq: expected,
  });

const forked = (lastSeq: number) =>
  new Refusal(
    409,
    'terminal_forked',
    `This terminal's history differs from the one the server has up to ${lastSeq}. It must be enrolled anew.`,
  );

/** A verdict as the journal has it. */
const asVerdict = (row: {
  seq: number;
  verdict: string;
  code: string | null;
  detail: string | null;
  exceptions: string[] | null;
}): Verdict =>
  verdictSchema.parse({
    seq: row.seq,
    verdict: row.verdict,
    ...(row.verdict === 'quarantined' ? { code: row.code, detail: row.detail } : {}),
    ...(row.verdict === 'applied_flagged' ? { exceptions: row.exceptions } : {}),
  });
