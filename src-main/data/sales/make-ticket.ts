import type { UserId } from '#shared/ids.ts';
import { formatMoney, type Minor, minor } from '#shared/sales/money.ts';
import { type SettlementError, settle, type Tender } from '#shared/sales/tender.ts';
import { receiptNumber, type Ticket, type TicketLine } from '#shared/sales/ticket.ts';
import type { TicketTotals } from '#shared/sales/ticket-totals.ts';
import { referenceOf } from '../catalogue/reference.ts';
import type { Terminal } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import type { Till } from '../till.ts';
import type { Cart } from './cart-store.ts';
import type { OpenDay } from './day-store.ts';
import { checkAmount, priceCart, withinRange } from './price-cart.ts';
import { perpetualTotal, type SeriesEnd } from './ticket-store.ts';

/** What was given or paid out, by a means of payment that the company accepts. */
export type GivenTender = Pick<Tender, 'payment_type' | 'amount_minor' | 'reference'>;

/** The series of sales and refunds. */
export const SERIES = 'T';

/** What a cart and its tenders need to become a ticket. `at` is the instant of completion. */
export type Circumstances = {
  terminal: Terminal;
  day: OpenDay;
  tenders: readonly GivenTender[];
  cashier: UserId;
  last: SeriesEnd;
  at: string;
};

/**
 * The ticket that a cart becomes: priced, settled and numbered. Its keys are in the order of canonical JSON, which is
 * then written without sorting: on a ticket of four lines 10 µs instead of 29, and it need not be read back.
 * @throws REFUSED where the tenders do not pay it
 */
export function makeTicket(till: Till, cart: Cart, circumstances: Circumstances): Ticket {
  const { terminal, day, cashier, last, at } = circumstances;
  const { location } = terminal;
  const { customer, kind, note, opened_at, original, reference, ticket_id } = cart.head;
  const totals = priceCart(cart, location);
  const tenders = circumstances.tenders.map((given, index) => tenderOf(till, given, index));
  for (const tender of tenders) checkAmount(tender.amount_minor, 'tenders');
  const settled = withinRange(() => settle(totals.total_minor, tenders, location.cash_step_minor));
  if (!settled.ok)
    throw unsettled(settled.error, (amount) => `${formatMoney(amount, day.currency)} ${day.currency}`);
  const { change_minor, due_minor, rounding_minor } = settled.value;
  const number = last.number + 1;
  // The last ticket has it already, except after a change of the location's currency.
  const perpetual =
    last.currency === day.currency ? last.perpetual_minor : perpetualTotal(till.ledger, day.currency);
  return {
    business_date: day.business_date,
    cashier_id: cashier,
    change_minor,
    completed_at: at,
    currency: day.currency,
    ...(customer === undefined ? {} : { customer }),
    day_id: day.day_id,
    discount_minor: totals.discount_minor,
    due_minor,
    gross_minor: totals.gross_minor,
    kind,
    lines: cart.lines.map((line, index) => ticketLine(line, index, totals.lines[index])),
    net_minor: totals.net_minor,
    ...(note === undefined ? {} : { note }),
    number,
    opened_at,
    ...(original === undefined ? {} : { original }),
    perpetual_minor: withinRange(() => minor(perpetual + totals.total_minor)),
    prices_include_tax: location.prices_include_tax,
    receipt_number: receiptNumber(location.code, terminal.terminal_code, SERIES, number),
    ...(reference === undefined ? {} : { reference }),
    rounding_minor,
    series: SERIES,
    tax_minor: totals.tax_minor,
    tax_rounding: location.tax_rounding,
    taxes: totals.taxes,
    tenders,
    ticket_id,
    total_minor: totals.total_minor,
  };
}

function ticketLine(
  line: Cart['lines'][number],
  index: number,
  money: TicketTotals['lines'][number] | undefined,
): TicketLine {
  if (!money) throw new Error(`line ${line.line_id} was not priced`);
  return {
    category: line.category,
    department: line.department,
    gross_minor: money.gross_minor,
    line_discount_minor: money.line_discount_minor,
    line_id: line.line_id,
    line_no: index + 1,
    ...(line.list_price_micro === undefined ? {} : { list_price_micro: line.list_price_micro }),
    name: line.name,
    net_minor: money.net_minor,
    ...(line.note === undefined ? {} : { note: line.note }),
    quantity_milli: line.quantity_milli,
    sku: line.sku,
    tax_class: line.tax_class,
    tax_minor: money.tax_minor,
    ticket_discount_minor: money.ticket_discount_minor,
    unit_price_micro: line.unit_price_micro,
    variant_id: line.variant_id,
  };
}

function tenderOf(till: Till, given: GivenTender, index: number): Tender {
  return {
    amount_minor: given.amount_minor,
    kind: kindOf(till, given.payment_type),
    payment_type: given.payment_type,
    ...(given.reference === undefined ? {} : { reference: given.reference }),
    tender_no: index + 1,
  };
}

function kindOf(till: Till, code: string): Tender['kind'] {
  const type = referenceOf(till.catalog, 'payment_type', code);
  if (!type) {
    throw refused('payment_type_unknown', `There is no means of payment called ${code}.`, 'tenders');
  }
  return type.kind;
}

function unsettled(error: SettlementError, format: (amount: Minor) => string) {
  switch (error.code) {
    case 'underpaid':
      return refused('underpaid', `${format(error.missing_minor)} is still to be paid.`, 'tenders');
    case 'change_without_cash':
      return refused(
        'change_without_cash',
        `That is ${format(error.excess_minor)} too much, and change is given on cash only.`,
        'tenders',
      );
    case 'tender_against_total':
      return refused(
        'tender_against_total',
        'Money must go the same way as the total: taken on a sale, paid out exactly on a refund.',
        'tenders',
      );
  }
}
