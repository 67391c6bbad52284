import { hash } from '@node-rs/argon2';
import { v7 as uuid } from 'uuid';
import { type Item, itemSchema } from '#shared/catalogue/item.ts';
import { enrolReplySchema } from '#shared/contract/central.ts';
import { ROLES } from '#shared/people/role.ts';
import type { FeedChange } from '#shared/sync/feed.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { openCatalog, openLedger } from '../../src-main/data/open.ts';
import { insertTerminal } from '../../src-main/data/people/terminal.ts';
import { applyPage } from '../../src-main/data/sync/apply-page.ts';

/** An item of the shop that `seedTill` stocks; the price is in pence. */
export type StockedItem = { name: string; price: number; code: string; category?: string; tax?: string };

/** Enrols a till in `folder` and fills its catalogue, as a server would. */
export async function seedTill(folder: string, stock: readonly StockedItem[]): Promise<void> {
  const at = new Date().toISOString();
  const opened = openLedger(folder, at);
  if ('recovery' in opened) throw new Error(opened.recovery.message);
  const enrolled = enrolReplySchema.parse({
    terminal_id: uuid(),
    terminal_code: 'T1',
    epoch: 1,
    after_seq: 0,
    nonce: '1.AAECAwQFBgcICQoLDA0ODw',
    series: [],
    location: {
      ...DEMO_SHOP.location,
      company_id: uuid(),
      company_name: DEMO_SHOP.name,
      location_id: uuid(),
    },
  });
  const { catalog } = openCatalog(folder, at);
  insertTerminal(opened.ledger, { ...enrolled, name: 'Till 1', server_url: 'http://127.0.0.1:9' }, at);
  const changes = [
    ...(await shopChanges(enrolled.location.location_id, enrolled.location)),
    ...itemChanges(stock),
  ];
  const page = { reset: true, changes, cursor: '1', more: false, server_time: at };
  applyPage(catalog, page, null, at);
  opened.ledger.close();
  catalog.close();
}

async function shopChanges(locationId: string, location: Record<string, unknown>): Promise<FeedChange[]> {
  const people = await Promise.all(
    DEMO_SHOP.people.map(async ({ name, role, pin }) => ({
      user_id: uuid(),
      name,
      ...(pin === undefined ? {} : { pin_hash: await hash(pin) }),
      permissions: [...ROLES[role].permissions],
      active: true,
    })),
  );
  return [
    { entity: 'location', key: locationId, row: location },
    { entity: 'department', key: 'GENERAL', row: { code: 'GENERAL', name: 'General' } },
    ...people.map((row): FeedChange => ({ entity: 'user', key: row.user_id, row })),
    ...DEMO_SHOP.tax_classes.map((row): FeedChange => ({ entity: 'tax_class', key: row.code, row })),
    ...DEMO_SHOP.payment_types.map((row): FeedChange => ({ entity: 'payment_type', key: row.code, row })),
  ];
}

function itemChanges(stock: readonly StockedItem[]): FeedChange[] {
  const categories = [...new Set(stock.map(({ category = 'Grocery' }) => category))];
  const items = stock.map(
    ({ name, price, code, category = 'Grocery', tax = 'STD' }): Item =>
      itemSchema.parse({
        variant_id: uuid(),
        sku: code,
        name,
        unit_price_micro: price * 1_000_000,
        category,
        tax_class: tax,
        active: true,
        barcodes: [code],
      }),
  );
  return [
    ...categories.map(
      (code): FeedChange => ({
        entity: 'category',
        key: code,
        row: { code, name: code, department: 'GENERAL' },
      }),
    ),
    ...items.map((row): FeedChange => ({ entity: 'item', key: row.variant_id, row })),
  ];
}
