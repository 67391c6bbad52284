import type { Item } from '#shared/catalogue/item.ts';
import { inCompany, rows } from '../../server/db.ts';
import type { Centre } from './centre.ts';

/** Items of one transaction. */
const BATCH = 20_000;

/**
 * Puts items into a centre's catalogue past the import, which would take ten times as long for a million, and leaves
 * the database as it is when nothing was done to it for a while.
 */
export async function fillCentre({ db, company }: Centre, items: readonly Item[]): Promise<void> {
  const { company_id } = company;
  await inCompany(db, company_id, async (tx) => {
    await rows(tx, "insert into department (company_id, code, name) values ($1, 'GENERAL', 'General')", [
      company_id,
    ]);
    await rows(
      tx,
      `insert into sales_category (company_id, code, name, department_code)
       values ($1, 'UNSORTED', 'Unsorted', 'GENERAL')`,
      [company_id],
    );
  });
  for (let start = 0; start < items.length; start += BATCH) {
    const batch = JSON.stringify(
      items.slice(start, start + BATCH).map((item, index) => ({ ...item, product_id: start + index + 1 })),
    );
    await inCompany(db, company_id, async (tx) => {
      for (const insert of INSERTS) {
        await rows(tx, `with goods as (${GOODS}) ${insert}`, [company_id, batch]);
      }
    });
  }
  await db.query('vacuum (analyze)');
}

const GOODS = `select * from json_to_recordset($2::json) as made (product_id integer, variant_id uuid, sku text, name text,
  unit_price_micro bigint, category text, tax_class text, barcodes json)`;

const INSERTS = [
  'insert into product_family (company_id, product_id, base_name) select $1, product_id, name from goods',
  `insert into product_identity (company_id, product_id, type, lci, physical_class)
   select $1, product_id, 'P', 1, 'E' from goods`,
  `insert into variant (company_id, variant_id, product_id, type, lci, colour_code, condition_code, sku, name,
     unit_price_micro, category_code, tax_class_code)
   select $1, variant_id, product_id, 'P', 1, 'XX', 'N', sku, name, unit_price_micro, category, tax_class from goods`,
  `insert into barcode (company_id, code, variant_id)
   select $1, code, variant_id from goods, json_array_elements_text(barcodes) code`,
];
