import type { Item } from '#shared/catalogue/item.ts';
import type { Catalog } from '../open.ts';
import { sql } from '../statement.ts';

/** An item as the table holds it. */
export type ItemRow = Omit<Item, 'active' | 'barcodes'> & { active: 0 | 1; barcodes: string };

/** The columns of an `ItemRow`, of the table `item`. */
export const ITEM_COLUMNS =
  'item.variant_id, item.sku, item.name, item.unit_price_micro, item.category, item.tax_class, item.active, item.barcodes';

const BY_VARIANT = sql<ItemRow, [string]>(`SELECT ${ITEM_COLUMNS} FROM item WHERE variant_id = ?`);

export const itemOf = (row: ItemRow): Item => ({
  ...row,
  active: row.active === 1,
  barcodes: JSON.parse(row.barcodes) as string[],
});

/** The item of that variant, active or not. */
export function itemByVariant(catalog: Catalog, variantId: string): Item | null {
  const row = BY_VARIANT(catalog).get(variantId);
  return row ? itemOf(row) : null;
}
