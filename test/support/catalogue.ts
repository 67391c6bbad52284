import { v7 as uuid } from 'uuid';
import type { CompanyId } from '#shared/ids.ts';
import { type Db, inCompany, rows } from '../../server/db.ts';

/** An item for a test's catalogue; price in minor units. */
export type TestItem = {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly barcode?: string;
  readonly tax_class?: string;
};

/** Puts items into a company's catalogue, as the import would, each with a family and an identity of its own. */
export async function addItems(
  db: Db,
  company: CompanyId,
  items: readonly TestItem[],
): Promise<Map<string, string>> {
  return inCompany(db, company, async (tx) => {
    await rows(
      tx,
      `insert into department (company_id, code, name) values ($1, 'GENERAL', 'General') on conflict do nothing`,
      [company],
    );
    await rows(
      tx,
      `insert into sales_category (company_id, code, name, department_code)
       values ($1, 'UNSORTED', 'Unsorted', 'GENERAL') on conflict do nothing`,
      [company],
    );
    const [last] = await rows<{ last: number }>(
      tx,
      'select coalesce(max(product_id), 0) as last from product_family where company_id = $1',
      [company],
    );
    const made = new Map<string, string>();
    for (const [index, item] of items.entries()) {
      const product = (last?.last ?? 0) + index + 1;
      const variant = uuid();
      made.set(item.sku, variant);
      await rows(tx, 'insert into product_family (company_id, product_id, base_name) values ($1, $2, $3)', [
        company,
        product,
        item.name,
      ]);
      await rows(
        tx,
        `insert into product_identity (company_id, product_id, type, lci, physical_class) values ($1, $2, 'P', 1, 'E')`,
        [company, product],
      );
      await rows(
        tx,
        `insert into variant (company_id, variant_id, product_id, type, lci, colour_code, condition_code, sku, name,
           unit_price_micro, category_code, tax_class_code)
         values ($1, $2, $3, 'P', 1, 'XX', 'N', $4, $5, $6, 'UNSORTED', $7)`,
        [company, variant, product, item.sku, item.name, item.price * 1_000_000, item.tax_class ?? 'STD'],
      );
      if (item.barcode !== undefined) {
        await rows(tx, 'insert into barcode (company_id, code, variant_id) values ($1, $2, $3)', [
          company,
          item.barcode,
          variant,
        ]);
      }
    }
    return made;
  });
}
