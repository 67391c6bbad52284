import { v7 as uuid } from 'uuid';
import { type VariantId, variantIdSchema } from '#shared/ids.ts';
import type { UnitPrice } from '#shared/sales/money.ts';
import type { Finding } from './finding.ts';
import type { PriceRule } from './price-rule.ts';
import type { ImportRow } from './read-row.ts';

/** An item's values as the database has them. */
export type ItemValues = {
  readonly variant_id: VariantId;
  readonly sku: string;
  readonly name: string;
  readonly unit_price_micro: UnitPrice;
  readonly category_code: string;
  readonly tax_class_code: string;
  readonly active: boolean;
};

/** The items that the database has under the keys and the barcodes of a chunk. */
export type Stored = {
  readonly by_sku: ReadonlyMap<string, ItemValues>;
  readonly by_barcode: ReadonlyMap<string, ItemValues>;
};

/** What the rows of a file have taken: of each sku the line, of each barcode the sku. */
export type Taken = { readonly lines: Map<string, number>; readonly owners: Map<string, string> };

/** How a file's rows are decided on. */
export type PlanRules = {
  readonly keyed_by: 'sku' | 'barcode';
  /** Headers of the columns, for what is to be said. */
  readonly headers: { readonly key: string; readonly barcode: string; readonly price: string };
  /** Of new items where the file does not say. Without a rule for prices the file has to. */
  readonly price: PriceRule | undefined;
  readonly tax_class: string;
};

/** What is to be written for a chunk, what is to be said about it, and what became of its rows. */
export type Plan = {
  readonly created: ItemValues[];
  readonly changed: ItemValues[];
  readonly barcodes: { readonly code: string; readonly variant_id: VariantId }[];
  /** Of each category that an item is put into: the department to make it in, where there is none yet. */
  readonly categories: Map<string, string>;
  readonly findings: Finding[];
  readonly tally: { new: number; changed: number; unchanged: number; repeated: number; rejected: number };
  readonly taken: Taken;
};

const UNSORTED = { code: 'UNSORTED', department: 'GENERAL' } as const;

/**
 * Decides what becomes of rows. What the file does not say, an existing item keeps and a new one gets by rule. Of
 * rows with the same key the first is taken, in whatever chunk, and the others only add their barcodes: so a second
 * import of the same file finds nothing to change.
 * @param before what the chunks before have taken
 */
export function planChunk(rows: readonly ImportRow[], stored: Stored, before: Taken, rules: PlanRules): Plan {
  const plan: Plan = {
    created: [],
    changed: [],
    barcodes: [],
    categories: new Map(),
    findings: [],
    tally: { new: 0, changed: 0, unchanged: 0, repeated: 0, rejected: 0 },
    taken: { lines: new Map(), owners: new Map() },
  };
  const made = new Map<string, ItemValues>();
  for (const row of rows) {
    let item = storedItem(row, stored, rules);
    const sku = item?.sku ?? row.key;
    const owner = ownerOf(row.barcode, stored, plan.taken, before);
    if (owner !== undefined && owner !== sku) {
      reject(plan, row, rules.headers.barcode, row.barcode ?? '', `belongs to ${owner} already`);
      continue;
    }
    const line = plan.taken.lines.get(sku) ?? before.lines.get(sku);
    const isNewBarcode = row.barcode !== undefined && owner === undefined;
    if (line !== undefined) {
      noteRepeated(plan, row, rules.headers.key, line);
      item ??= made.get(sku);
    } else {
      if (item) noteStored(plan, row, item, isNewBarcode);
      else item = noteNew(plan, row, rules);
      if (!item) continue;
      made.set(sku, item);
      plan.taken.lines.set(sku, row.line);
    }
    if (!isNewBarcode) continue;
    plan.taken.owners.set(row.barcode, sku);
    // In a preview an item of an earlier chunk is in no table; nothing is written then.
    if (item) plan.barcodes.push({ code: row.barcode, variant_id: item.variant_id });
  }
  return plan;
}

function storedItem(row: ImportRow, stored: Stored, rules: PlanRules): ItemValues | undefined {
  const item = rules.keyed_by === 'barcode' ? stored.by_barcode.get(row.key) : undefined;
  return item ?? stored.by_sku.get(row.key);
}

function ownerOf(code: string | undefined, stored: Stored, here: Taken, before: Taken): string | undefined {
  if (code === undefined) return undefined;
  return stored.by_barcode.get(code)?.sku ?? here.owners.get(code) ?? before.owners.get(code);
}

function noteRepeated(plan: Plan, row: ImportRow, column: string, line: number): void {
  plan.tally.repeated += 1;
  const reason = `is on line ${line} too, which was taken; of this row only the barcode`;
  plan.findings.push({ kind: 'warning', line: row.line, column, value: row.key, reason });
}

function noteStored(plan: Plan, row: ImportRow, item: ItemValues, isNewBarcode: boolean): void {
  const category = categoryOf(row);
  const wanted: ItemValues = {
    variant_id: item.variant_id,
    sku: item.sku,
    name: row.name,
    unit_price_micro: row.unit_price_micro ?? item.unit_price_micro,
    category_code: category?.code ?? item.category_code,
    tax_class_code: row.tax_class ?? item.tax_class_code,
    active: row.active ?? item.active,
  };
  const differs = VALUES.some((value) => wanted[value] !== item[value]);
  if (differs) {
    plan.changed.push(wanted);
    if (category) plan.categories.set(category.code, category.department);
  }
  plan.tally[differs || isNewBarcode ? 'changed' : 'unchanged'] += 1;
}

const VALUES = ['name', 'unit_price_micro', 'category_code', 'tax_class_code', 'active'] as const;

function noteNew(plan: Plan, row: ImportRow, rules: PlanRules): ItemValues | undefined {
  const price = row.unit_price_micro ?? rules.price?.(row.key);
  if (price === undefined) {
    reject(plan, row, rules.headers.price, '', 'is empty, and the item is new');
    return undefined;
  }
  const category = categoryOf(row) ?? UNSORTED;
  const item: ItemValues = {
    variant_id: variantIdSchema.parse(uuid()),
    sku: row.key,
    name: row.name,
    unit_price_micro: price,
    category_code: category.code,
    tax_class_code: row.tax_class ?? rules.tax_class,
    active: row.active ?? true,
  };
  plan.created.push(item);
  plan.categories.set(category.code, category.department);
  plan.tally.new += 1;
  return item;
}

/** A path such as `Food/Drinks/Wine` is a category as a whole; its first part is the department. */
function categoryOf({ category, department }: ImportRow): { code: string; department: string } | undefined {
  const code = category ?? department;
  if (code === undefined) return undefined;
  return { code, department: department ?? (firstPart(code) || UNSORTED.department) };
}

const firstPart = (path: string): string =>
  path
    .split('/')
    .map((part) => part.trim())
    .find((part) => part !== '') ?? '';

function reject(plan: Plan, row: ImportRow, column: string, value: string, reason: string): void {
  plan.tally.rejected += 1;
  plan.findings.push({ kind: 'rejected', line: row.line, column, value, reason });
}
