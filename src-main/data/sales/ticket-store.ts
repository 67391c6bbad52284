import { zstdDecompressSync } from 'node:zlib';
import type { TicketId } from '#shared/ids.ts';
import type { IssuedTicket, Ticket } from '#shared/sales/ticket.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import type { Ledger } from '../open.ts';
import { sql } from '../statement.ts';
import { keptBody } from '../sync/operation-store.ts';
import { toldSeries } from '../sync/told-series.ts';

/** A ticket is kept once, in its operation or where that was removed; these tables hold what is added up and searched. */
type Issued = { body: string | null; old_body: Buffer | null; version: number; hash: string };
const ISSUED = `
  SELECT content ->> '$.body' AS body, old_ticket.body AS old_body, ticket.hash,
    coalesce(content ->> '$.kind_version', old_ticket.kind_version) AS version
  FROM ticket LEFT JOIN operation USING (seq) LEFT JOIN old_ticket USING (seq)`;
const BY_ID = sql<Issued, [string]>(`${ISSUED} WHERE ticket_id = ?`);
const RECENT = sql<Issued, [number]>(`${ISSUED} ORDER BY ticket.seq DESC LIMIT ?`);
const LAST_OF_SERIES = sql<SeriesEnd, [string]>(
  `SELECT number, hash, currency, perpetual_minor FROM ticket
   WHERE series = +? ORDER BY number DESC LIMIT 1`,
);
const PERPETUAL = sql<{ perpetual_minor: number }, [string]>(
  'SELECT perpetual_minor FROM ticket WHERE currency = +? ORDER BY seq DESC LIMIT 1',
);
const SALE_BY_RECEIPT = sql<{ seq: number }, [string]>(
  "SELECT seq FROM ticket WHERE receipt_number = ? AND kind = 'sale'",
);
const LEFT_TO_REFUND = sql<{ variant_id: string; quantity_milli: number }, [number, string]>(
  `SELECT variant_id, sum(quantity_milli) AS quantity_milli FROM (
     SELECT variant_id, quantity_milli FROM ticket_line WHERE seq = ?
     UNION ALL
     SELECT line.variant_id, line.quantity_milli FROM ticket JOIN ticket_line AS line USING (seq)
     WHERE ticket.original = ? AND ticket.kind = 'refund'
   ) GROUP BY variant_id`,
);
const INSERT = sql<
  never,
  [
    ...[seq: number, ticket_id: string, day_id: string, kind: string, series: string, number: number],
    ...[receipt_number: string, original: string | null, currency: string, gross: number, discount: number],
    ...[net: number, tax: number, total: number, rounding: number, perpetual: number, hash: string],
  ]
>(
  `INSERT INTO ticket
     (seq, ticket_id, day_id, kind, series, number, receipt_number, original, currency, gross_minor,
      discount_minor, net_minor, tax_minor, total_minor, rounding_minor, perpetual_minor, hash)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);
const INSERT_LINE = sql<never, [number, number, string, string, string, string, number, number, number]>(
  `INSERT INTO ticket_line
     (seq, line_no, line_id, variant_id, category, department, quantity_milli, net_minor, tax_minor)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);
const INSERT_TAX = sql<never, [number, string, number, number, number]>(
  'INSERT INTO ticket_tax (seq, code, rate_ppm, net_minor, tax_minor) VALUES (?, ?, ?, ?, ?)',
);
const INSERT_TENDER = sql<never, [number, number, string, string, number]>(
  'INSERT INTO tender (seq, tender_no, payment_type, kind, amount_minor) VALUES (?, ?, ?, ?, ?)',
);
const LINE_EXISTS = sql<{ seq: number }, [string]>('SELECT seq FROM ticket_line WHERE line_id = ?');
const ABORTED = sql<{ day_id: string }, [string]>('SELECT day_id FROM ticket_aborted WHERE ticket_id = ?');
const ABORT = sql<never, [string, number, string]>(
  'INSERT INTO ticket_aborted (ticket_id, seq, day_id) VALUES (?, ?, ?)',
);

/** The completed ticket of that id. */
export function ticketById(ledger: Ledger, ticketId: TicketId): IssuedTicket | null {
  const row = BY_ID(ledger).get(ticketId);
  return row ? issued(row) : null;
}

/** The last tickets of this terminal, newest first. */
export const recentTickets = (ledger: Ledger, limit: number): IssuedTicket[] =>
  RECENT(ledger).all(limit).map(issued);

function issued({ body, old_body, version, hash }: Issued): IssuedTicket {
  const text = body ?? (old_body && zstdDecompressSync(old_body).toString());
  if (text === null) throw new Error('a ticket is in no operation, and was not kept either');
  return { ...keptBody('ticket.completed', version, text).ticket, ticket_hash: hash };
}

/** The last ticket of a series: its number, the hash that the next one follows, and the total it left. */
export type SeriesEnd = { number: number; hash: string; currency: string; perpetual_minor: number };

export function endOfSeries(ledger: Ledger, series: string): SeriesEnd {
  const none = { number: 0, hash: GENESIS, currency: '', perpetual_minor: 0 };
  const last = LAST_OF_SERIES(ledger).get(series) ?? none;
  const told = toldSeries(ledger, series);
  // A copy of this terminal may have printed more numbers; the totals are of what was sold here.
  return told && told.last_number > last.number
    ? { ...last, number: told.last_number, hash: told.last_hash }
    : last;
}

/** The terminal's grand total in a currency, after its last ticket. */
export const perpetualTotal = (ledger: Ledger, currency: string): number =>
  PERPETUAL(ledger).get(currency)?.perpetual_minor ?? 0;

/** The sale with that receipt number, if it was made on this terminal. */
export const saleByReceipt = (ledger: Ledger, receiptNumber: string): { seq: number } | undefined =>
  SALE_BY_RECEIPT(ledger).get(receiptNumber);

/** What of a sale has not been refunded yet, in thousandths per variant. */
export const leftToRefund = (
  ledger: Ledger,
  sale: { seq: number },
  receiptNumber: string,
): Map<string, number> =>
  new Map(
    LEFT_TO_REFUND(ledger)
      .all(sale.seq, receiptNumber)
      .map((row) => [row.variant_id, row.quantity_milli]),
  );

/** Whether a completed ticket has a line of that id. */
export const hasTicketLine = (ledger: Ledger, lineId: string): boolean =>
  LINE_EXISTS(ledger).get(lineId) !== undefined;

export const isAborted = (ledger: Ledger, ticketId: TicketId): boolean =>
  ABORTED(ledger).get(ticketId) !== undefined;

/** Notes that a cart was given up with operation `seq`. */
export const insertAborted = (ledger: Ledger, ticketId: TicketId, seq: number, dayId: string): void => {
  ABORT(ledger).run(ticketId, seq, dayId);
};

/** Writes the rows of a ticket that was recorded as operation `seq`. `hash` is its link in its series. */
export function insertTicket(ledger: Ledger, seq: number, ticket: Ticket, hash: string): void {
  INSERT(ledger).run(
    ...([seq, ticket.ticket_id, ticket.day_id, ticket.kind, ticket.series, ticket.number] as const),
    ...([ticket.receipt_number, ticket.original?.receipt_number ?? null, ticket.currency] as const),
    ...([ticket.gross_minor, ticket.discount_minor, ticket.net_minor, ticket.tax_minor] as const),
    ...([ticket.total_minor, ticket.rounding_minor, ticket.perpetual_minor, hash] as const),
  );
  for (const line of ticket.lines) {
    INSERT_LINE(ledger).run(
      ...([seq, line.line_no, line.line_id, line.variant_id, line.category, line.department] as const),
      ...([line.quantity_milli, line.net_minor, line.tax_minor] as const),
    );
  }
  for (const tax of ticket.taxes) {
    INSERT_TAX(ledger).run(seq, tax.code, tax.rate_ppm, tax.net_minor, tax.tax_minor);
  }
  // Change is always cash. The server takes it off the first cash tender too, or Z reports would differ.
  const changeFrom = ticket.tenders.find((tender) => tender.kind === 'cash')?.tender_no;
  for (const { tender_no, payment_type, kind, amount_minor } of ticket.tenders) {
    const kept = tender_no === changeFrom ? amount_minor - ticket.change_minor : amount_minor;
    INSERT_TENDER(ledger).run(seq, tender_no, payment_type, kind, kept);
  }
}
