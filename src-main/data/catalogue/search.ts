import type { Item } from '#shared/catalogue/item.ts';
import { searchWords } from '#shared/catalogue/search-text.ts';
import type { Catalog } from '../open.ts';
import { sql } from '../statement.ts';
import { ITEM_COLUMNS, type ItemRow, itemOf } from './item-row.ts';
import { itemByCode } from './lookup.ts';

/** In order of the row, not of relevance: the index then stops at the limit instead of ranking every match. */
const BY_WORDS = sql<ItemRow, [string, number]>(
  `SELECT ${ITEM_COLUMNS} FROM item_search JOIN item ON item.item_id = item_search.rowid
   WHERE item_search MATCH ? ORDER BY item_search.rowid LIMIT ?`,
);
const BY_SKU_START = sql<ItemRow, [string, string, number]>(
  `SELECT ${ITEM_COLUMNS} FROM item
   WHERE sku >= +? COLLATE NOCASE AND sku < +? COLLATE NOCASE AND active = 1
   ORDER BY sku COLLATE NOCASE LIMIT ?`,
);

/** More words than anybody types; beyond it they stop narrowing the search. */
const MOST_WORDS = 12;

/**
 * Items that are sold and whose names have words beginning with each of the typed words, in any order, accents
 * and case ignored. First comes the item whose code was typed, then those whose SKU begins with it.
 */
export function searchItems(catalog: Catalog, text: string, limit: number): Item[] {
  const typed = text.trim();
  const found = new Map<string, Item>();
  const add = (item: Item) => {
    if (item.active && found.size < limit) found.set(item.variant_id, item);
  };
  if (typed === '') return [];
  const exact = itemByCode(catalog, typed);
  if (exact) add(exact);
  if (!typed.includes(' ')) {
    for (const row of BY_SKU_START(catalog).all(typed, `${typed}\u{10ffff}`, SKU_STARTS)) add(itemOf(row));
  }
  const words = searchWords(typed).slice(0, MOST_WORDS);
  if (words.length > 0) for (const row of itemsByWords(catalog, words, limit)) add(itemOf(row));
  return [...found.values()];
}

/** The index has the beginnings of words up to so many letters. For a longer one it gathers every row before the first. */
const INDEXED = 5;
/** So many rows are read one by one before it may. */
const MOST_READ = 1000;

/**
 * Items by beginnings of words. Long ones are looked up by their first letters, and the rest is read in the name: of
 * common words the first rows already answer. Where they do not, the whole words are rare, and the index is quick.
 */
function itemsByWords(catalog: Catalog, words: readonly string[], limit: number): ItemRow[] {
  const long = words.filter((word) => word.length > INDEXED);
  if (long.length === 0) return BY_WORDS(catalog).all(matching(words), limit);
  const short = words.map((word) => [...word].slice(0, INDEXED).join(''));
  const rows: ItemRow[] = [];
  let read = 0;
  for (const row of BY_WORDS(catalog).iterate(matching(short), MOST_READ)) {
    read += 1;
    const own = searchWords(row.name);
    if (long.every((word) => own.some((name) => name.startsWith(word)))) rows.push(row);
    if (rows.length === limit) return rows;
  }
  return read < MOST_READ ? rows : BY_WORDS(catalog).all(matching(words), limit);
}

const matching = (words: readonly string[]): string => words.map((word) => `"${word}"*`).join(' ');

/** So many SKUs that only begin as typed; the rest of the page is for names. */
const SKU_STARTS = 5;
