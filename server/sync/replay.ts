import { locationIdSchema, terminalIdSchema } from '#shared/ids.ts';
import { rows, type Tx } from '../db.ts';
import { applyOperations } from './apply.ts';
import { readJournal } from './journal.ts';
import { readAgain } from './received.ts';

type Stored = {
  terminal_id: string;
  location_id: string;
  epoch: number;
  seq: number;
  code: string;
};

/**
 * Applies again what is in quarantine, in the order of each terminal. Run after a repair: a newer program that
 * understands more, or a lookup that was missing. What was set aside because it told a second history (a
 * repeated id, a broken chain, another terminal's) stays: no repair makes it true.
 */
export async function replayQuarantine(tx: Tx): Promise<{ applied: number; left: number }> {
  const stored = await rows<Stored>(
    tx,
    `select j.terminal_id, t.location_id, j.epoch, j.seq, j.code
     from journal j join terminal t using (company_id, terminal_id)
     where j.company_id = $1 and j.verdict = 'quarantined'
     order by j.terminal_id, j.epoch, j.seq`,
    [tx.company_id],
  );
  let applied = 0;
  for (const row of stored) {
    if (await replayOne(tx, row)) applied += 1;
  }
  return { applied, left: stored.length - applied };
}

const REPAIRABLE = new Set(['malformed', 'unknown_kind', 'not_applicable', 'depends_on_quarantined']);
/** Set aside before their ids were claimed. */
const UNCLAIMED = new Set(['malformed', 'unknown_kind']);

async function replayOne(tx: Tx, row: Stored): Promise<boolean> {
  if (!REPAIRABLE.has(row.code)) return false;
  const terminalId = terminalIdSchema.parse(row.terminal_id);
  const read = readAgain(
    await readJournal(tx, terminalId, row.epoch, row.seq),
    terminalId,
    row.epoch,
    row.seq,
  );
  if ('quarantined' in read) return false;
  if (UNCLAIMED.has(row.code) && !(await claim(tx, read.operation.op_id))) return false;
  const terminal = {
    terminal_id: terminalId,
    location_id: locationIdSchema.parse(row.location_id),
    epoch: row.epoch,
  };
  const outcome = await applyOperations(tx, terminal, [read.operation], new Set());
  if (outcome.quarantined.size > 0) return false;
  await rows(
    tx,
    `update journal set verdict = $5, code = null, detail = null, exceptions = $6
     where company_id = $1 and terminal_id = $2 and epoch = $3 and seq = $4`,
    [
      tx.company_id,
      row.terminal_id,
      row.epoch,
      row.seq,
      outcome.flags.length > 0 ? 'applied_flagged' : 'applied',
      outcome.flags.length > 0 ? outcome.flags.map((flag) => flag.code) : null,
    ],
  );
  return true;
}

async function claim(tx: Tx, opId: string): Promise<boolean> {
  const claimed = await rows(
    tx,
    'insert into operation_seen (company_id, op_id) values ($1, $2) on conflict do nothing returning op_id',
    [tx.company_id, opId],
  );
  return claimed.length === 1;
}
