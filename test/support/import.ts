import { categorySchema, departmentSchema, itemSchema } from '#shared/catalogue/item.ts';
import type { Finding } from '../../server/catalogue/import/finding.ts';
import {
  type ImportCounts,
  type ImportOptions,
  importCatalogue,
} from '../../server/catalogue/import/import-catalogue.ts';
import type { Db } from '../../server/db.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import { aFile } from '../unit/catalogue/import/a-file.ts';
import { told } from './feed.ts';

export const ITEMS = ['item', itemSchema] as const;
export const CATEGORIES = ['category', categorySchema] as const;
export const DEPARTMENTS = ['department', departmentSchema] as const;

/** The counts of an import of no rows. */
export const NOTHING = {
  read: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  repeated: 0,
  rejected: 0,
  warnings: 0,
  interrupted: false,
  dry_run: false,
};

/** Imports a text, in small chunks, and gives back its findings and counts without those that differ each time. */
export async function load(
  db: Db,
  shop: SeededCompany,
  content: string | Uint8Array,
  options: ImportOptions = {},
  onProgress?: (counts: Readonly<ImportCounts>) => void,
  signal?: AbortSignal,
) {
  const findings: Finding[] = [];
  const onFindings = async (found: readonly Finding[]) => void findings.push(...found);
  const {
    bytes: _bytes,
    seconds: _seconds,
    ...counts
  } = await importCatalogue(
    db,
    shop.company_id,
    aFile(content, 1000),
    { price: { range: '0.99..99.99' }, chunk_rows: 50, onFindings, ...options },
    onProgress,
    signal,
  );
  return { counts, findings };
}

/** The items on the shop's tills as people see them: by sku, without ids, which differ from import to import. */
export const shelf = async (db: Db, shop: SeededCompany) =>
  (await told(db, shop, ITEMS))
    .map(({ variant_id: _id, ...item }) => item)
    .sort((one, other) => (one.sku < other.sku ? -1 : 1));

/** A file of so many items with skus `S0`, `S1`, … */
export const aCatalogue = (count: number): string => ['sku,name,price', ...someRows(count)].join('\n');

export const someRows = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `S${from + index},Item ${from + index},${index % 90}.50`);
