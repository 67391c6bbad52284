import type { TerminalId } from '#shared/ids.ts';
import { rows, type Tx } from '../db.ts';

/**
 * The sales days whose opening is in quarantine, and that nothing else opened: what happens on them waits there
 * too. Uses the index `journal_quarantine`.
 * @param fresh days whose opening was set aside just now and is not in the journal yet
 */
export async function readDaysSetAside(
  tx: Tx,
  terminal: { readonly terminal_id: TerminalId; readonly epoch: number },
  fresh: readonly string[] = [],
): Promise<Set<string>> {
  const stored = await rows<{ day_id: string }>(
    tx,
    `select day_id from journal
     where company_id = $1 and terminal_id = $2 and epoch = $3 and verdict = 'quarantined' and day_id is not null`,
    [tx.company_id, terminal.terminal_id, terminal.epoch],
  );
  const days = new Set([...fresh, ...stored.map((row) => row.day_id)]);
  if (days.size === 0) return days;
  const opened = await rows<{ day_id: string }>(
    tx,
    'select day_id from sales_day where company_id = $1 and day_id = any($2::uuid[])',
    [tx.company_id, [...days]],
  );
  for (const { day_id } of opened) days.delete(day_id);
  return days;
}
