import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { TerminalId } from '#shared/ids.ts';
import { PUSH_LIMIT, pushSchema } from '#shared/sync/push.ts';
import { rows, type Tx } from '../db.ts';

const decompress = promisify(zstdDecompress);

/** An operation as its terminal sent it, out of the body that the journal kept; undefined if it never came. */
export async function readJournal(
  tx: Tx,
  terminalId: TerminalId,
  epoch: number,
  seq: number,
): Promise<unknown> {
  const [batch] = await rows<{ first_seq: number; skipped: number; body: Buffer }>(
    tx,
    `select first_seq, skipped, body from journal_batch
     where company_id = $1 and terminal_id = $2 and epoch = $3 and first_seq <= $4
     order by first_seq desc limit 1`,
    [tx.company_id, terminalId, epoch, seq],
  );
  if (!batch) return undefined;
  const text = await decompress(batch.body, { maxOutputLength: PUSH_LIMIT.inflated });
  const { operations } = pushSchema.parse(JSON.parse(text.toString('utf8')));
  return operations[seq - batch.first_seq + batch.skipped];
}
