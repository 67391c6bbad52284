import type { Resume, ResumeReply } from '#shared/sync/recovery.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import { readSeries } from '../sales/ticket-series.ts';
import { raiseExceptions } from './exceptions.ts';
import { freeze } from './freeze.ts';
import { freshNonces, type Nonces, writeNonce } from './nonce.ts';
import { checkAlone, forked, lockTerminal, replaced } from './terminal-row.ts';

/**
 * Lets a terminal go on that had lost a part of its history and has it again. It gets a nonce, and no earlier one
 * serves any more: if another copy still works, that one is told at its next push. A manager sees that it happened.
 * A repeated request gets the same nonce until it is used.
 * @throws 409 `resume_elsewhere` where the two do not stand at the same operation, or where it is not alone
 */
export async function resume(db: Db, identity: TerminalIdentity, asked: Resume): Promise<ResumeReply> {
  const reply = await inCompany(db, identity.company_id, async (tx) => {
    const terminal = await lockTerminal(tx, identity);
    checkAlone(identity, terminal);
    if (asked.epoch !== terminal.epoch) throw replaced();
    if (asked.last_seq !== terminal.last_seq) throw elsewhere(terminal.last_seq);
    if (asked.last_hash !== terminal.last_hash) {
      const detail = `operation ${asked.last_seq} is another one in a copy that was put back`;
      await freeze(tx, identity, 'forked', { seq: asked.last_seq, detail });
      return null;
    }
    const series = await readSeries(tx, identity.terminal_id);
    if (terminal.resumed_with === asked.nonce) return { nonce: writeNonce(terminal), series };
    const nonces = freshNonces(terminal);
    await keepNonces(tx, identity, nonces, asked.nonce);
    const detail = `an old copy of its ledger was put back; it fetched what it lacked up to ${asked.last_seq}`;
    const flag = { seq: asked.last_seq, code: 'terminal_restored', detail } as const;
    await raiseExceptions(tx, identity, [flag]);
    return { nonce: writeNonce(nonces), series };
  });
  if (!reply) throw forked();
  return reply;
}

const keepNonces = (
  tx: Tx,
  identity: TerminalIdentity,
  nonces: Nonces,
  resumedWith: string,
): Promise<unknown> =>
  rows(
    tx,
    `update terminal set nonce_number = $3, nonce = $4, nonce_before = $5, resumed_with = $6
     where company_id = $1 and terminal_id = $2`,
    [
      ...[tx.company_id, identity.terminal_id],
      ...[nonces.nonce_number, nonces.nonce, nonces.nonce_before, resumedWith],
    ],
  );

const elsewhere = (lastSeq: number) =>
  new Refusal(
    409,
    'resume_elsewhere',
    `The last operation here is ${lastSeq}: fetch what is missing, or send what is new, and ask again.`,
  );
