import type { TerminalId } from '#shared/ids.ts';
import { unnest } from '../columns.ts';
import { rows, type Tx } from '../db.ts';
import type { Flag } from './applying.ts';

/** Raises what was found while operations of a terminal were applied, for somebody to look at. */
export async function raiseExceptions(
  tx: Tx,
  terminal: { readonly terminal_id: TerminalId; readonly epoch: number },
  flags: readonly Flag[],
): Promise<void> {
  if (flags.length === 0) return;
  const given = unnest(
    flags,
    {
      seq: { type: 'bigint', of: (flag) => flag.seq },
      code: { type: 'text', of: (flag) => flag.code },
      detail: { type: 'text', of: (flag) => flag.detail },
    },
    4,
  );
  await rows(
    tx,
    `insert into exception (company_id, terminal_id, epoch, ${given.names})
     select $1, $2, $3, ${given.names} from ${given.clause}`,
    [tx.company_id, terminal.terminal_id, terminal.epoch, ...given.values],
  );
}
