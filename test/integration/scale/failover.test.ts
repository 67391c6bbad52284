import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { dayIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { type Db, inCompany, openPool, rows } from '../../../server/db.ts';
import { DEMO_SHOP } from '../../../server/people/demo-shop.ts';
import { makeEnrolmentCode } from '../../../server/people/enrolment.ts';
import { createCompany, type SeededCompany } from '../../../server/people/seed.ts';
import { addItems } from '../../support/catalogue.ts';
import { type Replicated, startReplicated } from '../../support/replicated.ts';
import { runServer, type ServerRun } from '../../support/server-process.ts';
import { type TestTill, testTill } from '../../support/till.ts';

const PIN = DEMO_SHOP.people.find(({ role }) => role === 'CASHIER')?.pin ?? '';
const TILLS = 3;

let database: Replicated;
let folder: string;
let db: Db;
let company: SeededCompany;
let servers: { run: ServerRun; url: string }[];

beforeAll(async () => {
  database = await startReplicated();
  folder = await mkdtemp(join(tmpdir(), 'tilldock-failover-'));
  db = openPool(database.serverUrl, 4);
  // Everybody has one open day, so each till needs a person of its own.
  const [cashier] = DEMO_SHOP.people.filter(({ role }) => role === 'CASHIER');
  if (!cashier) throw new Error('no cashier');
  const more = Array.from({ length: TILLS }, (_, no) => ({ ...cashier, name: `Cashier ${no}` }));
  company = await createCompany(db, { ...DEMO_SHOP, people: [...DEMO_SHOP.people, ...more] });
  servers = await Promise.all(
    [1, 2].map(async () => {
      const run = runServer(folder, {
        DATABASE_URL: database.serverUrl,
        DATABASE_OWNER_URL: database.ownerUrl,
        TILLDOCK_SECRET: 'kXo3vTq9Zr1mYb7LwCj5Hs8NfUe2PdGa',
        TILLDOCK_LOG: 'fatal',
      });
      return { run, url: await run.listening };
    }),
  );
}, 90_000);
afterAll(async () => {
  for (const { run } of servers ?? []) {
    run.process.kill('SIGTERM');
    await run.ended;
  }
  await db?.end();
  await database?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const query = <Row extends Record<string, unknown>>(sql: string): Promise<Row[]> =>
  inCompany(db, company.company_id, (tx) => rows<Row>(tx, sql));

const addGoods = (...skus: string[]) =>
  addItems(
    db,
    company.company_id,
    skus.map((sku) => ({ sku, name: sku, price: 499 })),
  );

/** A till that works for itself, at one of the servers, with a day open. */
async function openTill(place: number): Promise<TestTill> {
  const till = await testTill({ autosync: true, onLog: () => {} });
  onTestFinished(() => till.close());
  const code = await inCompany(db, company.company_id, (tx) => makeEnrolmentCode(tx, company.location_id));
  const server_url = servers[place % servers.length]?.url ?? '';
  await till.till.terminal.enrol({ server_url, code, name: `Till ${place}` });
  const cashiers = company.people.filter(({ role }) => role === 'CASHIER');
  const cashier = cashiers[place];
  if (!cashier) throw new Error(`no cashier ${place}`);
  await vi.waitFor(() => till.signIn(cashier.user_id, PIN), 20_000);
  await till.till.sales.openDay({ day_id: dayIdSchema.parse(uuid()), float_minor: minor(0) });
  return till;
}

async function sell({ till }: TestTill): Promise<string> {
  const ticket_id = ticketIdSchema.parse(uuid());
  await till.sales.startCart({ ticket_id, kind: 'sale' });
  const line = { ticket_id, line_id: lineIdSchema.parse(uuid()) };
  await till.sales.addLine({ ...line, item: { code: 'MUG' }, quantity_milli: milli(1000) });
  const tenders = [{ payment_type: 'CASH', amount_minor: minor(499) }];
  return (await till.sales.completeTicket({ ticket_id, tenders })).receipt_number;
}

const delivered = (till: TestTill) =>
  vi.waitFor(
    async () => {
      const status = await till.till.sync.status();
      expect(status).toMatchObject({ waiting: 0, problem: null, standstill: null });
      return status;
    },
    { timeout: 60_000, interval: 100 },
  );

test('a replica that lacks the last commits takes over while tills sell: each delivers again what it lacks, and forgets what is gone', async () => {
  await addGoods('MUG');
  const tills = await Promise.all(Array.from({ length: TILLS }, (_, place) => openTill(place)));
  const receipts: string[] = [];
  let isOpen = true;
  const shops = tills.map(async (till) => {
    while (isOpen) {
      receipts.push(await sell(till));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  const acked = async () => Promise.all(tills.map(async ({ till }) => (await till.sync.status()).acked_seq));
  const items = async () => Promise.all(tills.map(async ({ till }) => (await till.sync.status()).items));

  await vi.waitFor(async () => expect(Math.min(...(await acked()))).toBeGreaterThan(2), 30_000);
  await database.catchUp();
  await database.cutReplica();
  const onBoth = await acked();
  await addGoods('LOST', 'ALSO-LOST');
  // Every till is told of goods, and has sales acknowledged, of which the replica will never hear.
  await vi.waitFor(async () => expect(await items()).toEqual(tills.map(() => 3)), 30_000);
  await vi.waitFor(async () => {
    const now = await acked();
    expect(Math.min(...now.map((seq, place) => seq - (onBoth[place] ?? 0)))).toBeGreaterThan(2);
  }, 30_000);
  const [told] = await query<{ last_seq: number }>('select last_seq from feed_counter');

  await database.failOver();
  const [known] = await query<{ last_seq: number; operations: number }>(
    'select last_seq, (select count(*) from journal) as operations from feed_counter',
  );
  expect(known?.last_seq).toBeLessThan(told?.last_seq ?? 0);
  expect(known?.operations).toBeLessThan((await acked()).reduce((sum, seq) => sum + seq, 0));
  // The new primary's feed goes past the place where the old one's ended, with other goods.
  await addGoods('CUP', 'PEN', 'JAR', 'TIN');
  const sold = receipts.length;
  await vi.waitFor(() => expect(receipts.length).toBeGreaterThan(sold + 5), 30_000);
  isOpen = false;
  await Promise.all(shops);

  for (const till of tills) {
    const status = await delivered(till);
    expect(status).toMatchObject({ flagged: 0, quarantined: 0 });
  }
  await vi.waitFor(async () => expect(await items()).toEqual(tills.map(() => 5)), 60_000);
  for (const { till } of tills) expect(await till.sync.compare()).toMatchObject({ outcome: 'same' });

  const kept = await query<{ receipt_number: string }>('select receipt_number from ticket');
  expect(kept.map(({ receipt_number }) => receipt_number).sort()).toEqual(receipts.sort());
  expect(await query('select code from exception')).toEqual([]);
  expect(await query("select seq from journal where verdict <> 'applied'")).toEqual([]);
  expect(
    await query(
      'select terminal_id from terminal t where last_seq <> (select count(*) from journal j where j.terminal_id = t.terminal_id)',
    ),
  ).toEqual([]);
  const [sums] = await query<{ sold: number; moved: number; paid: number }>(
    `select (select sum(total_minor)::integer from ticket) as sold, (select sum(amount_minor)::integer from tender) as paid,
       (select -sum(quantity_milli)::integer from stock_move) as moved`,
  );
  expect(sums).toEqual({
    sold: receipts.length * 499,
    paid: receipts.length * 499,
    moved: receipts.length * 1000,
  });
  for (const { till } of tills) {
    expect((await till.sync.status()).notice).toMatchObject({ code: 'server_restored' });
  }
});
