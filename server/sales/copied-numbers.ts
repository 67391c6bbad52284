import type { TerminalId } from '#shared/ids.ts';
import { unnest } from '../columns.ts';
import { rows, type Tx } from '../db.ts';
import type { Flag, OperationOf } from '../sync/applying.ts';

/**
 * Flags tickets of a copy whose number another ticket has: two customers hold receipts of the same number. A copy
 * that got a name of its own keeps what it had printed under the old one. Uses the index `ticket_by_number`.
 */
export async function findCopiedNumbers(
  tx: Tx,
  terminalId: TerminalId,
  operations: readonly OperationOf<'ticket.completed'>[],
): Promise<Flag[]> {
  const copied = operations.filter(({ origin }) => origin !== undefined);
  if (copied.length === 0) return [];
  const given = unnest(
    copied,
    {
      seq: { type: 'bigint', of: ({ seq }) => seq },
      terminal_id: { type: 'uuid', of: ({ origin }) => origin?.terminal_id },
      series: { type: 'text', of: ({ body }) => body.ticket.series },
      number: { type: 'bigint', of: ({ body }) => body.ticket.number },
      receipt_number: { type: 'text', of: ({ body }) => body.ticket.receipt_number },
    },
    3,
  );
  const taken = await rows<{ seq: number; receipt_number: string; ticket_id: string }>(
    tx,
    `select given.seq, given.receipt_number, t.ticket_id from ${given.clause}
     join ticket t on t.company_id = $1 and t.terminal_id in ($2, given.terminal_id) and t.series = given.series
       and t.number = given.number`,
    [tx.company_id, terminalId, ...given.values],
  );
  return taken.map(({ seq, receipt_number, ticket_id }) => ({
    seq,
    code: 'receipt_number_repeated',
    detail: `${receipt_number} is also ticket ${ticket_id}`,
  }));
}
