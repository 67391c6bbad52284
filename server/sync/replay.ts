import { locationIdSchema, terminalIdSchema } from '#shared/ids.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import type { Verdict } from '#shared/sync/push.ts';
import { rows, type Tx } from '../db.ts';
import { applyOperations } from './apply.ts';
import type { ApplyingTerminal } from './applying.ts';
import { claimOperation, repeated } from './claims.ts';
import { readDaysSetAside } from './days-set-aside.ts';
import { raiseExceptions } from './exceptions.ts';
import { type JournalReader, journalReader, verdictOf } from './journal.ts';
import { readOperation } from './received.ts';

type Stored = {
  terminal_id: string;
  location_id: string;
  epoch: number;
  revoked_at: Date | null;
  seq: number;
  code: string;
  prev_hash: string | null;
};

/**
 * Applies again what is in quarantine, in the order of each terminal. Run after a repair: a newer program that
 * understands more, or a lookup that was missing. What was set aside because it told a second history (a
 * repeated id, a broken chain, another terminal's) stays: no repair makes it true. Terminals that push meanwhile
 * wait until it is done.
 */
export async function replayQuarantine(tx: Tx): Promise<{ applied: number; left: number }> {
  await rows(tx, 'select from terminal where company_id = $1 order by terminal_id for update', [
    tx.company_id,
  ]);
  const stored = await rows<Stored>(
    tx,
    `select j.terminal_id, t.location_id, t.revoked_at, j.epoch, j.seq, j.code,
       (select p.hash from journal p where p.company_id = $1 and p.terminal_id = j.terminal_id
          and p.epoch = j.epoch and p.seq = j.seq - 1) as prev_hash
     from journal j join terminal t using (company_id, terminal_id)
     where j.company_id = $1 and j.verdict = 'quarantined'
     order by j.terminal_id, j.epoch, j.seq`,
    [tx.company_id],
  );
  const fromJournal = journalReader(tx);
  let applied = 0;
  for (const row of stored) {
    if (REPAIRABLE.has(row.code) && (await replayOne(tx, row, fromJournal))) applied += 1;
  }
  return { applied, left: stored.length - applied };
}

const REPAIRABLE = new Set(['malformed', 'unknown_kind', 'not_applicable', 'depends_on_quarantined']);
/** Set aside before their ids were claimed. */
const UNCLAIMED = new Set(['malformed', 'unknown_kind']);

async function replayOne(tx: Tx, row: Stored, fromJournal: JournalReader): Promise<boolean> {
  const terminal: ApplyingTerminal = {
    terminal_id: terminalIdSchema.parse(row.terminal_id),
    location_id: locationIdSchema.parse(row.location_id),
    epoch: row.epoch,
    revoked_at: row.revoked_at,
  };
  const { read } = readOperation(await fromJournal(terminal, row.seq), {
    seq: row.seq,
    prevHash: row.prev_hash ?? GENESIS,
    terminalId: terminal.terminal_id,
    epoch: row.epoch,
  });
  if ('quarantined' in read) return false;
  if (UNCLAIMED.has(row.code) && !(await claimOperation(tx, terminal, read.operation))) {
    await rewriteVerdict(tx, terminal, verdictOf(row.seq, repeated(read.operation.op_id), []));
    return false;
  }
  const daysSetAside = await readDaysSetAside(tx, terminal);
  const outcome = await applyOperations(tx, terminal, [read.operation], daysSetAside);
  const reason = outcome.quarantined.get(row.seq);
  await rewriteVerdict(tx, terminal, verdictOf(row.seq, reason, outcome.flags));
  await raiseExceptions(tx, terminal, outcome.flags);
  return reason === undefined;
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
  await rows(tx, 'select tell_verdict_again($1, $2, $3)', [
    terminal.terminal_id,
    terminal.epoch,
    verdict.seq,
  ]);
}
