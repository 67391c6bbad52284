import type { Location } from '../people/location.ts';
import { formatQuantity, ONE } from '../stock/quantity.ts';
import { type Currency, formatMoney, formatUnitPrice } from './money.ts';
import { paymentLabel, taxLabel } from './receipt-labels.ts';
import { heading, pair, type ReceiptRow, RULE, triple, words } from './receipt-rows.ts';
import { exactSum } from './rounding.ts';
import type { PaymentType } from './tender.ts';
import type { Ticket, TicketLine } from './ticket.ts';
import { localTime } from './zone.ts';

/** What a receipt says besides its ticket. */
export type ReceiptContext = {
  readonly location: Pick<Location, 'company_name' | 'name' | 'zone'>;
  readonly terminal_name: string;
  readonly cashier_name: string;
  /** For the names of the tenders; a type that is no longer known is called by its code. */
  readonly payment_types: readonly PaymentType[];
  /** The ticket's link in its chain. */
  readonly ticket_hash: string;
  /** The number of this copy; absent on the original. */
  readonly copy?: number;
};

/**
 * The receipt of a completed ticket, row by row: the one model behind paper, screen, PDF and e-mail. Local time is
 * the location's. The lines less the discounts (plus the tax, where prices do not include it) add up to the total,
 * and the total plus rounding to what was paid less the change.
 */
export function receiptOf(ticket: Ticket, context: ReceiptContext): ReceiptRow[] {
  return [
    ...headRows(ticket, context),
    RULE,
    ...ticket.lines.flatMap((line) => lineRows(line, ticket.currency)),
    RULE,
    ...totalRows(ticket),
    ...paymentRows(ticket, context.payment_types),
    ...taxRows(ticket),
    ...footRows(ticket, context),
  ];
}

function headRows(ticket: Ticket, context: ReceiptContext): ReceiptRow[] {
  const rows = [heading(context.location.company_name, 'large'), heading(context.location.name)];
  if (ticket.kind === 'refund') rows.push(heading('REFUND', 'large'));
  if (context.copy !== undefined) rows.push(heading(`COPY ${context.copy}`, 'large'));
  rows.push(
    RULE,
    pair('Receipt', ticket.receipt_number, 'strong'),
    pair('Date', localTime(ticket.completed_at, context.location.zone)),
    pair('Till', context.terminal_name),
    pair('Cashier', context.cashier_name),
  );
  if (ticket.original) rows.push(pair('Original receipt', ticket.original.receipt_number));
  if (ticket.customer) rows.push(pair('Customer', ticket.customer));
  if (ticket.reference) rows.push(pair('Reference', ticket.reference));
  return rows;
}

function lineRows(line: TicketLine, currency: Currency): ReceiptRow[] {
  const amount = formatMoney(line.gross_minor, currency);
  const price = formatUnitPrice(line.unit_price_micro, currency);
  const rows =
    line.quantity_milli === ONE && price === amount
      ? [pair(line.name, amount)]
      : [words(line.name), pair(`  ${formatQuantity(line.quantity_milli)} × ${price}`, amount)];
  if (line.line_discount_minor !== 0) {
    rows.push(pair('  Discount', formatMoney(-line.line_discount_minor, currency)));
  }
  if (line.note) rows.push(words(`  ${line.note}`));
  return rows;
}

function totalRows(ticket: Ticket): ReceiptRow[] {
  const money = (amount: number) => formatMoney(amount, ticket.currency);
  const rows: ReceiptRow[] = [];
  const taken = exactSum(ticket.lines.map((line) => line.ticket_discount_minor));
  if (taken !== 0) {
    const before = ticket.lines.map((line) => line.gross_minor - line.line_discount_minor);
    rows.push(pair('Subtotal', money(exactSum(before))), pair('Discount', money(-taken)));
  }
  if (!ticket.prices_include_tax) {
    rows.push(pair('Net', money(ticket.net_minor)), pair('Tax', money(ticket.tax_minor)));
  }
  rows.push(pair(`TOTAL ${ticket.currency}`, money(ticket.total_minor), 'large'));
  if (ticket.rounding_minor !== 0) {
    rows.push(
      pair('Rounding', money(ticket.rounding_minor)),
      pair('To pay', money(ticket.due_minor), 'strong'),
    );
  }
  return rows;
}

function paymentRows(ticket: Ticket, types: readonly PaymentType[]): ReceiptRow[] {
  const rows = ticket.tenders.flatMap((tender) => {
    const row = pair(
      paymentLabel(tender.payment_type, types),
      formatMoney(tender.amount_minor, ticket.currency),
    );
    return tender.reference ? [row, words(`  ${tender.reference}`)] : [row];
  });
  if (ticket.change_minor !== 0) rows.push(pair('Change', formatMoney(ticket.change_minor, ticket.currency)));
  return rows;
}

function taxRows(ticket: Ticket): ReceiptRow[] {
  if (ticket.taxes.length === 0) return [];
  const rows = ticket.taxes.map((tax) =>
    triple(
      taxLabel(tax),
      formatMoney(tax.net_minor, ticket.currency),
      formatMoney(tax.tax_minor, ticket.currency),
    ),
  );
  const title = ticket.prices_include_tax ? 'Tax included' : 'Tax';
  return [RULE, triple(title, 'Net', 'Tax', 'strong'), ...rows];
}

function footRows(ticket: Ticket, context: ReceiptContext): ReceiptRow[] {
  const rows: ReceiptRow[] = [RULE];
  if (ticket.note) rows.push(words(ticket.note), RULE);
  rows.push(
    { kind: 'qr', content: qrContent(ticket, context.ticket_hash) },
    heading(shortHash(context.ticket_hash)),
  );
  if (context.copy !== undefined)
    rows.push(heading(`COPY ${context.copy} OF ${ticket.receipt_number}`, 'strong'));
  return rows;
}

/** Number, total and hash: enough to find the ticket and to see whether the paper tells what the ledger tells. */
const qrContent = (ticket: Ticket, hash: string): string =>
  [
    ticket.receipt_number,
    `${ticket.currency} ${formatMoney(ticket.total_minor, ticket.currency)}`,
    hash,
  ].join('|');

/** The first 16 digits of a hash in groups of four, for reading aloud. */
const shortHash = (hash: string): string => hash.slice(0, 16).match(/.{4}/g)?.join(' ') ?? hash;
