import { readFile } from 'node:fs/promises';
import { type Currency, currencySchema, extendedPrice } from '#shared/sales/money.ts';
import { eachRecord } from './csv-records.ts';
import { decodeText } from './decode-text.ts';
import { cell, isHeader, type Layout, layoutOf, NotInvoices } from './invoice-columns.ts';
import { type InvoiceRow, type Rejection, readRow, shorten } from './invoice-row.ts';

/** A line of an invoice, with the line of the file it stands on. */
export type InvoiceLine = { line: number } & Omit<
  InvoiceRow,
  'invoice' | 'customer' | 'date' | 'shortened_from'
>;

/** An invoice: one ticket at the till. Prices include tax. A refund's quantities are negative, as the file has them. */
export type Invoice = {
  number: string;
  kind: 'sale' | 'refund';
  customer?: string;
  date?: string;
  lines: InvoiceLine[];
};

/** Goods that left (or never were) outside a sale: the negative quantities of an invoice that is no refund. */
export type Adjustment = { number: string; lines: InvoiceLine[] };

/** A row that could not be read: where it stands, what was wrong with which value. */
export type RejectedRow = { line: number; invoice: string; code: string } & Rejection;

/** Everything a file says. Each row read is a line of exactly one invoice or adjustment, or it is rejected. */
export type InvoiceFile = {
  /** Rows read, blank lines and the header not counted: sold + returned + adjusted + rejected. */
  lines_read: number;
  invoices: Invoice[];
  adjustments: Adjustment[];
  rejected: RejectedRow[];
  /** Descriptions too long to be kept whole; their lines were taken in all the same. */
  shortened: { line: number; invoice: string; code: string; characters: number }[];
};

const GBP = currencySchema.parse('GBP');

/** Reads a file of invoices. Throws `NotInvoices` where it is empty or lacks a column. */
export const readInvoices = async (path: string, currency: Currency = GBP): Promise<InvoiceFile> =>
  invoicesIn(await readFile(path), currency);

/**
 * Reads invoices from the bytes of a file: `InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice,
 * CustomerID, Country`, the shape of the UCI Online Retail data set.
 *
 * Rows with the same number make one invoice, wherever they stand, in the order in which numbers first appear. A
 * number that begins with C is a refund; a negative quantity in any other invoice is an adjustment of stock.
 */
export function invoicesIn(bytes: Uint8Array, currency: Currency = GBP): InvoiceFile {
  const text = decodeText(bytes);
  const layout = layoutOf(text);
  const file: InvoiceFile = { lines_read: 0, invoices: [], adjustments: [], rejected: [], shortened: [] };
  const take = taker(file);
  const room = roomForSums();
  let headerSeen = false;
  eachRecord(text, layout.delimiter, layout.header.length, (record) => {
    if (!headerSeen) {
      headerSeen = 'fields' in record && isHeader(layout, record.fields);
      return;
    }
    file.lines_read += 1;
    const { line } = record;
    if ('unclosed' in record) {
      const pieces = record.unclosed.split(layout.delimiter);
      const value = shorten(record.unclosed, 200);
      const reason = 'a quotation mark is never closed';
      file.rejected.push({ line, ...names(layout, pieces), value, reason });
      return;
    }
    const { fields } = record;
    const misshapen = faultOfShape(layout, fields);
    const row = misshapen ? ({ ok: false, error: misshapen } as const) : readRow(layout, fields, currency);
    const fault = row.ok ? room(row.value) : row.error;
    if (row.ok && !fault) take(line, row.value);
    else if (fault) file.rejected.push({ line, ...names(layout, fields), ...fault });
  });
  if (!headerSeen) throw new NotInvoices('The first line of the file cannot be read as names of columns.');
  return file;
}

function faultOfShape(layout: Layout, fields: readonly string[]): Rejection | undefined {
  if (isHeader(layout, fields))
    return { value: cell(layout, fields, 'InvoiceNo'), reason: 'the header once more' };
  if (fields.length === layout.header.length) return undefined;
  const count = fields.length === 1 ? '1 column' : `${fields.length} columns`;
  return {
    value: shorten(fields.join(layout.delimiter), 200),
    reason: `the row has ${count} instead of ${layout.header.length}`,
  };
}

const names = (layout: Layout, fields: readonly string[]) => ({
  invoice: shorten(cell(layout, fields, 'InvoiceNo'), 100),
  code: shorten(cell(layout, fields, 'StockCode'), 150),
});

/** Puts rows into their invoice or adjustment. */
function taker(file: InvoiceFile): (line: number, row: InvoiceRow) => void {
  const invoices = new Map<string, Invoice>();
  const adjustments = new Map<string, Adjustment>();
  return (line, { invoice: number, customer, date, shortened_from, ...rest }) => {
    if (shortened_from !== undefined) {
      file.shortened.push({ line, invoice: number, code: rest.code, characters: shortened_from });
    }
    const refund = /^c/i.test(number);
    if (!refund && rest.quantity_milli < 0) {
      const adjustment = adjustments.get(number) ?? { number, lines: [] };
      if (!adjustments.has(number)) file.adjustments.push(adjustment);
      adjustments.set(number, adjustment);
      adjustment.lines.push({ line, ...rest });
      return;
    }
    const invoice = invoices.get(number) ?? { number, kind: refund ? 'refund' : 'sale', lines: [] };
    if (!invoices.has(number)) file.invoices.push(invoice);
    invoices.set(number, invoice);
    if (customer !== undefined) invoice.customer ??= customer;
    if (date !== undefined) invoice.date ??= date;
    invoice.lines.push({ line, ...rest });
  };
}

/**
 * Keeps the sums of a whole file within what a number holds exactly, so that no ticket, day or stock level made from
 * it can fail: a row that would carry them past 2^53 is refused.
 */
function roomForSums(): (row: InvoiceRow) => Rejection | undefined {
  let amount = 0;
  let quantity = 0;
  return (row) => {
    const amountAfter = amount + Math.abs(extendedPrice(row.quantity_milli, row.unit_price_micro));
    const quantityAfter = quantity + Math.abs(row.quantity_milli);
    if (!Number.isSafeInteger(amountAfter) || !Number.isSafeInteger(quantityAfter)) {
      return {
        value: String(row.quantity_milli / 1000),
        reason: 'with this row the sums of the file are too large',
      };
    }
    amount = amountAfter;
    quantity = quantityAfter;
    return undefined;
  };
}
