import type { CompanyId } from '#shared/ids.ts';
import { type Db, inCompany, rows } from '../../server/db.ts';

/** A catalogue that is worth a snapshot: items `B0000001 …`, made in the database in seconds. */
export async function addManyItems(db: Db, company: CompanyId, count: number): Promise<void> {
  await inCompany(db, company, async (tx) => {
    const run = (sql: string) => rows(tx, sql, [company, count]);
    await rows(tx, `insert into department (company_id, code, name) values ($1, 'GENERAL', 'General')`, [
      company,
    ]);
    await rows(
      tx,
      `insert into sales_category (company_id, code, name, department_code) values ($1, 'UNSORTED', 'Unsorted', 'GENERAL')`,
      [company],
    );
    await run(`insert into product_family (company_id, product_id, base_name)
      select $1, n, 'Item ' || n from generate_series(1, $2::integer) n`);
    await run(`insert into product_identity (company_id, product_id, type, lci, physical_class)
      select $1, n, 'P', 1, 'E' from generate_series(1, $2::integer) n`);
    await run(`insert into variant (company_id, variant_id, product_id, type, lci, colour_code, condition_code, sku,
        name, unit_price_micro, category_code, tax_class_code, active)
      select $1, gen_random_uuid(), n, 'P', 1, 'XX', 'N', 'B' || lpad(n::text, 7, '0'),
        'Чайник kettle Émile ' || n, 100000000 + n::bigint * 1000000, 'UNSORTED', 'STD', n % 100 <> 0
      from generate_series(1, $2::integer) n`);
    await run(`insert into barcode (company_id, code, variant_id)
      select $1, '20' || lpad(substr(sku, 2), 11, '0'), variant_id from variant
      where company_id = $1 and product_id <= $2::integer`);
  });
}
