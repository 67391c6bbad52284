import type { Item } from '#shared/catalogue/item.ts';
import { searchWords } from '#shared/catalogue/search-text.ts';
import type { Catalog } from '../open.ts';
import { sql } from '../statement.ts';

type Known = { item_id: number; name: string; active: 0 | 1; barcodes: string };

const KNOWN = sql<Known, [string]>('SELECT item_id, name, active, barcodes FROM item WHERE variant_id = ?');
const INSERT = sql<never, [string, string, string, number, string, string, number, string, number]>(
  `INSERT INTO item
     (variant_id, sku, name, unit_price_micro, category, tax_class, active, barcodes, generation)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);
const UPDATE = sql<never, [string, string, number, string, string, number, string, number, number]>(
  `UPDATE item SET sku = ?, name = ?, unit_price_micro = ?, category = ?, tax_class = ?, active = ?,
     barcodes = ?, generation = ?
   WHERE item_id = ?`,
);
const DELETE = sql<never, [number]>('DELETE FROM item WHERE item_id = ?');
const OUTDATED = sql<{ item_id: number; active: 0 | 1; barcodes: string }, [number]>(
  'SELECT item_id, active, barcodes FROM item WHERE generation < ?',
);
const ADD_CODE = sql<never, [string, number]>('INSERT OR IGNORE INTO barcode (code, item_id) VALUES (?, ?)');
const DROP_CODE = sql<never, [string, number]>('DELETE FROM barcode WHERE code = ? AND item_id = ?');
const ADD_WORDS = sql<never, [number | bigint, string]>(
  'INSERT INTO item_search (rowid, words) VALUES (?, ?)',
);
const DROP_WORDS = sql<never, [number]>('DELETE FROM item_search WHERE rowid = ?');

/**
 * Inserts or updates an item with its codes and its search words, inside the caller's transaction. What has not
 * changed is not written again: most updates change only a price. Returns whether the item is new.
 */
export function putItem(catalog: Catalog, item: Item, generation: number): boolean {
  const known = KNOWN(catalog).get(item.variant_id);
  const barcodes = JSON.stringify(item.barcodes);
  if (known) update(catalog, known, item, barcodes, generation);
  else insert(catalog, item, barcodes, generation);
  return !known;
}

/** Removes an item; returns whether there was one. Inside the caller's transaction. */
export function dropItem(catalog: Catalog, variantId: string): boolean {
  const known = KNOWN(catalog).get(variantId);
  if (known) remove(catalog, known);
  return known !== undefined;
}

/** Removes the items that the fill `generation` did not name, and returns how many. */
export function dropItemsBefore(catalog: Catalog, generation: number): number {
  const outdated = OUTDATED(catalog).all(generation);
  for (const item of outdated) remove(catalog, item);
  return outdated.length;
}

function insert(catalog: Catalog, item: Item, barcodes: string, generation: number): void {
  const { lastInsertRowid: id } = INSERT(catalog).run(
    item.variant_id,
    item.sku,
    item.name,
    item.unit_price_micro,
    item.category,
    item.tax_class,
    item.active ? 1 : 0,
    barcodes,
    generation,
  );
  for (const code of item.barcodes) ADD_CODE(catalog).run(code, Number(id));
  if (item.active) ADD_WORDS(catalog).run(id, wordsOf(item.name));
}

function update(catalog: Catalog, known: Known, item: Item, barcodes: string, generation: number): void {
  const id = known.item_id;
  UPDATE(catalog).run(
    item.sku,
    item.name,
    item.unit_price_micro,
    item.category,
    item.tax_class,
    item.active ? 1 : 0,
    barcodes,
    generation,
    id,
  );
  if (barcodes !== known.barcodes) {
    for (const code of JSON.parse(known.barcodes) as string[]) DROP_CODE(catalog).run(code, id);
    for (const code of item.barcodes) ADD_CODE(catalog).run(code, id);
  }
  const before = known.active ? wordsOf(known.name) : null;
  const after = item.active ? wordsOf(item.name) : null;
  if (before === after) return;
  if (before !== null) DROP_WORDS(catalog).run(id);
  if (after !== null) ADD_WORDS(catalog).run(id, after);
}

function remove(catalog: Catalog, known: { item_id: number; active: 0 | 1; barcodes: string }): void {
  for (const code of JSON.parse(known.barcodes) as string[]) DROP_CODE(catalog).run(code, known.item_id);
  if (known.active) DROP_WORDS(catalog).run(known.item_id);
  DELETE(catalog).run(known.item_id);
}

/** Only items that are sold are searched, so that the search never has to look past the others. */
const wordsOf = (name: string): string => searchWords(name).join(' ');
