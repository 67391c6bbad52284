import { fail, ok, type Result } from '../result.ts';
import { type Discount, type DiscountError, discountOf, spreadDiscount } from './discount.ts';
import { extendedPrice, type Minor, minor, type UnitPrice } from './money.ts';
import { exactSum } from './rounding.ts';
import { computeTax, type TaxRate, type TaxSettings, type TaxTotal } from './tax.ts';

/** What a line is priced from. Quantities are thousandths and negative for goods that come back. */
export type PricedLine = {
  readonly line_id: string;
  readonly quantity_milli: number;
  readonly unit_price_micro: UnitPrice;
  readonly tax_class: string;
  readonly rates: readonly TaxRate[];
  readonly discount?: Discount | undefined;
};

/** The money of one line. `total = net + tax`; `gross − line discount − ticket discount = amount`. */
export type LineTotals = {
  gross_minor: Minor;
  line_discount_minor: Minor;
  ticket_discount_minor: Minor;
  net_minor: Minor;
  tax_minor: Minor;
};

/** The money of a ticket, before tenders: the sums of its lines, and the tax per rate. */
export type TicketTotals = {
  lines: LineTotals[];
  taxes: TaxTotal[];
  gross_minor: Minor;
  discount_minor: Minor;
  net_minor: Minor;
  tax_minor: Minor;
  total_minor: Minor;
};

/** A discount that exceeds its base, with the line it stands on (none: the ticket's own). */
export type TicketTotalsError = { code: DiscountError; line_id?: string };

/**
 * Prices a ticket: extended prices, line discounts, the ticket's discount spread over the lines, then tax.
 * The one place where this is computed, for the till's screen, its ledger and the server's check.
 */
export function computeTicket(
  lines: readonly PricedLine[],
  ticketDiscount: Discount | undefined,
  settings: TaxSettings,
): Result<TicketTotals, TicketTotalsError> {
  const gross: Minor[] = [];
  const lineDiscounts: Minor[] = [];
  for (const line of lines) {
    const amount = extendedPrice(line.quantity_milli, line.unit_price_micro);
    const discount = line.discount ? discountOf(amount, line.discount) : ok(minor(0));
    if (!discount.ok) return fail({ code: discount.error, line_id: line.line_id });
    gross.push(amount);
    lineDiscounts.push(discount.value);
  }
  const afterLine = lines.map((line, index) => ({
    key: line.line_id,
    amount_minor: minor(at(gross, index) - at(lineDiscounts, index)),
  }));
  const spread = ticketDiscount ? spreadDiscount(afterLine, ticketDiscount) : ok(lines.map(() => minor(0)));
  if (!spread.ok) return fail({ code: spread.error });
  const taxed = lines.map((line, index) => ({
    key: line.line_id,
    amount_minor: minor((afterLine[index]?.amount_minor ?? 0) - at(spread.value, index)),
    tax_class: line.tax_class,
    rates: line.rates,
  }));
  const { taxes, totals } = computeTax(taxed, settings);
  const lineTotals = taxed.map((entry, index) => {
    const tax = at(taxes, index);
    return {
      gross_minor: at(gross, index),
      line_discount_minor: at(lineDiscounts, index),
      ticket_discount_minor: at(spread.value, index),
      net_minor: settings.prices_include_tax ? minor(entry.amount_minor - tax) : entry.amount_minor,
      tax_minor: tax,
    };
  });
  return ok({ lines: lineTotals, taxes: totals, ...sumLines(lineTotals) });
}

/** Adds up the lines of a ticket. */
export function sumLines(lines: readonly LineTotals[]): Omit<TicketTotals, 'lines' | 'taxes'> {
  const net = exactSum(lines.map((line) => line.net_minor));
  const tax = exactSum(lines.map((line) => line.tax_minor));
  return {
    gross_minor: minor(exactSum(lines.map((line) => line.gross_minor))),
    discount_minor: minor(exactSum(lines.flatMap(discountsOf))),
    net_minor: minor(net),
    tax_minor: minor(tax),
    total_minor: minor(net + tax),
  };
}

/** What was taken off a line: its own discount and its share of the ticket's. */
export const discountsOf = (line: LineTotals): Minor[] => [
  line.line_discount_minor,
  line.ticket_discount_minor,
];

function at(values: readonly Minor[], index: number): Minor {
  const value = values[index];
  if (value === undefined) throw new Error(`no amount at ${index}`);
  return value;
}
