import { barcodeSpellings } from '#shared/catalogue/gtin.ts';
import type { Item } from '#shared/catalogue/item.ts';
import type { Catalog } from '../open.ts';
import { sql } from '../statement.ts';
import { ITEM_COLUMNS, type ItemRow, itemOf } from './item-row.ts';

/** Of several items under one code, one that is sold comes before one that is not. */
const BY_BARCODE = sql<ItemRow, [string]>(
  `SELECT ${ITEM_COLUMNS} FROM barcode JOIN item USING (item_id)
   WHERE barcode.code = +? ORDER BY item.active DESC, item.item_id LIMIT 1`,
);
/** Real shops have `m` beside `M`, so the spelling that was typed comes first, then any other case. */
const BY_SKU = sql<ItemRow, [string, string]>(
  `SELECT ${ITEM_COLUMNS} FROM item
   WHERE sku = +? COLLATE NOCASE ORDER BY item.sku = ? DESC, item.active DESC, item.item_id LIMIT 1`,
);

/**
 * The item that a scanned or typed code means: by barcode in each spelling that scanners send, then by SKU. An
 * item that is no longer sold is found only where no other is.
 */
export function itemByCode(catalog: Catalog, code: string): Item | null {
  let unsold: ItemRow | undefined;
  for (const spelling of barcodeSpellings(code)) {
    const row = BY_BARCODE(catalog).get(spelling);
    if (row?.active) return itemOf(row);
    unsold ??= row;
  }
  const row = BY_SKU(catalog).get(code, code);
  if (row && (row.active || !unsold)) return itemOf(row);
  return unsold ? itemOf(unsold) : null;
}
