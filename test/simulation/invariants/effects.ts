import type { Ticket } from '#shared/sales/ticket.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { CentreView } from './centre-view.ts';
import { movesOf, ticketsOf } from './ledger.ts';
import { type Find, same } from './names.ts';

/** Of a terminal: what was applied took effect at the centre, once, and nothing else did. */
export function checkEffects(
  name: string,
  terminalId: string,
  applied: readonly Operation[],
  centre: CentreView,
  find: Find,
): void {
  const own = <Row extends { terminal_id: string }>(rows: readonly Row[]): Row[] =>
    rows.filter((row) => row.terminal_id === terminalId);
  const tickets = ticketsOf(applied).sort((left, right) => left.number - right.number);
  same(
    find,
    1,
    `${name}: tickets at the centre`,
    own(centre.tickets).map((row) => [
      row.ticket_id,
      row.number,
      row.total_minor,
      row.currency,
      row.line_count,
    ]),
    tickets.map((one) => [one.ticket_id, one.number, one.total_minor, one.currency, one.lines.length]),
  );
  same(
    find,
    7,
    `${name}: moves at the centre`,
    own(centre.moves).map((row) => [row.move_id, row.variant_id, row.quantity_milli]),
    movesOf(applied)
      .map((move) => [move.move_id, move.variant_id, move.quantity_milli])
      .sort(),
  );
  same(
    find,
    1,
    `${name}: days at the centre`,
    own(centre.days).map((row) => row.day_id),
    idsOf(applied, 'day.opened'),
  );
  same(
    find,
    1,
    `${name}: given up at the centre`,
    own(centre.aborted).map((row) => row.ticket_id),
    idsOf(applied, 'ticket.aborted'),
  );
  const seen = new Set(centre.seen);
  for (const { seq, op_id } of applied) if (!seen.has(op_id)) find(1, `${name}: ${seq} was not claimed`);
  checkParts(name, tickets, centre, find);
}

const idsOf = (operations: readonly Operation[], kind: 'day.opened' | 'ticket.aborted'): string[] =>
  operations
    .flatMap((operation) => {
      if (operation.kind !== kind) return [];
      return operation.kind === 'day.opened' ? operation.body.day_id : operation.body.ticket_id;
    })
    .sort();

/** Lines and tenders of each ticket, and that what was paid is what it came to. */
function checkParts(name: string, tickets: readonly Ticket[], centre: CentreView, find: Find): void {
  const lines = Map.groupBy(centre.lines, (line) => line.ticket_id);
  const tenders = Map.groupBy(centre.tenders, (tender) => tender.ticket_id);
  for (const { ticket_id, receipt_number: receipt, ...ticket } of tickets) {
    same(
      find,
      8,
      `${name}: lines of ${receipt}`,
      lines
        .get(ticket_id)
        ?.map((line) => [line.line_no, line.variant_id, line.quantity_milli, line.net_minor]),
      ticket.lines.map((line) => [line.line_no, line.variant_id, line.quantity_milli, line.net_minor]),
    );
    const paid = tenders.get(ticket_id) ?? [];
    const sum = paid.reduce((total, tender) => total + tender.amount_minor, 0);
    const due = ticket.total_minor + ticket.rounding_minor;
    same(find, 8, `${name}: tenders of ${receipt}`, sum - ticket.change_minor, due);
  }
}
