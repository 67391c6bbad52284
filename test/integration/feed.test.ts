import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { locationIdSchema } from '#shared/ids.ts';
import { FEED_SCHEMA } from '#shared/sync/feed.ts';
import { inCompany, rows } from '../../server/db.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { addItems } from '../support/catalogue.ts';
import { follow } from '../support/follower.ts';
import { testServer } from '../support/server.ts';
import { person, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { wireTerminal } from '../support/wire-terminal.ts';

const { central, server } = await startCentral();

const stock = (shop: TestShop, count: number): Promise<Map<string, string>> =>
  addItems(
    central.db,
    shop.company.company_id,
    Array.from({ length: count }, (_, index) => ({ sku: `SKU-${index}`, name: `Item ${index}`, price: 100 })),
  );

const raisePrice = (shop: TestShop, variant: string | undefined): Promise<unknown> =>
  shop.query(`update variant set unit_price_micro = unit_price_micro + 1 where variant_id = '${variant}'`);

describe('the feed', () => {
  test('loses nothing while eight writers commit in any order', async () => {
    const shop = await testShop(central, server);
    const variants = [...(await stock(shop, 120)).values()];
    const follower = follow(shop.terminal);
    await follower.drain();
    let writing = true;
    const reader = (async () => {
      while (writing) await follower.drain('limit=20');
      await follower.drain();
    })();
    // Every item changes once: a change that is passed over shows at the end.
    const writer = async (seed: number) => {
      for (let round = 0; round < 15; round += 1) {
        await inCompany(central.db, shop.company.company_id, async (tx) => {
          await rows(
            tx,
            'update variant set unit_price_micro = unit_price_micro + 1 where company_id = $1 and variant_id = $2',
            [tx.company_id, variants[round * 8 + seed]],
          );
          await pause((seed * round) % 40);
        });
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, seed) => writer(seed)));
    writing = false;
    await reader;
    const stored = await shop.query<{ variant_id: string; unit_price_micro: number }>(
      'select variant_id, unit_price_micro from variant',
    );
    for (const item of stored) expect(follower.known.get(`item ${item.variant_id}`)).toMatchObject(item);
  });

  test('comes in pages of at most what was asked for', async () => {
    const shop = await testShop(central, server);
    await stock(shop, 30);
    const all = await follow(shop.terminal).drain();
    const follower = follow(shop.terminal);
    const page = await follower.next('limit=10');
    expect(page).toMatchObject({ reset: true, more: true });
    expect(page.changes).toHaveLength(10);
    expect([
      ...page.changes.map((change) => `${change.entity} ${change.key}`),
      ...(await follower.drain('limit=10')),
    ]).toEqual(all);
    expect(new Set(all).size).toBe(all.length);
  });

  test('brings an item once, however often one transaction touched it', async () => {
    const shop = await testShop(central, server);
    const variant = (await stock(shop, 3)).get('SKU-1');
    const follower = follow(shop.terminal);
    await follower.drain();
    await inCompany(central.db, shop.company.company_id, async (tx) => {
      const where = [tx.company_id, variant];
      await rows(tx, 'update variant set name = $3 where company_id = $1 and variant_id = $2', [
        ...where,
        'First',
      ]);
      await rows(tx, 'insert into barcode (company_id, variant_id, code) values ($1, $2, $3)', [
        ...where,
        '4006',
      ]);
      await rows(tx, 'update variant set name = $3 where company_id = $1 and variant_id = $2', [
        ...where,
        'Last',
      ]);
    });
    expect(await follower.drain()).toEqual([`item ${variant}`]);
    expect(follower.known.get(`item ${variant}`)).toMatchObject({ name: 'Last', barcodes: ['4006'] });
  });

  test('tells both items when a barcode goes from one to the other', async () => {
    const shop = await testShop(central, server);
    const items = await stock(shop, 2);
    const [from, to] = [items.get('SKU-0'), items.get('SKU-1')];
    await shop.query(
      `insert into barcode (company_id, variant_id, code) values ('${shop.company.company_id}', '${from}', '4006')`,
    );
    const follower = follow(shop.terminal);
    await follower.drain();
    const moved = shop.query(`update barcode set variant_id = '${to}'`);
    await expect(moved).rejects.toThrow('permission denied');
    await inCompany(central.db, shop.company.company_id, async (tx) => {
      await rows(tx, "delete from barcode where company_id = $1 and code = '4006'", [tx.company_id]);
      await rows(tx, "insert into barcode values ($1, '4006', $2)", [tx.company_id, to]);
    });
    expect((await follower.drain()).sort()).toEqual([`item ${from}`, `item ${to}`].sort());
    expect(follower.known.get(`item ${from}`)).toMatchObject({ barcodes: [] });
    expect(follower.known.get(`item ${to}`)).toMatchObject({ barcodes: ['4006'] });
  });

  test('says what is gone, and takes it back when it returns', async () => {
    const shop = await testShop(central, server);
    const follower = follow(shop.terminal);
    const add = `insert into department values ('${shop.company.company_id}', 'TOYS', 'Toys')`;
    await shop.query(add);
    await follower.drain();
    expect(follower.known.has('department TOYS')).toBe(true);
    await shop.query(`delete from department where code = 'TOYS'`);
    const page = await follower.next();
    expect(page.changes).toEqual([{ entity: 'department', key: 'TOYS', row: null }]);
    await shop.query(add);
    await follower.drain();
    expect(follower.known.get('department TOYS')).toEqual({ code: 'TOYS', name: 'Toys' });
  });
});

describe('people in the feed', () => {
  test('change with their roles and with what the roles may do', async () => {
    const shop = await testShop(central, server);
    const cashier = person(shop.company, 'CASHIER');
    const follower = follow(shop.terminal);
    await follower.drain();
    const company = shop.company.company_id;
    const rights = () => (follower.known.get(`user ${cashier}`) as { permissions: string[] }).permissions;
    expect(rights()).not.toContain('sale.refund');
    await shop.query(`insert into role_permission values ('${company}', 'CASHIER', 'sale.refund')`);
    expect(await follower.drain()).toEqual([`user ${cashier}`]);
    expect(rights()).toContain('sale.refund');
    await shop.query(`delete from user_role where user_id = '${cashier}'`);
    expect(await follower.drain()).toEqual([`user ${cashier}`]);
    expect(rights()).toEqual([]);
    await shop.query(
      `update app_user set status = 'DISABLED', disabled_at = now() where user_id = '${cashier}'`,
    );
    await follower.drain();
    expect(follower.known.get(`user ${cashier}`)).toMatchObject({ active: false });
  });

  test('are gone for a terminal when they move to another location, which gets them', async () => {
    const shop = await testShop(central, server);
    const cashier = person(shop.company, 'CASHIER');
    const branch = locationIdSchema.parse(uuid());
    await shop.query(
      `insert into location select company_id, '${branch}', 'SHOP2', kind, name, currency, zone, day_change_hour,
         cash_step_minor, denominations, prices_include_tax, tax_rounding from location`,
    );
    await shop.query(`update app_user set sees = 'locations' where user_id = '${cashier}'`);
    const company = shop.company.company_id;
    const assign = (location: string) =>
      shop.query(`insert into user_location values ('${company}', '${cashier}', '${location}')`);
    await assign(shop.company.location_id);
    const code = await inCompany(central.db, shop.company.company_id, (tx) => makeEnrolmentCode(tx, branch));
    const here = follow(shop.terminal);
    const there = follow(await wireTerminal(server.url, code, shop.user));
    await Promise.all([here.drain(), there.drain()]);
    expect([...here.known.keys()].filter((key) => key.startsWith('location'))).toEqual([
      `location ${shop.company.location_id}`,
    ]);
    await shop.query(`delete from user_location where user_id = '${cashier}'`);
    await assign(branch);
    expect((await here.next()).changes).toEqual([{ entity: 'user', key: cashier, row: null }]);
    await there.drain();
    expect(there.known.get(`user ${cashier}`)).toMatchObject({ active: true });
  });
});

describe('a cursor', () => {
  test('that this server never gave out is refused by its name', async () => {
    const shop = await testShop(central, server);
    const given = JSON.parse(
      Buffer.from(
        String((await shop.terminal.send('/api/v1/sync/pull')).body.cursor),
        'base64url',
      ).toString(),
    ) as Record<string, unknown>;
    const spoilt = fc
      .tuple(
        fc.constantFrom(...Object.keys(given)),
        fc.oneof(fc.constant(undefined), fc.double(), fc.jsonValue()),
      )
      .filter(
        ([name, value]) =>
          typeof value !== typeof given[name] || (typeof value === 'number' && !(value >= 0)),
      )
      .map(([name, value]) => Buffer.from(JSON.stringify({ ...given, [name]: value })).toString('base64url'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary', maxLength: 501 }), spoilt), async (cursor) => {
        const answer = await shop.terminal.send(
          `/api/v1/sync/pull?cursor=${encodeURIComponent(cursor.toWellFormed())}`,
        );
        expect(answer.status).toBe(422);
        expect(answer.body).toMatchObject({ code: 'invalid_input', errors: [{ path: 'cursor' }] });
      }),
      { numRuns: 150 },
    );
  });

  test('of an earlier life of the server, or of another company, begins anew', async () => {
    const shop = await testShop(central, server);
    const other = follow((await testShop(central, server)).terminal);
    const follower = follow(shop.terminal);
    await follower.drain();
    const { cursor } = await other.next();
    const foreign = await shop.terminal.send(`/api/v1/sync/pull?cursor=${cursor}`);
    expect(foreign.body).toMatchObject({ reset: true });
    expect(await follower.next()).toMatchObject({ reset: false, changes: [] });
    const owner = new pg.Client({ connectionString: central.ownerUrl });
    await owner.connect();
    await owner.query('update server_epoch set epoch = gen_random_uuid(), since = now()');
    await owner.end();
    const page = await follower.next();
    expect(page.reset).toBe(true);
    expect(follower.known.size).toBeGreaterThan(5);
    expect(await follower.next()).toMatchObject({ reset: false, changes: [] });
  });
});

describe('a terminal of another version', () => {
  const pull = (shop: TestShop, schema: number) =>
    shop.terminal.send(`/api/v1/sync/pull?feed_schema=${schema}`);

  test('is told nothing that it would not understand, and may still tell', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    expect((await pull(shop, FEED_SCHEMA)).status).toBe(200);
    const old = await pull(shop, FEED_SCHEMA - 1);
    expect(old).toMatchObject({ status: 426, body: { code: 'terminal_too_old', title: 'Upgrade Required' } });
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
  });

  test('that is newer than the server is asked to come again, when the server may be as new', async () => {
    const shop = await testShop(central, server);
    const early = await pull(shop, FEED_SCHEMA + 1);
    expect(early).toMatchObject({ status: 409, body: { code: 'server_too_old' } });
    expect(early.headers.get('retry-after')).toBe('30');
  });
});

describe('a terminal that waits for changes', () => {
  test('is told of a new price long before its wait is over', async () => {
    const shop = await testShop(central, server);
    const variant = (await stock(shop, 2)).get('SKU-0');
    const follower = follow(shop.terminal);
    await follower.drain();
    const waiting = follower.next('wait_s=25');
    await pause(300);
    await raisePrice(shop, variant);
    const page = await Promise.race([waiting, pause(10_000)]);
    expect(page?.changes).toMatchObject([{ entity: 'item', key: variant }]);
  });

  test('gets an empty page when nothing changed', async () => {
    const shop = await testShop(central, server);
    const follower = follow(shop.terminal);
    await follower.drain();
    expect(await follower.next('wait_s=1')).toMatchObject({ reset: false, more: false, changes: [] });
  });

  test('is answered at once when the server ends', async () => {
    const ending = await testServer(central.db);
    const shop = await testShop(central, ending);
    const follower = follow(shop.terminal);
    await follower.drain();
    const waiting = follower.next('wait_s=25');
    await pause(300);
    const ended = ending.close().then(() => 'ended');
    expect(await waiting).toMatchObject({ changes: [] });
    expect(await Promise.race([ended, pause(10_000)])).toBe('ended');
  });
});
