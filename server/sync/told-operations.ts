import type { z } from 'zod';
import type { operationsPageSchema } from '#shared/sync/recovery.ts';
import { rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { invalidField } from '../problem.ts';
import { readBatch } from './journal.ts';
import { type JournalRow, verdictOfRow } from './stored.ts';
import { checkAlone, readTerminal } from './terminal-row.ts';
import { TOLD_FROM, TOLD_VERDICT } from './told-verdict.ts';

/**
 * What a terminal told after an operation, as it told it: for one that has lost it. A page is what one push brought.
 * One that is out of service is told it, too: it is nothing new, and without it it could neither close nor deliver.
 * @throws 409 where it is not alone, 422 for a place where its chain never was
 */
export async function readTold(
  tx: Tx,
  identity: TerminalIdentity,
  afterSeq: number,
): Promise<z.infer<typeof operationsPageSchema>> {
  const terminal = await readTerminal(tx, identity);
  checkAlone(identity, terminal);
  if (afterSeq < terminal.after_seq || afterSeq > terminal.last_seq) {
    throw invalidField('after_seq', `must be from ${terminal.after_seq} to ${terminal.last_seq}`);
  }
  if (afterSeq === terminal.last_seq) return { operations: [], verdicts: [], more: false };
  const place = { terminal_id: identity.terminal_id, epoch: terminal.epoch };
  const batch = await readBatch(tx, place, afterSeq + 1);
  const operations = batch.operations.slice(afterSeq + 1 - batch.first_seq);
  const last = afterSeq + operations.length;
  const troubles = await rows<JournalRow>(
    tx,
    `select ${TOLD_VERDICT} from ${TOLD_FROM}
     where j.company_id = $1 and j.terminal_id = $2 and j.epoch = $3 and j.seq between $4 and $5
       and j.verdict <> 'applied'
     order by j.seq`,
    [tx.company_id, identity.terminal_id, terminal.epoch, afterSeq + 1, last],
  );
  return { operations, verdicts: troubles.map(verdictOfRow), more: last < terminal.last_seq };
}
