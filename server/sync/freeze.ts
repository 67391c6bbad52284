import type { TerminalId } from '#shared/ids.ts';
import { rows, type Tx } from '../db.ts';
import { raiseExceptions } from './exceptions.ts';
import type { Frozen } from './terminal-row.ts';

/**
 * Takes nothing more from a terminal, nor tells it anything: two copies of it were seen, and nothing is merged. Its
 * manager is told once.
 * @param found the operation at which it showed, and both sides of it
 */
export async function freeze(
  tx: Tx,
  terminal: { readonly terminal_id: TerminalId; readonly epoch: number },
  because: Frozen,
  found: { readonly seq: number; readonly detail: string },
): Promise<void> {
  const now = await rows(
    tx,
    `update terminal set frozen_at = now(), frozen_because = $3
     where company_id = $1 and terminal_id = $2 and frozen_at is null returning terminal_id`,
    [tx.company_id, terminal.terminal_id, because],
  );
  if (now.length > 0) await raiseExceptions(tx, terminal, [{ code: `terminal_${because}`, ...found }]);
}
