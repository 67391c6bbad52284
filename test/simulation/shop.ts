import { v7 as uuid } from 'uuid';
import type { CompanyId, LocationId, UserId, VariantId } from '#shared/ids.ts';
import { variantIdSchema } from '#shared/ids.ts';
import { type Db, inCompany, rows, type Tx } from '../../server/db.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { createCompany } from '../../server/people/seed.ts';
import { between, chanceFor } from './chance.ts';

/** A company of a history. Companies have the same natural keys, so that whatever is mixed up is seen. */
export type Shop = {
  readonly letter: string;
  readonly company_id: CompanyId;
  readonly location_id: LocationId;
  readonly cashier: UserId;
  readonly manager: UserId;
  readonly items: readonly ShopItem[];
};
export type ShopItem = { readonly variant_id: VariantId; readonly sku: string; readonly code: string };

/** Goods of a shop at the beginning of a history. */
export const ITEMS = 8;

/** Makes a company with a few goods, straight in the database. */
export async function openShop(db: Db, seed: number, letter: string): Promise<Shop> {
  const company = await createCompany(db, {
    ...DEMO_SHOP,
    name: `Shop ${letter}`,
    people: [
      { name: 'Ada Okafor', role: 'CASHIER' },
      { name: 'Maya Lindqvist', role: 'MANAGER' },
    ],
  });
  const person = (role: string): UserId => {
    const found = company.people.find((one) => one.role === role);
    if (!found) throw new Error(`nobody is ${role}`);
    return found.user_id;
  };
  const items = await inCompany(db, company.company_id, (tx) => stock(tx, seed, letter));
  const { company_id, location_id } = company;
  return { letter, company_id, location_id, cashier: person('CASHIER'), manager: person('MANAGER'), items };
}

async function stock(tx: Tx, seed: number, letter: string): Promise<ShopItem[]> {
  await rows(tx, "insert into department (company_id, code, name) values ($1, 'GENERAL', 'General')", [
    tx.company_id,
  ]);
  await rows(
    tx,
    `insert into sales_category (company_id, code, name, department_code)
     values ($1, 'GROCERY', 'Grocery', 'GENERAL'), ($1, 'GIFTS', 'Gifts', 'GENERAL')`,
    [tx.company_id],
  );
  const random = chanceFor(seed, `prices of ${letter}`);
  const items: ShopItem[] = [];
  for (let index = 1; index <= ITEMS; index += 1) {
    items.push(
      await addItem(tx, { index, name: `Item ${index} of ${letter}`, pence: between(random, 5, 4000) }),
    );
  }
  return items;
}

/** A new item; `index` gives it the same codes in every company. */
export async function addItem(
  tx: Tx,
  { index, name, pence }: { index: number; name: string; pence: number },
): Promise<ShopItem> {
  const variant_id = variantIdSchema.parse(uuid());
  const code = `500000000${1000 + index}`;
  const sku = `SKU-${index}`;
  await rows(tx, 'insert into product_family (company_id, product_id, base_name) values ($1, $2, $3)', [
    tx.company_id,
    index,
    name,
  ]);
  await rows(
    tx,
    `insert into product_identity (company_id, product_id, type, lci, physical_class)
     values ($1, $2, 'P', 0, 'E')`,
    [tx.company_id, index],
  );
  await rows(
    tx,
    `insert into variant (company_id, variant_id, product_id, type, lci, colour_code, condition_code, sku, name,
       unit_price_micro, category_code, tax_class_code)
     values ($1, $2, $3, 'P', 0, 'XX', 'N', $4, $5, $6, $7, $8)`,
    [
      tx.company_id,
      variant_id,
      index,
      sku,
      name,
      pence * 1_000_000,
      index % 3 === 0 ? 'GIFTS' : 'GROCERY',
      ['STD', 'RED', 'ZERO'][index % 3],
    ],
  );
  await rows(tx, 'insert into barcode (company_id, code, variant_id) values ($1, $2, $3)', [
    tx.company_id,
    code,
    variant_id,
  ]);
  return { variant_id, sku, code };
}
