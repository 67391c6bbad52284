import { type Column, unnest } from '../../columns.ts';
import { rows, type Tx } from '../../db.ts';
import { ImportError } from './import-error.ts';
import type { ItemValues, Plan, Stored } from './plan-chunk.ts';
import type { ImportRow } from './read-row.ts';

/** What an item is of which the file says no more: product, the first of its kind, an each. */
const PLAIN = { type: 'P', lci: 1, physical_class: 'E', colour_code: 'XX', condition_code: 'N' } as const;
const LAST_PRODUCT_ID = 0xff_ffff;

/** Imports of one company take turns from here to the end of the transaction. */
export const lockCatalogue = (tx: Tx): Promise<unknown> =>
  rows(tx, 'select from company where company_id = $1 for no key update', [tx.company_id]);

/** The items that rows may mean, by their barcodes and by their keys. */
export async function readStored(tx: Tx, given: readonly ImportRow[]): Promise<Stored> {
  const bySku = new Map<string, ItemValues>();
  const byBarcode = new Map<string, ItemValues>();
  const barcodes = given.flatMap((row) => row.barcode ?? []);
  for (const item of await rows<ItemValues & { code: string }>(tx, ITEMS_BY_BARCODE, [
    tx.company_id,
    barcodes,
  ])) {
    byBarcode.set(item.code, item);
    bySku.set(item.sku, item);
  }
  const skus = given.map((row) => row.key).filter((key) => !bySku.has(key));
  for (const item of await rows<ItemValues>(tx, ITEMS_BY_SKU, [tx.company_id, skus]))
    bySku.set(item.sku, item);
  return { by_sku: bySku, by_barcode: byBarcode };
}

const ITEM = 'variant_id, sku, name, unit_price_micro, category_code, tax_class_code, active';

/**
 * By variant (company_id, sku) and the primary keys of barcode and variant. Each look-up has its own `limit`, which
 * holds the planner to the index: after a large import its statistics are old for a minute, and a join then reads
 * the whole table (450 ms a chunk instead of 50).
 */
const ITEMS_BY_SKU = `
  select v.* from unnest($2::text[]) as given (sku)
  cross join lateral (select ${ITEM} from variant where company_id = $1 and sku = given.sku limit 1) v`;
const ITEMS_BY_BARCODE = `
  select v.*, b.code from unnest($2::text[]) as given (code)
  cross join lateral (select code, variant_id from barcode where company_id = $1 and code = given.code limit 1) b
  cross join lateral (select ${ITEM} from variant where company_id = $1 and variant_id = b.variant_id limit 1) v`;

/**
 * Writes a plan in as few statements as there are tables: the feed's triggers run once for each. Only rows that
 * differ are touched, so that terminals fetch nothing twice.
 */
export async function writePlan(tx: Tx, plan: Plan): Promise<void> {
  await insertCategories(tx, plan.categories);
  await insertItems(tx, plan.created);
  await updateItems(tx, plan.changed);
  await insertBarcodes(tx, plan.barcodes);
}

/** Makes what is missing; a category that exists stays in its department. */
async function insertCategories(tx: Tx, categories: ReadonlyMap<string, string>): Promise<void> {
  if (categories.size === 0) return;
  const codes = [...categories.keys()];
  const departments = [...categories.values()];
  await rows(
    tx,
    `insert into department (company_id, code, name)
     select distinct $1::uuid, code, code from unnest($2::text[], $3::text[]) as given (category, code)
     where not exists (select from sales_category c where c.company_id = $1 and c.code = category)
     on conflict do nothing`,
    [tx.company_id, codes, departments],
  );
  await rows(
    tx,
    `insert into sales_category (company_id, code, name, department_code)
     select $1, code, code, department from unnest($2::text[], $3::text[]) as given (code, department)
     on conflict do nothing`,
    [tx.company_id, codes, departments],
  );
}

const ITEM_COLUMNS = {
  variant_id: { type: 'uuid', of: (item) => item.variant_id },
  sku: { type: 'text', of: (item) => item.sku },
  name: { type: 'text', of: (item) => item.name },
  unit_price_micro: { type: 'bigint', of: (item) => item.unit_price_micro },
  category_code: { type: 'text', of: (item) => item.category_code },
  tax_class_code: { type: 'text', of: (item) => item.tax_class_code },
  active: { type: 'text', of: (item) => String(item.active) },
} as const satisfies Record<string, Column<ItemValues>>;

async function insertItems(tx: Tx, items: readonly ItemValues[]): Promise<void> {
  if (items.length === 0) return;
  const [top] = await rows<{ product_id: number }>(
    tx,
    'select coalesce(max(product_id), 0) as product_id from product_family where company_id = $1',
    [tx.company_id],
  );
  const last = top?.product_id ?? 0;
  if (last + items.length > LAST_PRODUCT_ID)
    throw new ImportError('source', 'The product numbers are used up.');
  const given = unnest(items, ITEM_COLUMNS, 8);
  await rows(
    tx,
    `with given as (
       select $2::integer + row_number() over ()::integer as product_id, given.* from ${given.clause}
     ), family as (
       insert into product_family (company_id, product_id, base_name) select $1, product_id, name from given
     ), identity as (
       insert into product_identity (company_id, product_id, type, lci, physical_class)
       select $1, product_id, $3, $4, $5 from given
     )
     insert into variant (company_id, variant_id, product_id, type, lci, colour_code, condition_code, sku, name,
       unit_price_micro, category_code, tax_class_code, active)
     select $1, variant_id, product_id, $3, $4, $6::colour_code, $7::condition_code, sku, name,
       unit_price_micro, category_code, tax_class_code, active::boolean
     from given`,
    [
      tx.company_id,
      last,
      PLAIN.type,
      PLAIN.lci,
      PLAIN.physical_class,
      PLAIN.colour_code,
      PLAIN.condition_code,
      ...given.values,
    ],
  );
}

async function updateItems(tx: Tx, items: readonly ItemValues[]): Promise<void> {
  if (items.length === 0) return;
  const given = unnest(items, ITEM_COLUMNS, 2);
  await rows(
    tx,
    `update variant v set name = given.name, unit_price_micro = given.unit_price_micro,
       category_code = given.category_code, tax_class_code = given.tax_class_code, active = given.active::boolean
     from ${given.clause}
     where v.company_id = $1 and v.variant_id = given.variant_id`,
    [tx.company_id, ...given.values],
  );
}

async function insertBarcodes(tx: Tx, barcodes: Plan['barcodes']): Promise<void> {
  if (barcodes.length === 0) return;
  const given = unnest(barcodes, BARCODE_COLUMNS, 2);
  await rows(
    tx,
    `insert into barcode (company_id, code, variant_id) select $1, code, variant_id from ${given.clause}`,
    [tx.company_id, ...given.values],
  );
}

const BARCODE_COLUMNS = {
  code: { type: 'text', of: (barcode) => barcode.code },
  variant_id: { type: 'uuid', of: (barcode) => barcode.variant_id },
} as const satisfies Record<string, Column<Plan['barcodes'][number]>>;
