import { locationIdSchema } from '#shared/ids.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { type Push, type PushReply, type Verdict, verdictSchema } from '#shared/sync/push.ts';
import { type Column, unnest } from '../columns.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import { applyOperations } from './apply.ts';
import type { ApplyingTerminal } from './applying.ts';
import { dayIn, type Quarantined, type Received, readOperations } from './received.ts';

/** How a terminal's clock may differ from ours before it is flagged: two minutes. Nothing depends on it. */
const CLOCK_TOLERANCE_MS = 2 * 60_000;

type TerminalRow = {
  location_id: string;
  epoch: number;
  last_seq: number;
  last_hash: string;
  frozen: boolean;
};

/** An operation with its verdict, as the journal keeps it. */
type Judged = Received & { readonly verdict: Verdict };

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
  const received = readOperations(batch, identity.terminal_id);
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
    `select location_id, epoch, last_seq, last_hash, frozen_at is not null as frozen
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
  const repeated = await findRepeated(tx, fresh);
  const quarantined = new Map<number, Quarantined>();
  const operations: Operation[] = [];
  for (const received of fresh) {
    if ('quarantined' in received.read) quarantined.set(received.seq, received.read.quarantined);
    else if (repeated.has(received.seq)) {
      quarantined.set(received.seq, {
        code: 'duplicate_op_id',
        detail: `${received.op_id} was reported before`,
      });
    } else operations.push(received.read.operation);
  }
  const applying: ApplyingTerminal = {
    terminal_id: identity.terminal_id,
    location_id: locationIdSchema.parse(terminal.location_id),
    epoch,
  };
  const daysSetAside = await readDaysSetAside(tx, identity, epoch, fresh);
  const applied = await applyOperations(tx, applying, operations, daysSetAside);
  for (const [seq, reason] of applied.quarantined) quarantined.set(seq, reason);
  const flagged = Map.groupBy(applied.flags, (flag) => flag.seq);
  const judged: Judged[] = fresh.map((received) => {
    const reason = quarantined.get(received.seq);
    const flags = flagged.get(received.seq);
    if (reason) return { ...received, verdict: { seq: received.seq, verdict: 'quarantined', ...reason } };
    if (!flags) return { ...received, verdict: { seq: received.seq, verdict: 'applied' } };
    const exceptions = [...new Set(flags.map((flag) => flag.code))];
    return { ...received, verdict: { seq: received.seq, verdict: 'applied_flagged', exceptions } };
  });
  await writeJournal(tx, identity, epoch, judged);
  await raiseExceptions(tx, identity, epoch, applied.flags);
  await moveOn(tx, identity, fresh, operations, now);
  return judged.map((entry) => entry.verdict);
}

/** The days whose openings are in quarantine: from earlier pushes and from this one. */
async function readDaysSetAside(
  tx: Tx,
  identity: TerminalIdentity,
  epoch: number,
  fresh: readonly Received[],
): Promise<Set<string>> {
  const stored = await rows<{ day_id: string }>(
    tx,
    `select day_id from journal
     where company_id = $1 and terminal_id = $2 and epoch = $3 and verdict = 'quarantined' and day_id is not null`,
    [tx.company_id, identity.terminal_id, epoch],
  );
  const days = new Set(stored.map((row) => row.day_id));
  for (const { kind, read, content } of fresh) {
    const day = kind === 'day.opened' && 'quarantined' in read ? dayIn(content) : null;
    if (day !== null) days.add(day);
  }
  return days;
}

/** Claims the operation ids; those that were claimed before took effect already. */
async function findRepeated(tx: Tx, fresh: readonly Received[]): Promise<Set<number>> {
  const readable = fresh.filter((received) => 'operation' in received.read);
  const firsts = new Map<string, number>();
  const repeated = new Set<number>();
  for (const { op_id, seq } of readable) {
    if (op_id === null || firsts.has(op_id)) repeated.add(seq);
    else firsts.set(op_id, seq);
  }
  const given = unnest([...firsts.keys()], { op_id: { type: 'uuid', of: (id) => id } }, 2);
  const claimed = await rows<{ op_id: string }>(
    tx,
    `insert into operation_seen (company_id, op_id) select $1, op_id from ${given.clause}
     on conflict do nothing returning op_id`,
    [tx.company_id, ...given.values],
  );
  if (claimed.length === firsts.size) return repeated;
  for (const { op_id } of claimed) firsts.delete(op_id);
  for (const seq of firsts.values()) repeated.add(seq);
  return repeated;
}

const JOURNAL: Readonly<Record<string, Column<Judged>>> = {
  seq: { type: 'bigint', of: (entry) => entry.seq },
  op_id: {
    type: 'uuid',
    of: (entry) => (entry.op_id !== null && UUID.test(entry.op_id) ? entry.op_id : null),
  },
  kind: { type: 'text', of: (entry) => entry.kind },
  hash: { type: 'text', of: (entry) => entry.hash },
  verdict: { type: 'text', of: (entry) => entry.verdict.verdict },
  code: { type: 'text', of: ({ verdict }) => (verdict.verdict === 'quarantined' ? verdict.code : null) },
  detail: { type: 'text', of: ({ verdict }) => (verdict.verdict === 'quarantined' ? verdict.detail : null) },
  day_id: {
    type: 'uuid',
    of: ({ kind, verdict, content }) =>
      kind === 'day.opened' && verdict.verdict === 'quarantined' ? dayIn(content) : null,
  },
  // Codes are plain words; joined here, split by the statement, since an array of arrays must be rectangular.
  flags: {
    type: 'text',
    of: ({ verdict }) => (verdict.verdict === 'applied_flagged' ? verdict.exceptions.join(' ') : null),
  },
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function writeJournal(
  tx: Tx,
  identity: TerminalIdentity,
  epoch: number,
  judged: readonly Judged[],
): Promise<void> {
  const given = unnest(judged, JOURNAL, 4);
  await rows(
    tx,
    `insert into journal (company_id, terminal_id, epoch, seq, op_id, kind, hash, verdict, code, detail, day_id,
       exceptions)
     select $1, $2, $3, seq, op_id, kind, hash, verdict, code, detail, day_id, string_to_array(flags, ' ')
     from ${given.clause}`,
    [tx.company_id, identity.terminal_id, epoch, ...given.values],
  );
}

async function raiseExceptions(
  tx: Tx,
  identity: TerminalIdentity,
  epoch: number,
  flags: readonly { seq: number; code: string; detail: string }[],
): Promise<void> {
  if (flags.length === 0) return;
  const given = unnest(
    flags,
    {
      seq: { type: 'bigint', of: (flag) => flag.seq },
      code: { type: 'text', of: (flag) => flag.code },
      detail: { type: 'text', of: (flag) => flag.detail },
    },
    4,
  );
  await rows(
    tx,
    `insert into exception (company_id, terminal_id, epoch, ${given.names})
     select $1, $2, $3, ${given.names} from ${given.clause}`,
    [tx.company_id, identity.terminal_id, epoch, ...given.values],
  );
}

async function moveOn(
  tx: Tx,
  identity: TerminalIdentity,
  fresh: readonly Received[],
  operations: readonly Operation[],
  now: Date,
): Promise<void> {
  const last = fresh.at(-1);
  const newest = operations.at(-1);
  // The newest operation was made just now only if the terminal is online; an offset into the past may be a queue.
  const ahead = newest ? Date.parse(newest.occurred_at) - now.getTime() : 0;
  await rows(
    tx,
    `update terminal set last_seq = $3, last_hash = $4, last_seen_at = $5,
       clock_offset_ms = case when $6::bigint > $7 then $6 else clock_offset_ms end
     where company_id = $1 and terminal_id = $2`,
    [tx.company_id, identity.terminal_id, last?.seq, last?.hash, now, ahead, CLOCK_TOLERANCE_MS],
  );
}

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
