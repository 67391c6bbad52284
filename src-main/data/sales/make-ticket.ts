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
 * The ticket that a cart becomes: priced, settled and numbered.
 * @throws REFUSED where the tenders do not pay it
 */
export function makeTicket(till: Till, cart: Cart, circumstances: Circumstances): Ticket {
  const { terminal, day, cashier, last, at } = circumstances;
  const { location } = terminal;
  const { lines, ...totals } = priceCart(cart, location);
  const tenders = circumstances.tenders.map((tender, index) => ({
    ...tender,
    tender_no: index + 1,
    kind: kindOf(till, tender.payment_type),
  }));
  for (const tender of tenders) checkAmount(tender.amount_minor, 'tenders');
  const settled = withinRange(() => settle(totals.total_minor, tenders, location.cash_step_minor));
  if (!settled.ok)
    throw unsettled(settled.error, (amount) => `${formatMoney(amount, day.currency)} ${day.currency}`);
  const number = last.number + 1;
  // The last ticket has it already, except after a change of the location's currency.
  const perpetual =
    last.currency === day.currency ? last.perpetual_minor : perpetualTotal(till.ledger, day.currency);
  return {
    ticket_id: cart.head.ticket_id,
    day_id: day.day_id,
    kind: cart.head.kind,
    series: SERIES,
    number,
    receipt_number: receiptNumber(location.code, terminal.terminal_code, SERIES, number),
    opened_at: cart.head.opened_at,
    completed_at: at,
    business_date: day.business_date,
    cashier_id: cashier,
    currency: day.currency,
    prices_include_tax: location.prices_include_tax,
    tax_rounding: location.tax_rounding,
    ...totals,
    ...settled.value,
    lines: cart.lines.map((line, index) => ticketLine(line, index, lines[index])),
    tenders,
    perpetual_minor: withinRange(() => minor(perpetual + totals.total_minor)),
    original: cart.head.original,
    customer: cart.head.customer,
    reference: cart.head.reference,
    note: cart.head.note,
  };
}

function ticketLine(
  { rates: _rates, discount: _discount, rung_by: _rungBy, ...line }: Cart['lines'][number],
  index: number,
  money: TicketTotals['lines'][number] | undefined,
): TicketLine {
  if (!money) throw new Error(`line ${line.line_id} was not priced`);
  return { line_no: index + 1, ...line, ...money };
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
