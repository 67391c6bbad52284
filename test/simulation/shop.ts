import { v7 as uuid } from 'uuid';
import type { CompanyId, LocationId, UserId, VariantId } from '#shared/ids.ts';
import { locationIdSchema, variantIdSchema } from '#shared/ids.ts';
import { type Db, inCompany, rows, type Tx } from '../../server/db.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { createCompany } from '../../server/people/seed.ts';
import { between, chanceFor } from './chance.ts';

/** A company of a history. Companies have the same natural keys, so that whatever is mixed up is seen. */
export type Shop = {
  readonly letter: string;
  readonly company_id: CompanyId;
  readonly location_id: LocationId;
  /** Where tills may be moved to. */
  readonly other_location_id: LocationId;
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
  const { company_id, location_id } = company;
  const other_location_id = locationIdSchema.parse(uuid());
  const items = await inCompany(db, company_id, async (tx) => {
    await rows(
      tx,
      `insert into location (company_id, location_id, code, kind, name, currency, zone, day_change_hour,
         cash_step_minor, denominations, prices_include_tax, tax_rounding)
       select company_id, $3, 'SHOP2', kind, 'Branch', currency, zone, day_change_hour, 5, denominations,
         prices_include_tax, 'ticket' from location where company_id = $1 and location_id = $2`,
      [company_id, location_id, other_location_id],
    );
    return stock(tx, seed, letter);
  });
  const people = { cashier: person('CASHIER'), manager: person('MANAGER') };
  return { letter, company_id, location_id, other_location_id, ...people, items };
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
  return addItems(
    tx,
    Array.from({ length: ITEMS }, (_, place) => ({
      number: place + 1,
      name: `Item ${place + 1} of ${letter}`,
      pence: between(random, 5, 4000),
    })),
  );
}

/** New items, one statement a table; `number` gives them the same codes in every company. */
export async function addItems(
  tx: Tx,
  asked: readonly { number: number; name: string; pence: number }[],
): Promise<ShopItem[]> {
  const items = asked.map(({ number, name, pence }) => ({
    variant_id: variantIdSchema.parse(uuid()),
    number,
    name,
    sku: `SKU-${number}`,
    code: `500000000${1000 + number}`,
    price: pence * 1_000_000,
    category: number % 3 === 0 ? 'GIFTS' : 'GROCERY',
    tax: ['STD', 'RED', 'ZERO'][number % 3],
  }));
  const insert = (into: string, values: string) =>
    rows(
      tx,
      `insert into ${into} select $1, ${values} from json_to_recordset($2) as item (variant_id uuid, number integer,
         name text, sku text, code text, price bigint, category text, tax text)`,
      [tx.company_id, JSON.stringify(items)],
    );
  await insert('product_family (company_id, product_id, base_name)', 'number, name');
  await insert('product_identity (company_id, product_id, type, lci, physical_class)', "number, 'P', 0, 'E'");
  await insert(
    `variant (company_id, variant_id, product_id, type, lci, colour_code, condition_code, sku, name, unit_price_micro,
       category_code, tax_class_code)`,
    "variant_id, number, 'P', 0, 'XX', 'N', sku, name, price, category, tax",
  );
  await insert('barcode (company_id, code, variant_id)', 'code, variant_id');
  return items;
}
