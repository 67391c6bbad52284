import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { type LocationId, locationIdSchema } from '#shared/ids.ts';
import { currencySchema } from '#shared/sales/money.ts';
import { inCompany, openPool } from '../../server/db.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { addItems } from '../support/catalogue.ts';
import { type Office, officeOf } from '../support/office.ts';
import { testServer } from '../support/server.ts';
import { person, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { shift } from '../support/tickets.ts';
import { type WireTerminal, wireTerminal } from '../support/wire-terminal.ts';

const CATEGORIES = ['FISH', 'TEA', 'UNKNOWN'];
const TYPES = ['CASH', 'CARD', 'SHELLS'];

const { central, server } = await startCentral();
let shop: TestShop;
let admin: Office;
let manager: Office;
let branch: LocationId;

beforeAll(async () => {
  shop = await testShop(central, server);
  admin = await officeOf(server.url, shop.company, 'ADMIN');
  manager = await officeOf(server.url, shop.company, 'MANAGER');
  await addItems(central.db, shop.company.company_id, [{ sku: 'MUG', name: 'Mug', price: 255 }]);
  for (const code of ['FISH', 'TEA', 'EMPTY']) {
    await admin.post('/api/v1/sales-categories', { code, name: `All ${code}`, department: 'GENERAL' });
  }
  branch = await addLocation('BRANCH');
  await sell(shop.terminal, 11);
  const code = await inCompany(central.db, shop.company.company_id, (tx) => makeEnrolmentCode(tx, branch));
  await sell(await wireTerminal(server.url, code, person(shop.company, 'ADMIN')), 7);
});
async function addLocation(code: string): Promise<LocationId> {
  const { version: _, ...fields } = (await admin.get(`/api/v1/locations/${shop.company.location_id}`)).body;
  const location_id = locationIdSchema.parse(uuid());
  await admin.post('/api/v1/locations', { ...fields, location_id, code });
  return location_id;
}

/** Tickets of two lines, of changing categories and payment types, that the server takes as they are. */
async function sell(terminal: WireTerminal, tickets: number): Promise<void> {
  const day = shift(terminal.enrolment, shop.user);
  const sales = Array.from({ length: tickets }, (_, index) => {
    const { ticket } = day.ticket({ lines: [{}, {}] });
    return day.ticket({
      change: {
        business_date: `2026-03-0${(index % 3) + 1}`,
        lines: ticket.lines.map((line, place) => ({
          ...line,
          category: CATEGORIES[(index + place) % 3] ?? '',
          tax_class: index === 0 ? 'RED' : 'STD',
        })),
        tenders: ticket.tenders.map((tender) => ({ ...tender, payment_type: TYPES[index % 3] ?? '' })),
      },
    });
  });
  await terminal.deliver([
    terminal.record('day.opened', day.opened),
    ...sales.map((sale) => terminal.record('ticket.completed', sale)),
  ]);
}

type Paired = Record<string, unknown> & { ticket_id: string; business_date: string };

/** Everything behind a list, page by page. */
async function all(office: Office, path: string, query = ''): Promise<Paired[]> {
  const found: Paired[] = [];
  for (;;) {
    const { status, body } = await office.get(`${path}?limit=4&skip=${found.length}${query}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    found.push(...(body.items as Paired[]));
    if (found.length >= Number(body.total_count)) return found;
  }
}
const linesOf = (office: Office, code: string, query = '') =>
  all(office, `/api/v1/sales-categories/${code}/line-items`, query);
const tendersOf = (office: Office, code: string, query = '') =>
  all(office, `/api/v1/payment-types/${code}/tenders`, query);
const facts = (table: string, number: string) =>
  shop.query<{ fact: string }>(`select ticket_id || ' ' || ${number} as fact from ${table} order by 1`);

describe('a line item and its sales category', () => {
  test('point at each other: the categories together have every line once', async () => {
    const found = [];
    for (const code of CATEGORIES) {
      const lines = await linesOf(admin, code);
      const category = code === 'UNKNOWN' ? null : { code, name: `All ${code}`, department: 'GENERAL' };
      for (const line of lines) expect(line.sales_category).toEqual(category);
      found.push(...lines.map((line) => `${line.ticket_id} ${line.line_id}`));
    }
    expect(found).toHaveLength(36);
    expect(found.sort()).toEqual((await facts('ticket_line', 'line_id')).map(({ fact }) => fact));
  });

  test('tell what was sold, when, and on which receipt', async () => {
    const [line] = await linesOf(admin, 'FISH');
    expect(line).toMatchObject({
      business_date: '2026-03-01',
      receipt_number: expect.stringMatching(/^(SHOP1|BRANCH)-T\d-T-\d{6}$/),
      name: 'Lantern, white metal',
      quantity_milli: 1000,
      currency: 'GBP',
    });
    expect(await linesOf(admin, 'FISH', '&text=lantern')).toHaveLength(12);
    expect(await linesOf(admin, 'FISH', '&text=LANTERN%25')).toHaveLength(0);
    const dates = (await linesOf(admin, 'FISH', '&order=desc')).map((entry) => entry.business_date);
    expect(dates).toEqual(dates.toSorted().reverse());
  });

  test('are not there where there is neither', async () => {
    expect((await admin.get('/api/v1/sales-categories/EMPTY/line-items')).body).toEqual({
      items: [],
      total_count: 0,
    });
    expect((await admin.get('/api/v1/sales-categories/NONE/line-items')).status).toBe(404);
    expect((await admin.get('/api/v1/payment-types/NONE/tenders')).status).toBe(404);
  });
});

test('a tender and its payment type point at each other: the types together have every tender once', async () => {
  const found = [];
  for (const code of TYPES) {
    const tenders = await tendersOf(admin, code);
    for (const tender of tenders) {
      expect(tender.payment_type).toEqual(
        code === 'SHELLS' ? null : expect.objectContaining({ code, kind: code.toLowerCase() }),
      );
      expect(tender).toMatchObject({ amount_minor: expect.any(Number), currency: 'GBP' });
    }
    found.push(...tenders.map((tender) => `${tender.ticket_id} ${tender.tender_no}`));
  }
  expect(found).toHaveLength(18);
  expect(found.sort()).toEqual((await facts('tender', 'tender_no')).map(({ fact }) => fact));
});

test('either list is read from its own index, in its order, without sorting', async () => {
  const owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
  const database = new URL(central.serverUrl).pathname.slice(1);
  // As on a large table: these few rows are read as a whole sooner.
  await owner.query(
    `alter database ${database} set enable_seqscan = off; alter database ${database} set enable_sort = off;
     alter database ${database} set enable_bitmapscan = off`,
  );
  const db = openPool(central.serverUrl, 2);
  const other = await testServer(db);
  const scans = async () => {
    await owner.query('select pg_stat_force_next_flush()');
    const found = await owner.query<{ name: string; scans: number }>(
      `select indexrelname as name, idx_scan::integer as scans from pg_stat_user_indexes
       where indexrelname in ('line_of_category', 'tender_of_type') order by 1`,
    );
    return found.rows;
  };
  const before = await scans();
  const office = await officeOf(other.url, shop.company, 'ADMIN');
  await linesOf(office, 'FISH', '&order=desc');
  await tendersOf(office, 'CARD');
  await other.close();
  await db.end();
  const after = await scans();
  // Three pages of twelve lines and two of six tenders, each read and counted.
  expect(after.map(({ name, scans }, index) => [name, scans - (before[index]?.scans ?? 0)])).toEqual([
    ['line_of_category', 6],
    ['tender_of_type', 4],
  ]);
  await owner.query(
    `alter database ${database} reset enable_seqscan; alter database ${database} reset enable_sort;
     alter database ${database} reset enable_bitmapscan`,
  );
  await owner.end();
});

describe('what was used', () => {
  const removed = async (place: string) => {
    const { version } = (await admin.get(`/api/v1/${place}`)).body;
    return admin.send('DELETE', `/api/v1/${place}`, undefined, { 'if-match': `"${version}"` });
  };

  test.each([
    ['a department with categories', 'departments/GENERAL', 'sales categories'],
    ['a category of items', 'sales-categories/UNSORTED', 'items'],
    ['a category that was sold under', 'sales-categories/FISH', 'lines of tickets'],
    ['a tax class of items', 'tax-classes/STD', 'items'],
    ['a tax class that was sold under', 'tax-classes/RED', 'lines of tickets'],
    ['a payment type that was taken', 'payment-types/CARD', 'tenders'],
    ['a currency of a location', 'currencies/GBP', 'locations'],
  ])('stays: %s', async (_, place, what) => {
    const answer = await removed(place);
    expect(answer).toMatchObject({ status: 409, body: { code: 'in_use' } });
    expect(answer.body.detail).toContain(`named by ${what}`);
    expect((await admin.get(`/api/v1/${place}`)).status).toBe(200);
  });

  test('stays: a location with terminals, people or stock; one that nothing names goes', async () => {
    const why = async (id: string) => (await removed(`locations/${id}`)).body.detail;
    expect(await why(branch)).toContain('named by terminals');
    const stocked = await addLocation('STOCKED');
    await shop.query(`insert into stock_level select company_id, '${stocked}', company_id, 1 from company`);
    expect(await why(stocked)).toContain('named by stock');
    const empty = await addLocation('EMPTY');
    await shop.query(
      `insert into user_location select company_id, user_id, '${empty}' from app_user limit 1`,
    );
    expect(await why(empty)).toContain('named by people');
    await shop.query(`delete from user_location where location_id = '${empty}'`);
    expect((await removed(`locations/${empty}`)).body).toEqual({ removed: true });
  });

  test('goes where nothing names it', async () => {
    for (const place of [
      'payment-types/VOUCHER',
      'tax-classes/ZERO',
      'sales-categories/EMPTY',
      'currencies/EUR',
    ])
      expect([place, (await removed(place)).body]).toEqual([place, { removed: true }]);
  });

  test('keeps a location to its currency', async () => {
    await admin.post('/api/v1/currencies', { code: currencySchema.parse('JPY'), name: 'Yen' });
    const change = async (id: string) => {
      const place = `/api/v1/locations/${id}`;
      const { version } = (await admin.get(place)).body;
      return admin.patch(place, Number(version), { currency: 'JPY' });
    };
    expect(await change(branch)).toMatchObject({
      status: 409,
      body: { code: 'currency_in_use', errors: [{ path: 'currency' }] },
    });
    expect(await change(await addLocation('OSAKA'))).toMatchObject({
      status: 200,
      body: { currency: 'JPY' },
    });
  });
});

describe('whoever sees some locations', () => {
  beforeAll(async () => {
    await shop.query(`update app_user set sees = 'locations' where user_id = '${shop.user}'`);
    await shop.query(
      `insert into user_location select company_id, user_id, '${branch}' from app_user where user_id = '${shop.user}'`,
    );
  });

  test('sees those only', async () => {
    const { items, total_count } = (await manager.get('/api/v1/locations')).body;
    expect([items, total_count]).toMatchObject([[{ location_id: branch }], 1]);
    expect((await manager.get(`/api/v1/locations/${branch}`)).status).toBe(200);
    expect((await manager.get(`/api/v1/locations/${shop.company.location_id}`)).status).toBe(404);
  });

  test('sees what was sold and taken there only', async () => {
    const own = new Set(
      (
        await shop.query<{ id: string }>(`select ticket_id as id from ticket where location_id = '${branch}'`)
      ).map(({ id }) => id),
    );
    expect(own.size).toBe(7);
    for (const facts of [await linesOf(manager, 'FISH'), await tendersOf(manager, 'CASH')]) {
      expect(facts.length).toBeGreaterThan(0);
      for (const { ticket_id } of facts) expect(own).toContain(ticket_id);
    }
  });
});

test('whoever sees one client’s things sees no location, no sales, and that client alone', async () => {
  const clients = ['COLD', 'WARM'].map((code) => ({
    client_id: uuid(),
    code,
    name: `${code} Goods Ltd`,
    billing_address: '',
  }));
  for (const client of clients) await admin.post('/api/v1/clients', client);
  await shop.query(
    `update app_user set sees = 'client', client_id = '${clients[0]?.client_id}' where user_id = '${shop.user}'`,
  );
  expect((await manager.get('/api/v1/clients')).body).toMatchObject({ items: [clients[0]], total_count: 1 });
  expect((await manager.get(`/api/v1/clients/${clients[1]?.client_id}`)).status).toBe(404);
  expect((await manager.get('/api/v1/locations')).body).toEqual({ items: [], total_count: 0 });
  expect(await linesOf(manager, 'FISH')).toEqual([]);
  expect(await tendersOf(manager, 'CASH')).toEqual([]);
});
