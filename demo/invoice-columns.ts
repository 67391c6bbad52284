import { splitLine } from './csv-records.ts';

/** The file is not one of invoices at all. The message is one plain sentence for the person who chose it. */
export class NotInvoices extends Error {}

const REQUIRED = ['InvoiceNo', 'StockCode', 'Quantity', 'UnitPrice'] as const;
const OPTIONAL = ['Description', 'InvoiceDate', 'CustomerID'] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** How a file is laid out: its delimiter, its header, and at which place each column stands. */
export type Layout = {
  delimiter: string;
  header: readonly string[];
  places: ReadonlyMap<Column, number>;
};

/**
 * Finds the delimiter and the columns from the header, which is the first line that is not blank. Columns may stand
 * in any order and among others; their names are compared without regard to case, spaces and underscores.
 */
export function layoutOf(text: string): Layout {
  const first = /[^\r\n]*\S[^\r\n]*/.exec(text)?.[0];
  if (first === undefined) throw new NotInvoices('The file is empty.');
  const layouts = [',', ';', '\t', '|'].map((delimiter) => layoutWith(first, delimiter));
  const layout = layouts.reduce((best, other) => (other.places.size > best.places.size ? other : best));
  const missing = REQUIRED.filter((name) => !layout.places.has(name));
  if (missing.length > 0) {
    const columns = missing.length === 1 ? `column ${missing[0]}` : `columns ${missing.join(', ')}`;
    throw new NotInvoices(`The file has no ${columns}; its first line is: ${first.slice(0, 200)}`);
  }
  const twice = [...REQUIRED, ...OPTIONAL].find(
    (name) => layout.header.filter((title) => fold(title) === fold(name)).length > 1,
  );
  if (twice) throw new NotInvoices(`The file has the column ${twice} more than once.`);
  return layout;
}

function layoutWith(line: string, delimiter: string): Layout {
  const header = splitLine(line, delimiter) ?? [];
  const titles = header.map(fold);
  const places = new Map<Column, number>();
  for (const name of [...REQUIRED, ...OPTIONAL]) {
    const place = titles.indexOf(fold(name));
    if (place !== -1) places.set(name, place);
  }
  return { delimiter, header, places };
}

/** The field of a column, without spaces at its ends; empty where the file or the row does not have it. */
export const cell = (layout: Layout, fields: readonly string[], column: Column): string =>
  fields[layout.places.get(column) ?? -1]?.trim() ?? '';

/** Whether a row is the header once more, as where files were put one behind another. */
export const isHeader = (layout: Layout, fields: readonly string[]): boolean =>
  fields.length === layout.header.length &&
  fields.every((field, index) => fold(field) === fold(layout.header[index] ?? ''));

const fold = (title: string): string => title.toLowerCase().replace(/[\s_]/g, '');
