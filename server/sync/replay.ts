import { v7 as uuid } from 'uuid';
import {
  type DecisionId,
  decisionIdSchema,
  locationIdSchema,
  terminalIdSchema,
  type UserId,
} from '#shared/ids.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import { isRepairable, type TroubleCode } from '#shared/sync/exception.ts';
import type { Verdict } from '#shared/sync/push.ts';
import { rows, type Tx, together } from '../db.ts';
import { type Condition, is, where } from '../page.ts';
import { applyOperations } from './apply.ts';
import { type ApplyingTerminal, readPeople } from './applying.ts';
import { claimOperation, repeated } from './claims.ts';
import { readDaysSetAside } from './days-set-aside.ts';
import { tellAgain, writeDecision } from './desk/decisions.ts';
import { SETTLED } from './desk/settled.ts';
import { raiseExceptions } from './exceptions.ts';
import { type JournalReader, journalReader, verdictOf } from './journal.ts';
import { raiseAndDecide } from './raise-and-decide.ts';
import { dayIn, type Quarantined, type Received, readOperation } from './received.ts';

/** Who has something applied again, and why. `user_id` is null for a command on the server. */
export type Replaying = {
  readonly decision_id: DecisionId;
  readonly user_id: UserId | null;
  readonly note: string;
};

/** A command's own: it says what it did, and asks nobody. */
const byCommand = (): Replaying => ({
  decision_id: decisionIdSchema.parse(uuid()),
  user_id: null,
  note: 'npm run admin -- replay',
});

type Waiting = {
  exception_id: number;
  terminal_id: string;
  location_id: string;
  epoch: number;
  revoked_at: Date | null;
  seq: number;
  code: TroubleCode;
  prev_hash: string | null;
};

/**
 * Applies again what is in quarantine and nobody has settled, in the order of each terminal. Run after a repair: a newer
 * program that understands more, or a lookup that was missing. What was set aside because it told a second history (a
 * repeated id, a broken chain, another terminal's) stays: no repair makes it true. Terminals that push meanwhile
 * wait until it is done.
 * @param places the locations that whoever asks sees, in the column `e.location_id`; null for all
 */
export async function replayQuarantine(
  tx: Tx,
  by: Replaying = byCommand(),
  places: Condition | null = null,
): Promise<{ applied: number; left: number }> {
  await rows(tx, 'select from terminal where company_id = $1 order by terminal_id for update', [
    tx.company_id,
  ]);
  const waiting = await readWaiting(tx, places ? [places] : []);
  const fromJournal = journalReader(tx);
  let applied = 0;
  for (const row of waiting) {
    if (isRepairable(row.code) && (await replayOne(tx, row, fromJournal, by)) === 'applied') applied += 1;
  }
  return { applied, left: waiting.length - applied };
}

/**
 * Applies one exception's operation again, and in order behind it what waits because of it. The terminal's row is
 * locked. That nothing came of it is written down, too.
 */
export async function replayException(tx: Tx, exceptionId: number, by: Replaying): Promise<void> {
  const [row] = await readWaiting(tx, [is('e.exception_id', exceptionId)]);
  if (!row) throw new Error(`exception ${exceptionId} is open, and nothing of it is in quarantine`);
  const fromJournal = journalReader(tx);
  const outcome = await replayOne(tx, row, fromJournal, by);
  if (outcome === 'left') await writeDecision(tx, exceptionId, { ...by, action: 'replayed', settles: false });
  if (outcome !== 'applied') return;
  const day = dayIn((await readAgain(row, fromJournal)).content);
  const behind = await readWaiting(tx, [
    is('e.code', 'depends_on_quarantined'),
    is('e.terminal_id', row.terminal_id),
    is('e.epoch', row.epoch),
  ]);
  for (const dependent of behind) {
    const received = await readAgain(dependent, fromJournal);
    if (dayIn(received.content) === day) await replayOne(tx, dependent, fromJournal, by);
  }
}

/** Uses the index `journal_quarantine`. */
const readWaiting = (tx: Tx, conditions: readonly Condition[]): Promise<Waiting[]> => {
  const { clause, values } = where([is('e.company_id', tx.company_id), ...conditions]);
  return rows<Waiting>(
    tx,
    `select e.exception_id, j.terminal_id, t.location_id, t.revoked_at, j.epoch, j.seq, j.code,
       (select p.hash from journal p where p.company_id = j.company_id and p.terminal_id = j.terminal_id
          and p.epoch = j.epoch and p.seq = j.seq - 1) as prev_hash
     from journal j
     join exception e using (company_id, terminal_id, epoch, seq, code)
     join terminal t on t.company_id = j.company_id and t.terminal_id = j.terminal_id
     ${clause} and j.verdict = 'quarantined' and not ${SETTLED}
     order by j.terminal_id, j.epoch, j.seq`,
    values,
  );
};

/** Set aside before their ids were claimed. */
const UNCLAIMED: ReadonlySet<TroubleCode> = new Set<TroubleCode>(['malformed', 'unknown_kind']);

const terminalOf = (row: Waiting): ApplyingTerminal => ({
  terminal_id: terminalIdSchema.parse(row.terminal_id),
  location_id: locationIdSchema.parse(row.location_id),
  epoch: row.epoch,
  revoked_at: row.revoked_at,
});

async function readAgain(row: Waiting, fromJournal: JournalReader): Promise<Received> {
  const terminal = terminalOf(row);
  return readOperation(await fromJournal(terminal, row.seq), {
    seq: row.seq,
    prevHash: row.prev_hash ?? GENESIS,
    terminalId: terminal.terminal_id,
    epoch: row.epoch,
  });
}

/** `left`: for the reason for which it was set aside before. `moved`: for another one, of which somebody is told anew. */
type Outcome = 'applied' | 'left' | 'moved';

async function replayOne(tx: Tx, row: Waiting, fromJournal: JournalReader, by: Replaying): Promise<Outcome> {
  const received = await readAgain(row, fromJournal);
  const terminal = terminalOf(row);
  const { read } = received;
  if ('quarantined' in read) return setAsideAgain(tx, row, received, read.quarantined, by);
  if (UNCLAIMED.has(row.code) && !(await claimOperation(tx, terminal, read.operation))) {
    return setAsideAgain(tx, row, received, repeated(read.operation.op_id), by);
  }
  const [people, daysSetAside] = await together([
    readPeople(tx, [read.operation]),
    readDaysSetAside(tx, terminal),
  ]);
  const outcome = await applyOperations(tx, { terminal, people, daysSetAside }, [read.operation]);
  const reason = outcome.quarantined.get(row.seq);
  if (reason) return setAsideAgain(tx, row, received, reason, by);
  const found = { flags: outcome.flags, quarantined: outcome.quarantined };
  const raised = await raiseAndDecide(tx, terminal, found, [read.operation], [received]);
  await writeDecision(tx, row.exception_id, { ...by, action: 'replayed', settles: true });
  await rewriteVerdict(tx, terminal, verdictOf(row.seq, undefined, raised.flags));
  await tellAgain(tx, raised.subjects);
  return 'applied';
}

async function setAsideAgain(
  tx: Tx,
  row: Waiting,
  received: Received,
  reason: Quarantined,
  by: Replaying,
): Promise<Outcome> {
  if (reason.code === row.code) return 'left';
  const terminal = terminalOf(row);
  await writeDecision(tx, row.exception_id, { ...by, action: 'replayed', settles: true });
  await raiseExceptions(tx, terminal, [{ seq: row.seq, ...reason }], [received]);
  await rewriteVerdict(tx, terminal, verdictOf(row.seq, reason, undefined));
  return 'moved';
}

/** The verdict as it is now, of which the terminal will hear. */
async function rewriteVerdict(tx: Tx, terminal: ApplyingTerminal, verdict: Verdict): Promise<void> {
  await rows(
    tx,
    `update journal set verdict = $5, code = $6, detail = $7, exceptions = $8
     where company_id = $1 and terminal_id = $2 and epoch = $3 and seq = $4`,
    [
      tx.company_id,
      terminal.terminal_id,
      terminal.epoch,
      verdict.seq,
      verdict.verdict,
      verdict.verdict === 'quarantined' ? verdict.code : null,
      verdict.verdict === 'quarantined' ? verdict.detail : null,
      verdict.verdict === 'applied_flagged' ? verdict.exceptions : null,
    ],
  );
  await tellAgain(tx, [{ ...terminal, seq: verdict.seq }]);
}
