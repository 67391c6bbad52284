import type { LocationId } from '#shared/ids.ts';
import type { Ticket } from '#shared/sales/ticket.ts';
import { movesOfTicket } from '#shared/stock/move.ts';
import { type Column, unnest } from '../columns.ts';
import { rows, type Tx, together } from '../db.ts';
import type { ReportedMoves } from '../stock/apply-moves.ts';
import { type Applying, type ApplyingTerminal, type OperationOf, placeOf } from '../sync/applying.ts';
import { judgeTickets, readForTickets } from './judge-tickets.ts';

type Completed = OperationOf<'ticket.completed'>;
type Aborted = OperationOf<'ticket.aborted'>;
/** A ticket with where it was rung, and each of its parts with both. */
type Rung = { operation: Completed; ticket: Ticket; location_id: LocationId };
type Of<Part extends 'lines' | 'taxes' | 'tenders'> = Rung & { part: Ticket[Part][number] };

const TICKET: Readonly<Record<string, Column<Rung>>> = {
  ticket_id: { type: 'uuid', of: ({ ticket }) => ticket.ticket_id },
  location_id: { type: 'uuid', of: (rung) => rung.location_id },
  day_id: { type: 'uuid', of: ({ ticket }) => ticket.day_id },
  kind: { type: 'text', of: ({ ticket }) => ticket.kind },
  series: { type: 'text', of: ({ ticket }) => ticket.series },
  number: { type: 'bigint', of: ({ ticket }) => ticket.number },
  receipt_number: { type: 'text', of: ({ ticket }) => ticket.receipt_number },
  completed_at: { type: 'timestamptz', of: ({ ticket }) => ticket.completed_at },
  business_date: { type: 'date', of: ({ ticket }) => ticket.business_date },
  cashier_id: { type: 'uuid', of: ({ ticket }) => ticket.cashier_id },
  approver_id: { type: 'uuid', of: ({ operation }) => operation.approver_id },
  currency: { type: 'text', of: ({ ticket }) => ticket.currency },
  gross_minor: { type: 'bigint', of: ({ ticket }) => ticket.gross_minor },
  discount_minor: { type: 'bigint', of: ({ ticket }) => ticket.discount_minor },
  net_minor: { type: 'bigint', of: ({ ticket }) => ticket.net_minor },
  tax_minor: { type: 'bigint', of: ({ ticket }) => ticket.tax_minor },
  total_minor: { type: 'bigint', of: ({ ticket }) => ticket.total_minor },
  rounding_minor: { type: 'bigint', of: ({ ticket }) => ticket.rounding_minor },
  change_minor: { type: 'bigint', of: ({ ticket }) => ticket.change_minor },
  line_count: { type: 'integer', of: ({ ticket }) => ticket.lines.length },
  hash: { type: 'text', of: ({ operation }) => operation.body.ticket_hash },
};

const LINE: Readonly<Record<string, Column<Of<'lines'>>>> = {
  ticket_id: { type: 'uuid', of: ({ ticket }) => ticket.ticket_id },
  business_date: { type: 'date', of: ({ ticket }) => ticket.business_date },
  location_id: { type: 'uuid', of: (rung) => rung.location_id },
  line_no: { type: 'integer', of: ({ part }) => part.line_no },
  line_id: { type: 'uuid', of: ({ part }) => part.line_id },
  variant_id: { type: 'uuid', of: ({ part }) => part.variant_id },
  sku: { type: 'text', of: ({ part }) => part.sku },
  name: { type: 'text', of: ({ part }) => part.name },
  category_code: { type: 'text', of: ({ part }) => part.category },
  department_code: { type: 'text', of: ({ part }) => part.department },
  tax_class_code: { type: 'text', of: ({ part }) => part.tax_class },
  quantity_milli: { type: 'bigint', of: ({ part }) => part.quantity_milli },
  unit_price_micro: { type: 'bigint', of: ({ part }) => part.unit_price_micro },
  list_price_micro: { type: 'bigint', of: ({ part }) => part.list_price_micro },
  gross_minor: { type: 'bigint', of: ({ part }) => part.gross_minor },
  line_discount_minor: { type: 'bigint', of: ({ part }) => part.line_discount_minor },
  ticket_discount_minor: { type: 'bigint', of: ({ part }) => part.ticket_discount_minor },
  net_minor: { type: 'bigint', of: ({ part }) => part.net_minor },
  tax_minor: { type: 'bigint', of: ({ part }) => part.tax_minor },
  note: { type: 'text', of: ({ part }) => part.note },
};

const TAX: Readonly<Record<string, Column<Of<'taxes'>>>> = {
  ticket_id: { type: 'uuid', of: ({ ticket }) => ticket.ticket_id },
  tax_code: { type: 'text', of: ({ part }) => part.code },
  rate_ppm: { type: 'integer', of: ({ part }) => part.rate_ppm },
  net_minor: { type: 'bigint', of: ({ part }) => part.net_minor },
  tax_minor: { type: 'bigint', of: ({ part }) => part.tax_minor },
};

const TENDER: Readonly<Record<string, Column<Of<'tenders'>>>> = {
  ticket_id: { type: 'uuid', of: ({ ticket }) => ticket.ticket_id },
  business_date: { type: 'date', of: ({ ticket }) => ticket.business_date },
  location_id: { type: 'uuid', of: (rung) => rung.location_id },
  tender_no: { type: 'integer', of: ({ part }) => part.tender_no },
  payment_type_code: { type: 'text', of: ({ part }) => part.payment_type },
  kind: { type: 'text', of: ({ part }) => part.kind },
  amount_minor: { type: 'bigint', of: ({ part }) => part.amount_minor },
  reference: { type: 'text', of: ({ part }) => part.reference },
};

const ABORTED: Readonly<Record<string, Column<Aborted>>> = {
  ticket_id: { type: 'uuid', of: ({ body }) => body.ticket_id },
  day_id: { type: 'uuid', of: ({ body }) => body.day_id },
  lines: { type: 'integer', of: ({ body }) => body.lines },
  total_minor: { type: 'bigint', of: ({ body }) => body.total_minor },
  reason: { type: 'text', of: ({ body }) => body.reason },
};

/**
 * `ticket.completed`: tickets with their lines, taxes and tenders, one statement a table. They are judged while the
 * database writes them.
 */
export async function applyTickets(
  tx: Tx,
  applying: Applying,
  operations: readonly Completed[],
): Promise<void> {
  if (operations.length === 0) return;
  const known = await readForTickets(tx, applying.terminal, operations);
  await together([
    ...insertTickets(tx, applying.terminal, operations),
    judgeTickets(tx, applying, operations, known),
  ]);
}

function insertTickets(
  tx: Tx,
  terminal: ApplyingTerminal,
  operations: readonly Completed[],
): Promise<unknown>[] {
  const rung = operations.map((operation) => ({
    operation,
    ticket: operation.body.ticket,
    location_id: placeOf(terminal, operation),
  }));
  const given = unnest(rung, TICKET, 3);
  return [
    rows(
      tx,
      `insert into ticket (company_id, terminal_id, ${given.names})
       select $1, $2, ${given.names} from ${given.clause}`,
      [tx.company_id, terminal.terminal_id, ...given.values],
    ),
    insertParts(tx, 'ticket_line', LINE, partsOf(rung, 'lines')),
    insertParts(tx, 'ticket_tax', TAX, partsOf(rung, 'taxes')),
    insertParts(tx, 'tender', TENDER, partsOf(rung, 'tenders')),
  ];
}

/** The stock moves that tickets make. */
export const movesOfTickets = (
  terminal: ApplyingTerminal,
  operations: readonly Completed[],
): ReportedMoves[] =>
  operations.map((operation) => {
    const { ticket } = operation.body;
    return {
      operation,
      location_id: placeOf(terminal, operation),
      group_id: ticket.ticket_id,
      reference: ticket.receipt_number,
      moves: movesOfTicket(ticket.lines),
    };
  });

/** Writes what was aborted: counted for the day, nothing was sold. */
export async function insertAborted(
  tx: Tx,
  terminal: ApplyingTerminal,
  operations: readonly Aborted[],
): Promise<void> {
  if (operations.length === 0) return;
  const given = unnest(operations, ABORTED, 3);
  await rows(
    tx,
    `insert into aborted_ticket (company_id, terminal_id, ${given.names})
     select $1, $2, ${given.names} from ${given.clause}`,
    [tx.company_id, terminal.terminal_id, ...given.values],
  );
}

async function insertParts<Row>(
  tx: Tx,
  table: string,
  columns: Readonly<Record<string, Column<Row>>>,
  parts: readonly Row[],
): Promise<void> {
  if (parts.length === 0) return;
  const given = unnest(parts, columns, 2);
  await rows(
    tx,
    `insert into ${table} (company_id, ${given.names}) select $1, ${given.names} from ${given.clause}`,
    [tx.company_id, ...given.values],
  );
}

const partsOf = <Part extends 'lines' | 'taxes' | 'tenders'>(rung: readonly Rung[], part: Part): Of<Part>[] =>
  rung.flatMap((one) => one.ticket[part].map((each) => ({ ...one, part: each })));
