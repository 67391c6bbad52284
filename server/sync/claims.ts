import { unnest } from '../columns.ts';
import { rows, type Tx } from '../db.ts';
import type { Quarantined, Received } from './received.ts';

/**
 * Claims the ids of the operations that could be read: each takes effect once, whatever was sent how often.
 * @returns the sequence numbers of those that are new
 */
export async function claimOperations(tx: Tx, fresh: readonly Received[]): Promise<Set<number>> {
  const firsts = new Map<string, number>();
  for (const { op_id, seq, read } of fresh) {
    if ('operation' in read && op_id !== null && !firsts.has(op_id)) firsts.set(op_id, seq);
  }
  const given = unnest([...firsts.keys()], { op_id: { type: 'uuid', of: (id) => id } }, 2);
  const claimed = await rows<{ op_id: string }>(
    tx,
    `insert into operation_seen (company_id, op_id) select $1, op_id from ${given.clause}
     on conflict do nothing returning op_id`,
    [tx.company_id, ...given.values],
  );
  if (claimed.length === firsts.size) return new Set(firsts.values());
  return new Set(claimed.map(({ op_id }) => firsts.get(op_id)).filter((seq) => seq !== undefined));
}

/** Claims the id of one operation that is understood only now. */
export async function claimOperation(tx: Tx, opId: string): Promise<boolean> {
  const claimed = await rows(
    tx,
    'insert into operation_seen (company_id, op_id) values ($1, $2) on conflict do nothing returning op_id',
    [tx.company_id, opId],
  );
  return claimed.length === 1;
}

/** Why an operation whose id was claimed before is set aside. */
export const repeated = (opId: string | null): Quarantined => ({
  code: 'duplicate_op_id',
  detail: `${opId} was reported before`,
});
