import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { dayIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { type Db, inCompany, openPool, rows } from '../../server/db.ts';
import { type Cluster, startCluster } from '../../server/embedded.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { createCompany, type SeededCompany } from '../../server/people/seed.ts';
import { addItems } from '../support/catalogue.ts';
import { runCommand } from '../support/command.ts';
import { follow } from '../support/follower.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { person } from '../support/shop.ts';
import { type TestTill, testTill } from '../support/till.ts';
import { wireTerminal } from '../support/wire-terminal.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ folder: inject('centralTemplate').folder });
});
afterAll(() => cluster?.stop());

const newName = () => `test_${randomBytes(6).toString('hex')}`;
const PIN = DEMO_SHOP.people.find(({ role }) => role === 'CASHIER')?.pin ?? '';

/** A central server whose database can be backed up and put back, at one address. */
async function centre() {
  let database = newName();
  await cluster.createDatabase(database, inject('centralTemplate').database);
  let db: Db = openPool(cluster.serverUrl(database), 10);
  let server: TestServer = await testServer(db);
  const { url } = server;
  const company: SeededCompany = await createCompany(db, DEMO_SHOP);
  const end = async () => {
    await server.close();
    await db.end();
  };
  onTestFinished(end);
  const begin = async (name: string) => {
    database = name;
    db = openPool(cluster.serverUrl(name), 10);
    server = await testServer(db, Number(new URL(url).port));
  };
  return {
    url,
    company,
    db: () => db,
    query: <Row extends Record<string, unknown>>(sql: string): Promise<Row[]> =>
      inCompany(db, company.company_id, (tx) => rows<Row>(tx, sql)),
    /** A copy of the database as it is, made while nobody works on it. */
    backUp: async (): Promise<string> => {
      const copy = newName();
      await end();
      await cluster.createDatabase(copy, database);
      await begin(database);
      return copy;
    },
    /** The server is gone, and comes back over such a copy; its operator says so, or does not. */
    putBack: async (copy: string, { isTold }: { isTold: boolean }) => {
      await end();
      const urls = { serverUrl: cluster.serverUrl(copy), ownerUrl: cluster.ownerUrl(copy) };
      if (isTold) {
        const said = await runCommand('ops/admin-command.ts', urls, ['restored']);
        expect(said).toMatchObject({ code: 0, out: expect.stringContaining('new life') });
      }
      await begin(copy);
    },
  };
}

type Centre = Awaited<ReturnType<typeof centre>>;

async function tillAt({ url, company, db }: Centre): Promise<TestTill> {
  const till = await testTill();
  onTestFinished(() => till.close());
  const code = await inCompany(db(), company.company_id, (tx) => makeEnrolmentCode(tx, company.location_id));
  await till.till.terminal.enrol({ server_url: url, code, name: 'Front' });
  await till.till.sync.run();
  await till.signIn(person(company, 'CASHIER'), PIN);
  await till.till.sales.openDay({ day_id: dayIdSchema.parse(uuid()), float_minor: minor(0) });
  return till;
}

async function sell({ till }: TestTill): Promise<string> {
  const ticket_id = ticketIdSchema.parse(uuid());
  const line = { ticket_id, line_id: lineIdSchema.parse(uuid()) };
  await till.sales.startCart({ ticket_id, kind: 'sale' });
  await till.sales.addLine({ ...line, item: { code: 'MUG' }, quantity_milli: milli(1000) });
  const tenders = [{ payment_type: 'CASH', amount_minor: minor(499) }];
  return (await till.sales.completeTicket({ ticket_id, tenders })).receipt_number;
}

describe('a server that was put back from a backup', () => {
  test('gets again from its tills what it lost, while they sell on and hear what happened', async () => {
    const centre_ = await centre();
    await addItems(centre_.db(), centre_.company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
    const till = await tillAt(centre_);
    await sell(till);
    await till.till.sync.run();
    const backup = await centre_.backUp();
    for (let sale = 0; sale < 3; sale += 1) {
      await sell(till);
      expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null });
    }
    await addItems(centre_.db(), centre_.company.company_id, [{ sku: 'CUP', name: 'Cup', price: 299 }]);
    expect(await till.till.sync.run()).toMatchObject({ items: 2 });
    await centre_.putBack(backup, { isTold: true });
    expect(await sell(till)).toBe('SHOP1-T1-T-000005');
    await till.till.sync.run();
    const status = await till.till.sync.run();
    expect(status).toMatchObject({
      waiting: 0,
      acked_seq: 6,
      problem: null,
      standstill: null,
      items: 1,
      flagged: 0,
      notice: { code: 'server_restored', operations: 3 },
    });
    expect(await sell(till)).toBe('SHOP1-T1-T-000006');
    await till.till.sync.run();
    const told = await centre_.query('select receipt_number from ticket order by 1');
    expect(told).toHaveLength(6);
    expect(await centre_.query('select code from exception')).toEqual([]);
    expect(
      await centre_.query("select action from audit_entry where action = 'server.restored'"),
    ).toHaveLength(1);
    const { at } = status.notice ?? { at: '' };
    expect((await till.till.sync.noticeRead({ at })).notice).toBeNull();
  });

  test('gets it from a till that has nothing new to tell, too', async () => {
    const centre_ = await centre();
    await addItems(centre_.db(), centre_.company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
    const till = await tillAt(centre_);
    await till.till.sync.run();
    const backup = await centre_.backUp();
    await sell(till);
    await till.till.sync.run();
    await centre_.putBack(backup, { isTold: true });
    await till.till.sync.run();
    expect(await centre_.query('select from ticket')).toHaveLength(1);
  });

  test('and whose operator forgot to say so, or that is a replica behind the one that is gone, gets it too', async () => {
    const centre_ = await centre();
    await addItems(centre_.db(), centre_.company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
    const till = await tillAt(centre_);
    await till.till.sync.run();
    const backup = await centre_.backUp();
    for (let sale = 0; sale < 3; sale += 1) {
      await sell(till);
      await till.till.sync.run();
    }
    await centre_.putBack(backup, { isTold: false });
    await sell(till);
    await till.till.sync.run();
    expect(await till.till.sync.run()).toMatchObject({
      waiting: 0,
      problem: null,
      standstill: null,
      notice: { code: 'server_restored', operations: 3 },
    });
    expect(await centre_.query('select from ticket')).toHaveLength(4);
  });
});

describe('a server whose database is behind what it told, which nobody said', () => {
  test('has tills forget what is gone, and tells them all that came since, however far its feed is by then', async () => {
    const centre_ = await centre();
    const add = (...skus: string[]) =>
      addItems(
        centre_.db(),
        centre_.company.company_id,
        skus.map((sku) => ({ sku, name: sku, price: 499 })),
      );
    await add('MUG');
    const till = await tillAt(centre_);
    const backup = await centre_.backUp();
    await add('LOST', 'ALSO-LOST');
    expect(await till.till.sync.run()).toMatchObject({ items: 3, problem: null });
    await centre_.putBack(backup, { isTold: false });
    await add('CUP', 'PEN', 'JAR', 'TIN', 'BOX');
    expect(await till.till.sync.run()).toMatchObject({ items: 6, problem: null });
    expect(await till.till.sync.compare()).toMatchObject({ outcome: 'same' });
  });

  test('asks nobody to begin anew whom it told nothing that is gone', async () => {
    const centre_ = await centre();
    const shop = { sku: 'MUG', name: 'Mug', price: 499 };
    await addItems(centre_.db(), centre_.company.company_id, [shop]);
    const code = await inCompany(centre_.db(), centre_.company.company_id, (tx) =>
      makeEnrolmentCode(tx, centre_.company.location_id),
    );
    const follower = follow(await wireTerminal(centre_.url, code, person(centre_.company, 'MANAGER')));
    await follower.drain();
    const backup = await centre_.backUp();
    await centre_.putBack(backup, { isTold: false });
    await addItems(centre_.db(), centre_.company.company_id, [{ ...shop, sku: 'CUP' }]);
    expect(await follower.next()).toMatchObject({ reset: false, changes: [{ row: { sku: 'CUP' } }] });
  });
});

describe('a code for a terminal, made by command', () => {
  test('lets a machine go on as it; a terminal that is not there has none', async () => {
    const centre_ = await centre();
    await addItems(centre_.db(), centre_.company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
    const gone = await tillAt(centre_);
    await sell(gone);
    await gone.till.sync.run();
    const [{ database } = { database: '' }] = await centre_.query<{ database: string }>(
      'select current_database() as database',
    );
    const urls = { serverUrl: cluster.serverUrl(database), ownerUrl: cluster.ownerUrl(database) };
    const made = await runCommand('ops/admin-command.ts', urls, ['re-enrol-code', '--terminal', 'T1']);
    const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(made.out)?.[0] ?? '';
    const heir = await testTill();
    onTestFinished(() => heir.close());
    const state = await heir.till.terminal.enrol({ server_url: centre_.url, code, name: 'Front' });
    expect(state.terminal?.terminal_code).toBe('T1');
    await heir.till.sync.run();
    await heir.signIn(person(centre_.company, 'CASHIER'), PIN);
    await heir.till.sales.openDay({ day_id: dayIdSchema.parse(uuid()), float_minor: minor(0) });
    expect(await sell(heir)).toBe('SHOP1-T1-T-000002');
    const status = await heir.till.sync.run();
    expect(status).toMatchObject({ waiting: 0, problem: null, flagged: 1 });
    expect(await centre_.query('select code from exception')).toEqual([{ code: 'second_open_day' }]);
    const none = await runCommand('ops/admin-command.ts', urls, ['re-enrol-code', '--terminal', 'T9']);
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('no terminal T9') });
  });
});
