import type { Ticket } from '#shared/sales/ticket.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { CentreView } from './centre-view.ts';
import { movesOf, ticketsOf } from './ledger.ts';
import { type Find, same } from './names.ts';

/** What counts took effect at the centre, once, and nothing else did. */
export function checkEffects(counted: readonly Operation[], centre: CentreView, find: Find): void {
  const ids = counted.map(({ op_id }) => op_id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length > 0) find(1, `counts more than once: ${twice.join(', ')}`);
  const seen = new Set(centre.seen);
  for (const { seq, op_id } of counted) if (!seen.has(op_id)) find(1, `${seq} was not claimed: ${op_id}`);
  const tickets = ticketsOf(counted);
  same(
    find,
    1,
    'tickets at the centre',
    centre.tickets
      .map((row) => [row.ticket_id, row.number, row.total_minor, row.currency, row.line_count])
      .sort(),
    tickets.map((one) => [one.ticket_id, one.number, one.total_minor, one.currency, one.lines.length]).sort(),
  );
  same(
    find,
    7,
    'moves at the centre',
    centre.moves.map((row) => [row.move_id, row.variant_id, row.quantity_milli]).sort(),
    movesOf(counted)
      .map((move) => [move.move_id, move.variant_id, move.quantity_milli])
      .sort(),
  );
  same(
    find,
    1,
    'days at the centre',
    centre.days.map((row) => row.day_id),
    idsOf(counted, 'day.opened'),
  );
  same(
    find,
    1,
    'given up at the centre',
    centre.aborted.map((row) => row.ticket_id),
    idsOf(counted, 'ticket.aborted'),
  );
  checkParts(tickets, centre, find);
}

const idsOf = (operations: readonly Operation[], kind: 'day.opened' | 'ticket.aborted'): string[] =>
  operations
    .flatMap((operation) => {
      if (operation.kind !== kind) return [];
      return operation.kind === 'day.opened' ? operation.body.day_id : operation.body.ticket_id;
    })
    .sort();

/** Lines and tenders of each ticket, and that what was paid is what it came to. */
function checkParts(tickets: readonly Ticket[], centre: CentreView, find: Find): void {
  const lines = Map.groupBy(centre.lines, (line) => line.ticket_id);
  const tenders = Map.groupBy(centre.tenders, (tender) => tender.ticket_id);
  for (const { ticket_id, receipt_number: receipt, ...ticket } of tickets) {
    same(
      find,
      8,
      `lines of ${receipt}`,
      lines
        .get(ticket_id)
        ?.map((line) => [line.line_no, line.variant_id, line.quantity_milli, line.net_minor]),
      ticket.lines.map((line) => [line.line_no, line.variant_id, line.quantity_milli, line.net_minor]),
    );
    const paid = tenders.get(ticket_id) ?? [];
    const sum = paid.reduce((total, tender) => total + tender.amount_minor, 0);
    const due = ticket.total_minor + ticket.rounding_minor;
    same(find, 8, `tenders of ${receipt}`, sum - ticket.change_minor, due);
  }
}
