import { unnest } from '../columns.ts';
import { rows, type Tx } from '../db.ts';
import type { ApplyingTerminal } from './applying.ts';
import type { Quarantined, Received } from './received.ts';

type Claimant = Pick<ApplyingTerminal, 'terminal_id' | 'epoch'>;

/**
 * Claims the ids of the operations that could be read: each takes effect once, whatever was sent how often.
 * @returns the sequence numbers of those that are new
 */
export async function claimOperations(
  tx: Tx,
  claimant: Claimant,
  fresh: readonly Received[],
): Promise<Set<number>> {
  const firsts = new Map<string, number>();
  for (const { op_id, seq, read } of fresh) {
    if ('operation' in read && op_id !== null && !firsts.has(op_id)) firsts.set(op_id, seq);
  }
  const given = unnest(
    [...firsts],
    { op_id: { type: 'uuid', of: ([id]) => id }, seq: { type: 'bigint', of: ([, seq]) => seq } },
    4,
  );
  const claimed = await rows<{ op_id: string }>(
    tx,
    `insert into operation_seen (company_id, terminal_id, epoch, ${given.names})
     select $1, $2, $3, ${given.names} from ${given.clause}
     on conflict do nothing returning op_id`,
    [tx.company_id, claimant.terminal_id, claimant.epoch, ...given.values],
  );
  if (claimed.length === firsts.size) return new Set(firsts.values());
  return new Set(claimed.map(({ op_id }) => firsts.get(op_id)).filter((seq) => seq !== undefined));
}

/** Claims the id of one operation that is understood only now. */
export async function claimOperation(
  tx: Tx,
  claimant: Claimant,
  operation: { readonly op_id: string; readonly seq: number },
): Promise<boolean> {
  const claimed = await rows(
    tx,
    `insert into operation_seen (company_id, op_id, terminal_id, epoch, seq) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning op_id`,
    [tx.company_id, operation.op_id, claimant.terminal_id, claimant.epoch, operation.seq],
  );
  return claimed.length === 1;
}

/** Why an operation whose id was claimed before is set aside. */
export const repeated = (opId: string | null): Quarantined => ({
  code: 'duplicate_op_id',
  detail: `${opId} was reported before`,
});
