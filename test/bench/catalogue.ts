import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Item } from '#shared/catalogue/item.ts';
import { searchWords } from '#shared/catalogue/search-text.ts';
import { pick, seededRandom } from '../../demo/random.ts';
import { itemByCode } from '../../src-main/data/catalogue/lookup.ts';
import { searchItems } from '../../src-main/data/catalogue/search.ts';
import type { Till } from '../../src-main/data/till.ts';
import { type Described, measure, percentile, timed } from './measure.ts';
import { type BenchTill, catalogueFeed } from './stage.ts';

const PAGE = 2000;

/** Filling a till's catalogue, and finding items in it. */
export const benchCatalogue = ({ till, folder }: BenchTill, items: readonly Item[]): Described[] => [
  fill(till, folder, items),
  lookup(till, items),
  search(till, items),
];

/** Pages of the feed into the indexed catalogue, search index included, against bare inserts with three indexes. */
function fill(till: Till, folder: string, items: readonly Item[]): Described {
  const apply = catalogueFeed(till, items, PAGE);
  const ms = sum(timed(apply.length, (page) => apply[page]?.()));
  const raw = new Database(join(folder, 'raw-items.db'));
  raw.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE item (id INTEGER PRIMARY KEY, variant_id TEXT, sku TEXT, name TEXT, price INTEGER, code TEXT);
    CREATE UNIQUE INDEX a ON item (variant_id); CREATE INDEX b ON item (sku); CREATE INDEX c ON item (code);`);
  const insert = raw.prepare('INSERT INTO item (variant_id, sku, name, price, code) VALUES (?, ?, ?, ?, ?)');
  const page = raw.transaction((rows: readonly Item[]) => {
    for (const item of rows) {
      insert.run(item.variant_id, item.sku, item.name, item.unit_price_micro, item.barcodes[0]);
    }
  });
  const rawMs = sum(timed(apply.length, (index) => page(items.slice(index * PAGE, (index + 1) * PAGE))));
  raw.close();
  return measure(
    'pull.apply',
    'rows/s',
    { value: (items.length / ms) * 1000, limit: (items.length / rawMs) * 1000 },
    { against: 'bare inserts with three indexes, no search index', goal: '100,000 rows/s end to end' },
  );
}

const lookup = (till: Till, items: readonly Item[]): Described =>
  measure('lookup.barcode.p99', 'ms', lookupTimes(till, items), LOOKUP);

const search = (till: Till, items: readonly Item[]): Described =>
  measure('search.p99', 'ms', searchTimes(till, items), SEARCH);

export const LOOKUP = { against: 'one prepared SELECT on the barcode index', goal: '≤ 0.1 ms' };
export const SEARCH = { against: 'the bare index query for the same words', goal: '≤ 10 ms' };

/** 20,000 barcodes, one after the other: the time of the slowest in a hundred, in ms. */
export function lookupTimes(till: Pick<Till, 'catalog'>, items: readonly Item[]) {
  const random = seededRandom(1);
  const codes = Array.from({ length: 20_000 }, () => items[pick(random, items.length)]?.barcodes[0] ?? '');
  const bare = till.catalog.prepare<[string]>('SELECT item_id FROM barcode WHERE code = ?');
  const ask = (index: number) => itemByCode(till.catalog, codes[index] ?? '');
  timed(2000, ask);
  return {
    value: percentile(timed(codes.length, ask), 0.99),
    limit: percentile(
      timed(codes.length, (index) => bare.get(codes[index] ?? '')),
      0.99,
    ),
  };
}

/**
 * What a cashier types on the way to an item: one to three beginnings of words, in any order. The time of the slowest
 * in a hundred, in ms.
 */
export function searchTimes(till: Pick<Till, 'catalog'>, items: readonly Item[]) {
  const random = seededRandom(2);
  const typed = Array.from({ length: 3000 }, () => {
    const words = (items[pick(random, items.length)]?.name ?? '').split(' ');
    const count = 1 + pick(random, 3);
    const chosen = Array.from({ length: count }, () => words[pick(random, words.length)] ?? '');
    return chosen.map((word) => word.slice(0, 1 + pick(random, 5))).join(' ');
  });
  const bare = till.catalog.prepare<[string]>(
    'SELECT rowid FROM item_search WHERE item_search MATCH ? ORDER BY rowid LIMIT 50',
  );
  const match = (text: string) =>
    searchWords(text)
      .map((word) => `"${word}"*`)
      .join(' ') || '"a"*';
  return {
    value: percentile(
      timed(typed.length, (index) => searchItems(till.catalog, typed[index] ?? '', 50)),
      0.99,
    ),
    limit: percentile(
      timed(typed.length, (index) => bare.all(match(typed[index] ?? ''))),
      0.99,
    ),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
