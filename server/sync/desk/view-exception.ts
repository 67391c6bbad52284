import { type ExceptionView, exceptionViewSchema } from '#shared/contract/office/exceptions.ts';
import { readFacts } from '#shared/sync/operation-facts.ts';
import { rows, type Tx } from '../../db.ts';
import type { Actor } from '../../people/actor.ts';
import { notFound } from '../../problem.ts';
import { journalReader } from '../journal.ts';
import { readException } from './read-exceptions.ts';

/** One exception, with the operation as it came and all that was decided. @throws 404 */
export async function viewException(tx: Tx, actor: Actor, exceptionId: number): Promise<ExceptionView> {
  const found = await readException(tx, actor, exceptionId);
  if (!found) throw notFound();
  const { exception, decisions } = found;
  const operation = await readRaw(tx, exception);
  return exceptionViewSchema.parse({ ...exception, operation, facts: readFacts(operation), decisions });
}

/** The operation out of the journal; null where what was raised is about no operation there. */
async function readRaw(
  tx: Tx,
  { terminal, epoch, seq }: Pick<ExceptionView, 'terminal' | 'epoch' | 'seq'>,
): Promise<unknown> {
  const [stored] = await rows(
    tx,
    'select from journal where company_id = $1 and terminal_id = $2 and epoch = $3 and seq = $4',
    [tx.company_id, terminal.terminal_id, epoch, seq],
  );
  return stored ? journalReader(tx)({ terminal_id: terminal.terminal_id, epoch }, seq) : null;
}
