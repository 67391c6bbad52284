import type { DecimalError } from '#shared/decimal.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { TICKET_LIMITS } from '#shared/sales/limits.ts';
import { type Currency, minorPlaces, parseUnitPrice, type UnitPrice } from '#shared/sales/money.ts';
import { type Milli, parseQuantity } from '#shared/stock/quantity.ts';
import { cell, type Layout } from './invoice-columns.ts';

/** One row of an invoice file, read. Texts fit the till's fields. */
export type InvoiceRow = {
  invoice: string;
  code: string;
  /** The description; absent where the file has none, so that the catalogue's name stands. */
  name?: string;
  /** How a description that is too long for a name goes on. */
  note?: string;
  quantity_milli: Milli;
  unit_price_micro: UnitPrice;
  customer?: string;
  date?: string;
  /** Characters of the description, where not all of them fit name and note. */
  shortened_from?: number;
};

/** What could not be read, and why, in plain words. */
export type Rejection = { value: string; reason: string };

const LONGEST = { invoice: 100, code: 150, name: 300, note: 300, other: 100 };

/**
 * Reads one row. Zero and negative prices and quantities, missing customers and descriptions are all facts; only
 * what has no number, no code, no readable quantity or price, or is too large to be added up is refused.
 */
export function readRow(
  layout: Layout,
  fields: readonly string[],
  currency: Currency,
): Result<InvoiceRow, Rejection> {
  const text = (column: Parameters<typeof cell>[2]) =>
    cell(layout, fields, column).replaceAll('\0', '\ufffd');
  const invoice = text('InvoiceNo');
  if (invoice === '') return refuse('', 'the invoice number is missing');
  if (invoice.length > LONGEST.invoice) {
    return refuse(invoice, `the invoice number is longer than ${LONGEST.invoice} characters`);
  }
  const code = text('StockCode');
  if (code === '') return refuse('', 'the stock code is missing');
  if (code.length > LONGEST.code)
    return refuse(code, `the stock code is longer than ${LONGEST.code} characters`);
  const quantity = parseQuantity(text('Quantity'));
  if (!quantity.ok) return refuse(text('Quantity'), why('quantity', text('Quantity'), quantity.error, 3));
  const price = parseUnitPrice(text('UnitPrice'), currency);
  if (!price.ok) {
    return refuse(text('UnitPrice'), why('price', text('UnitPrice'), price.error, minorPlaces(currency) + 6));
  }
  if (!fitsTicket(quantity.value, price.value)) {
    return refuse(
      `${text('Quantity')} × ${text('UnitPrice')}`,
      'quantity times price is larger than a ticket can hold',
    );
  }
  const customer = text('CustomerID').replace(/^(\d+)\.0+$/, '$1');
  const date = text('InvoiceDate');
  return ok({
    invoice,
    code,
    ...named(text('Description')),
    quantity_milli: quantity.value,
    unit_price_micro: price.value,
    ...(/^0*$/.test(customer) ? {} : { customer: shorten(customer, LONGEST.other) }),
    ...(date === '' ? {} : { date: shorten(date, LONGEST.other) }),
  });
}

const refuse = (value: string, reason: string): Result<never, Rejection> =>
  fail({ value: shorten(value, 200), reason });

function why(what: string, text: string, error: DecimalError, places: number): string {
  if (text === '') return `the ${what} is missing`;
  if (error === 'not_a_number') return `the ${what} is not a number`;
  if (error === 'too_large') return `the ${what} is larger than can be held`;
  return `the ${what} is finer than ${places} decimals`;
}

/** Whether the till takes such a line at all. */
function fitsTicket(quantity: Milli, price: UnitPrice): boolean {
  const amount = (BigInt(quantity) * BigInt(price)) / 1_000_000_000n;
  const size = amount < 0n ? -amount : amount;
  return size <= BigInt(TICKET_LIMITS.amount_minor) && Math.abs(quantity) <= TICKET_LIMITS.quantity_milli;
}

/** A description as a name; one too long for that goes on in the note, as far as it goes. */
function named(description: string): Pick<InvoiceRow, 'name' | 'note' | 'shortened_from'> {
  if (description === '') return {};
  if (description.length <= LONGEST.name) return { name: description };
  const name = shorten(description, LONGEST.name);
  const rest = `…${description.slice(name.length - 1)}`;
  const note = shorten(rest, LONGEST.note);
  return note === rest ? { name, note } : { name, note, shortened_from: description.length };
}

/** A text cut to so many UTF-16 units, never within a surrogate pair; an ellipsis says that it was cut. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
