import type { Operation } from '#shared/sync/operation.ts';
import type { Push, PushReply, Verdict } from '#shared/sync/push.ts';
import { type Db, inCompany, rows, type Tx, together } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import { applyOperations } from './apply.ts';
import { type ApplyingTerminal, readPeople } from './applying.ts';
import { claimOperations, repeated } from './claims.ts';
import { flagCopies, readTakenBefore } from './copies.ts';
import { readDaysSetAside } from './days-set-aside.ts';
import { tellAgain } from './desk/decisions.ts';
import { freeze } from './freeze.ts';
import { dayOpenedBy, type Judged, verdictOf, writeJournal } from './journal.ts';
import { judgeNonce, type Nonces, nextNonces, writeNonce } from './nonce.ts';
import { raiseAndDecide } from './raise-and-decide.ts';
import { readClock } from './read-clock.ts';
import { type Quarantined, type Received, readOperations } from './received.ts';
import type { Safe } from './safe.ts';
import { differenceFrom, readStored } from './stored.ts';
import { checkAlone, cloned, forked, lockTerminal, replaced, type TerminalRow } from './terminal-row.ts';

/**
 * Takes a batch of operations, in one transaction: stores every one of them, applies what can be applied, and
 * gives each its verdict. What was stored before gets its verdict again. Operations are read and checked
 * before the transaction begins, so the terminal's row is locked for the database's work only.
 *
 * New operations with a nonce that is too old are refused and nothing else: they may be a request of the terminal
 * itself that was held up on its way, of which nobody waits for the answer. A copy that does get it hands in its
 * branch, and that freezes the terminal.
 * @param body the request's body, compressed with zstd, for the journal
 * @param safe says what the last look at the terminal's row found (`lookAtSafe`), where more than a commit is asked for
 */
export async function push(
  db: Db,
  identity: TerminalIdentity,
  batch: Push,
  body: Buffer,
  safe: Safe,
  now = new Date(),
): Promise<PushReply> {
  const received = await readOperations(batch, identity.terminal_id);
  const outcome = await inCompany(db, identity.company_id, async (tx) => {
    const terminal = await lockTerminal(tx, identity);
    checkAlone(identity, terminal);
    if (batch.epoch !== terminal.epoch) throw replaced();
    if (batch.from_seq > terminal.last_seq + 1 || batch.from_seq <= terminal.after_seq) {
      throw gap(terminal.last_seq + 1);
    }
    const known = await readStored(tx, identity.terminal_id, terminal, batch);
    const difference = differenceFrom(known, batch, received);
    if (difference) {
      await freeze(tx, identity, 'forked', difference);
      return null;
    }
    const fresh = received.slice(known.verdicts.length);
    const shown = judgeNonce(batch.nonce, terminal);
    if (fresh.length === 0) {
      const { last_seq, safe_seq } = terminal;
      return { last_seq, safe_seq, verdicts: known.verdicts, nonces: shown === 'stale' ? null : terminal };
    }
    if (shown === 'stale') throw cloned();
    const nonces = nextNonces(batch.nonce, terminal);
    const [verdicts] = await together([
      store(tx, identity, terminal, nonces, fresh, now),
      keepBody(tx, identity, batch, known.verdicts.length, body),
    ]);
    return {
      last_seq: fresh.at(-1)?.seq ?? terminal.last_seq,
      safe_seq: terminal.safe_seq,
      verdicts: [...known.verdicts, ...verdicts],
      nonces,
    };
  });
  if (!outcome) throw forked();
  return {
    acked_seq: outcome.last_seq,
    safe_seq: safe === 'committed' ? outcome.last_seq : outcome.safe_seq,
    server_time: now.toISOString(),
    verdicts: [...outcome.verdicts],
    ...(outcome.nonces ? { nonce: writeNonce(outcome.nonces) } : {}),
  };
}

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
  nonces: Nonces,
  fresh: readonly Received[],
  now: Date,
): Promise<Verdict[]> {
  const { location_id, epoch, revoked_at } = terminal;
  const applying: ApplyingTerminal = { terminal_id: identity.terminal_id, location_id, epoch, revoked_at };
  const openings = fresh.filter((received) => 'quarantined' in received.read).map(dayOpenedBy);
  const readable = fresh.flatMap(({ read }) => ('operation' in read ? [read.operation] : []));
  const [claimed, people, daysSetAside] = await together([
    claimOperations(tx, applying, fresh),
    readPeople(tx, readable),
    readDaysSetAside(
      tx,
      applying,
      openings.filter((day) => day !== null),
    ),
  ]);
  const before = await readTakenBefore(
    tx,
    fresh.filter(({ seq }) => !claimed.has(seq)),
  );
  const quarantined = new Map<number, Quarantined>();
  const operations: Operation[] = [];
  for (const { seq, op_id, read } of fresh) {
    const known = before.get(seq);
    if ('quarantined' in read) quarantined.set(seq, read.quarantined);
    else if (claimed.has(seq)) operations.push(read.operation);
    else if (known !== 'taken') quarantined.set(seq, known ?? repeated(op_id));
  }
  const applied = await applyOperations(tx, { terminal: applying, people, daysSetAside }, operations);
  for (const [seq, reason] of applied.quarantined) quarantined.set(seq, reason);
  const counted = operations.filter(({ seq }) => !quarantined.has(seq));
  const newest = counted.at(-1);
  const clock = newest ? readClock(newest, terminal.clock_offset_ms, now) : undefined;
  const flags = [...applied.flags, ...(await flagCopies(tx, counted)), ...(clock?.flag ? [clock.flag] : [])];
  const raised = await raiseAndDecide(tx, applying, { flags, quarantined }, counted, fresh);
  const flagged = Map.groupBy(raised.flags, (flag) => flag.seq);
  const judged: Judged[] = fresh.map((received) => ({
    ...received,
    verdict:
      before.get(received.seq) === 'taken'
        ? { seq: received.seq, verdict: 'applied_before' }
        : verdictOf(received.seq, quarantined.get(received.seq), flagged.get(received.seq)),
  }));
  await together([
    writeJournal(tx, applying, judged),
    tellAgain(tx, raised.subjects),
    moveOn(tx, identity, fresh, nonces, clock?.offset_ms ?? terminal.clock_offset_ms, now),
  ]);
  return judged.map((entry) => entry.verdict);
}

const moveOn = (
  tx: Tx,
  identity: TerminalIdentity,
  fresh: readonly Received[],
  nonces: Nonces,
  clockOffset: number | null,
  now: Date,
): Promise<unknown> =>
  rows(
    tx,
    `update terminal set last_seq = $3, last_hash = $4, last_seen_at = $5, clock_offset_ms = $6,
       nonce_number = $7, nonce = $8, nonce_before = $9, resumed_with = null
     where company_id = $1 and terminal_id = $2`,
    [
      ...[tx.company_id, identity.terminal_id, fresh.at(-1)?.seq, fresh.at(-1)?.hash, now, clockOffset],
      ...[nonces.nonce_number, nonces.nonce, nonces.nonce_before],
    ],
  );

const gap = (expected: number) =>
  new Refusal(409, 'push_gap', `Operations are missing; the next one must be ${expected}.`, {
    expected_seq: expected,
  });
