import type { Item } from './item.ts';
import { searchWords } from './search-text.ts';

/**
 * How items are written into `catalog.db` (`migrations/terminal/catalog`): by the till that pulls pages, and by the
 * server that makes the ready file of a snapshot. A call into SQLite costs as much as the row it writes, so rows
 * go several to a statement: `rowsOf`.
 */
export const ITEM_INSERT = `INSERT INTO item
  (item_id, variant_id, sku, name, unit_price_micro, category, tax_class, active, barcodes, generation) VALUES `;
export const BARCODE_INSERT = 'INSERT OR IGNORE INTO barcode (code, item_id) VALUES ';
/**
 * The words of items under ids that follow each other. $1 the first of them, $2 a JSON list of words, null where an item
 * is not searched. All of a page by one statement: a row each is a fifth more work.
 */
export const WORDS_INSERT =
  'INSERT INTO item_search (rowid, words) SELECT ? + key, value FROM json_each(?) WHERE value IS NOT NULL';
/** The words of one item. FTS5 writes its whole buffer at the begin of a statement of several rows; not for this one. */
export const WORDS_INSERT_ONE = 'INSERT INTO item_search (rowid, words) VALUES (?, ?)';

/** Values of one row of each table. */
export const ITEM_WIDTH = 10;
export const BARCODE_WIDTH = 2;
/** Rows of one statement. */
export const ROWS_AT_ONCE = 8;

/** Placeholders for so many rows of so many values. */
export const rowsOf = (width: number, count: number): string =>
  Array(count)
    .fill(`(${Array(width).fill('?').join(', ')})`)
    .join(', ');

/** The values of an item's row, in the order of `ITEM_INSERT`. */
const itemValues = (item: Item, id: number, generation: number): (string | number)[] => [
  id,
  item.variant_id,
  item.sku,
  item.name,
  item.unit_price_micro,
  item.category,
  item.tax_class,
  item.active ? 1 : 0,
  JSON.stringify(item.barcodes),
  generation,
];

/** The words by which an item's name is found. Only what is sold is searched: never ask for the others. */
export const wordsOf = (name: string): string => searchWords(name).join(' ');

/** A prepared statement, whichever side prepared it. */
type Write = { run(...values: (string | number)[]): unknown };

/** Writes a flat list of values as rows: `ROWS_AT_ONCE` with each call of `many`, the rest one by one. */
function writeRows(values: (string | number)[], width: number, many: Write, one: Write): void {
  const step = width * ROWS_AT_ONCE;
  let at = 0;
  for (; at + step <= values.length; at += step) many.run(...values.slice(at, at + step));
  for (; at < values.length; at += width) one.run(...values.slice(at, at + width));
}

/** The statements that add items. */
export type ItemWrites = {
  readonly items: Write;
  readonly item: Write;
  readonly barcodes: Write;
  readonly barcode: Write;
  readonly words: Write;
};

/** Adds items that are not there yet, under the ids from `first` on, with their codes and search words. */
export function addItems(write: ItemWrites, items: readonly Item[], first: number, generation: number): void {
  const rows: (string | number)[] = [];
  const codes: (string | number)[] = [];
  items.forEach((item, index) => {
    rows.push(...itemValues(item, first + index, generation));
    for (const code of item.barcodes) codes.push(code, first + index);
  });
  writeRows(rows, ITEM_WIDTH, write.items, write.item);
  writeRows(codes, BARCODE_WIDTH, write.barcodes, write.barcode);
  const words = items.map(({ active, name }) => (active ? wordsOf(name) : null));
  write.words.run(first, JSON.stringify(words));
}
