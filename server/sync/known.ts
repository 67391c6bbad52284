import type { Envelope } from '#shared/sync/operation.ts';
import { rows, type Tx } from '../db.ts';

type OpId = Envelope['op_id'];

/** Those operations that the company has never been told, not even as something that had to be set aside. */
export async function readUnknown(tx: Tx, opIds: readonly OpId[]): Promise<OpId[]> {
  const known = await rows<{ op_id: string }>(
    tx,
    `select op_id from operation_seen where company_id = $1 and op_id = any($2::uuid[])
     union all
     select op_id from journal where company_id = $1 and verdict = 'quarantined' and op_id = any($2::uuid[])`,
    [tx.company_id, opIds],
  );
  const found = new Set(known.map((row) => row.op_id));
  return opIds.filter((id) => !found.has(id));
}
