import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { dayIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { type Db, inCompany, openPool, rows } from '../../../server/db.ts';
import { DEMO_SHOP } from '../../../server/people/demo-shop.ts';
import { makeEnrolment, makeEnrolmentCode } from '../../../server/people/enrolment.ts';
import { createCompany, type SeededCompany } from '../../../server/people/seed.ts';
import type { Ledger } from '../../../src-main/data/open.ts';
import { pruneOperations } from '../../../src-main/data/sync/prune.ts';
import { type Archived, startArchived } from '../../support/archived.ts';
import { addItems } from '../../support/catalogue.ts';
import { emptyCentral } from '../../support/central.ts';
import { type Replicated, startReplicated } from '../../support/replicated.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { runServer } from '../../support/server-process.ts';
import { person } from '../../support/shop.ts';
import { shift } from '../../support/tickets.ts';
import { type TestTill, testTill } from '../../support/till.ts';
import { type WireTerminal, wireTerminal } from '../../support/wire-terminal.ts';

const PIN = DEMO_SHOP.people.find(({ role }) => role === 'CASHIER')?.pin ?? '';

/** A centre over a database, with two servers that share nothing but it. */
async function centreOver(serverUrl: string, policy: string) {
  const db = openPool(serverUrl, 6);
  const start = (port = 0) => testServer(db, port, undefined, { TILLDOCK_SAFE: policy });
  const servers: [TestServer, TestServer] = [await start(), await start()];
  const company = await createCompany(db, DEMO_SHOP);
  await addItems(db, company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    for (const server of servers) await server.close();
    await db.end();
  };
  return { db, company, servers, close };
}

const enrolmentCode = (db: Db, company: SeededCompany) =>
  inCompany(db, company.company_id, (tx) => makeEnrolmentCode(tx, company.location_id));

/** A terminal of the documented protocol with a day open, which asks the server it likes. */
async function terminalAt({ db, company, servers }: Awaited<ReturnType<typeof centreOver>>) {
  const user = person(company, 'MANAGER');
  const terminal = await wireTerminal(servers[0].url, await enrolmentCode(db, company), user);
  const day = shift(terminal.enrolment, user);
  return { terminal, day };
}

async function stateOf(terminal: WireTerminal, at = terminal.url) {
  const authorization = `Bearer ${await terminal.token()}`;
  const answer = await fetch(`${at}/api/v1/sync/state`, { headers: { authorization } });
  expect(answer.status).toBe(200);
  const { acked_seq, safe_seq, server_epoch } = (await answer.json()) as Record<string, unknown>;
  return { acked_seq, safe_seq, server_epoch };
}

/** What a server says that does not start with a policy. */
async function refusalOver(
  { serverUrl, ownerUrl }: { readonly serverUrl: string; readonly ownerUrl: string },
  policy: string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-safe-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const run = runServer(folder, {
    ...{ DATABASE_URL: serverUrl, DATABASE_OWNER_URL: ownerUrl, TILLDOCK_SAFE: policy },
    TILLDOCK_SECRET: 'kXo3vTq9Zr1mYb7LwCj5Hs8NfUe2PdGa',
  });
  const { code, said } = await run.ended;
  expect(code).toBe(1);
  return said;
}

async function sell({ till }: TestTill): Promise<void> {
  const ticket_id = ticketIdSchema.parse(uuid());
  const line = { ticket_id, line_id: lineIdSchema.parse(uuid()) };
  await till.sales.startCart({ ticket_id, kind: 'sale' });
  await till.sales.addLine({ ...line, item: { code: 'MUG' }, quantity_milli: milli(1000) });
  const tenders = [{ payment_type: 'CASH', amount_minor: minor(499) }];
  await till.sales.completeTicket({ ticket_id, tenders });
}

/** The ledger of a till, beside the process that works with it. */
function ledgerOf(till: TestTill): Ledger {
  const ledger = new Database(join(till.folder, 'ledger.db')) as Ledger;
  onTestFinished(() => {
    ledger.close();
  });
  return ledger;
}

const positionOf = (ledger: Ledger) =>
  ledger.prepare('SELECT acked_seq, safe_seq, pruned_seq FROM sync_state').get();

describe('where what the archive has is safe', () => {
  let database: Archived;
  let centre: Awaited<ReturnType<typeof centreOver>>;
  beforeAll(async () => {
    database = await startArchived();
    centre = await centreOver(database.serverUrl, 'archived');
  }, 90_000);
  afterAll(async () => {
    await centre?.close();
    await database?.close();
  });

  test('a terminal is told so by any server once the WAL is archived, not before, and never less again', async () => {
    const { terminal, day } = await terminalAt(centre);
    const [one, other] = centre.servers;
    const opened = await terminal.deliver([terminal.record('day.opened', day.opened)]);
    expect(opened).toMatchObject({ acked_seq: 1, safe_seq: 0 });
    await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
    expect(await stateOf(terminal, one.url)).toMatchObject({ acked_seq: 2, safe_seq: 0 });
    await database.breakArchive(true);
    const third = await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
    expect(third).toMatchObject({ acked_seq: 3, safe_seq: 0 });
    const archived = database.archive();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await stateOf(terminal, other.url)).toMatchObject({ acked_seq: 3, safe_seq: 0 });
    await database.breakArchive(false);
    await archived;
    // The mark was made before the third one came, which is in the archive, too; that shows at the mark after it.
    expect(await stateOf(terminal, other.url)).toMatchObject({ acked_seq: 3, safe_seq: 2 });
    expect(await stateOf(terminal, one.url)).toMatchObject({ acked_seq: 3, safe_seq: 2 });
    const again = await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
    expect(again).toMatchObject({ acked_seq: 4, safe_seq: 2 });
    await database.archive();
    expect(await stateOf(terminal, other.url)).toMatchObject({ acked_seq: 4, safe_seq: 3 });
    await database.archive();
    expect(await stateOf(terminal, one.url)).toMatchObject({ acked_seq: 4, safe_seq: 4 });
    const metrics = await (await fetch(`${one.url}/metrics`)).text();
    expect(Number(/^tilldock_unsafe_wal_bytes (\d+)/m.exec(metrics)?.[1])).toBeLessThan(16 * 1024 * 1024);
  });

  test('a machine that goes on as a terminal begins with nothing safe, whatever was of the one before', async () => {
    const { terminal, day } = await terminalAt(centre);
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    await stateOf(terminal);
    await database.archive();
    expect(await stateOf(terminal)).toMatchObject({ acked_seq: 1, safe_seq: 1 });
    const code = await inCompany(centre.db, centre.company.company_id, (tx) =>
      makeEnrolment(tx, centre.company.location_id, terminal.enrolment.terminal_id),
    );
    const heir = await terminal.enrolAgain(code.code);
    expect(await stateOf(heir)).toMatchObject({ acked_seq: 1, safe_seq: 0 });
    await database.archive();
    expect(await stateOf(heir)).toMatchObject({ acked_seq: 1, safe_seq: 1 });
  });

  test('a later segment in the archive says nothing of one that is missing there', async () => {
    const { db, company } = centre;
    const lsn = async () =>
      inCompany(db, company.company_id, async (tx) => {
        const [at] = await rows<{ lsn: string }>(tx, "select safe_lsn('archived')::text as lsn");
        return at?.lsn;
      });
    const earlier = await database.archive();
    await addItems(db, company.company_id, [{ sku: 'CUP', name: 'Cup', price: 299 }]);
    await database.archive();
    const before = await lsn();
    const remember = await database.forget(earlier);
    const [isLess] = await inCompany(db, company.company_id, async (tx) =>
      rows(tx, "select safe_lsn('archived') < $1::pg_lsn as is_less", [before]),
    );
    expect(isLess).toEqual({ is_less: true });
    await remember();
    expect(await lsn()).toBe(before);
  });

  test('a centre that is restored from the archive has all that a till was told is safe, and let go of', async () => {
    const { db, company, servers } = centre;
    const till = await testTill();
    onTestFinished(() => till.close());
    const server_url = servers[0].url;
    await till.till.terminal.enrol({ server_url, code: await enrolmentCode(db, company), name: 'Front' });
    await till.till.sync.run();
    await till.signIn(person(company, 'CASHIER'), PIN);
    await till.till.sales.openDay({ day_id: dayIdSchema.parse(uuid()), float_minor: minor(0) });
    const ledger = ledgerOf(till);
    for (let sale = 0; sale < 3; sale += 1) await sell(till);
    for (let times = 0; times < 3; times += 1) await till.till.sync.run();
    expect(positionOf(ledger)).toEqual({ acked_seq: 4, safe_seq: 0, pruned_seq: 0 });
    await database.archive();
    // It has nothing to send, and hears of it.
    await till.till.sync.run();
    expect(positionOf(ledger)).toEqual({ acked_seq: 4, safe_seq: 4, pruned_seq: 0 });
    for (const days of [1, 40, 0]) {
      ledger.exec(`UPDATE safe_on SET server_date = date(server_date, '-${days} days')`);
      await till.till.sync.run();
    }
    for (let sale = 0; sale < 2; sale += 1) await sell(till);
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, acked_seq: 6 });
    while (pruneOperations(ledger));
    expect(positionOf(ledger)).toEqual({ acked_seq: 6, safe_seq: 4, pruned_seq: 4 });

    await centre.close();
    const restored = await database.restore();
    const again = openPool(restored.serverUrl, 6);
    const server = await testServer(again, Number(new URL(server_url).port), undefined, {
      TILLDOCK_SAFE: 'archived',
    });
    onTestFinished(async () => {
      await server.close();
      await again.end();
    });
    const tickets = () =>
      inCompany(again, company.company_id, (tx) =>
        rows(
          tx,
          `select from ticket where terminal_id = (select terminal_id from terminal where name = 'Front')`,
        ),
      );
    expect(await tickets()).toHaveLength(3);
    await till.till.sync.run();
    expect(await till.till.sync.run()).toMatchObject({
      waiting: 0,
      acked_seq: 6,
      problem: null,
      standstill: null,
      notice: { code: 'server_restored', operations: 2 },
    });
    expect(await tickets()).toHaveLength(5);
    expect(positionOf(ledger)).toEqual({ acked_seq: 6, safe_seq: 4, pruned_seq: 4 });
  });
});

describe('where what a replica has is safe', () => {
  let database: Replicated;
  let centre: Awaited<ReturnType<typeof centreOver>>;
  beforeAll(async () => {
    database = await startReplicated();
    centre = await centreOver(database.serverUrl, 'replicated');
  }, 90_000);
  afterAll(async () => {
    await centre?.close();
    await database?.close();
  });

  test('nothing is where more replicas are asked for than there are', async () => {
    const server = await testServer(centre.db, 0, undefined, { TILLDOCK_SAFE: 'replicated:2' });
    onTestFinished(() => server.close());
    const { terminal, day } = await terminalAt({ ...centre, servers: [server, server] });
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    for (let times = 0; times < 3; times += 1) {
      expect(await stateOf(terminal)).toMatchObject({ acked_seq: 1, safe_seq: 0 });
    }
  });

  test('a server does not start with an archive that is switched off', async () => {
    expect(await refusalOver(database, 'archived')).toContain(
      'TILLDOCK_SAFE: archived needs archive_mode = on in PostgreSQL',
    );
  });

  test('what no replica has is not, and the one that takes over has all that was called safe', async () => {
    const { terminal, day } = await terminalAt(centre);
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
    await vi.waitFor(async () => expect(await stateOf(terminal)).toMatchObject({ safe_seq: 2 }), 30_000);
    await database.cutReplica();
    await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
    const before = await stateOf(terminal);
    expect(before).toMatchObject({ acked_seq: 3, safe_seq: 2 });
    expect(await stateOf(terminal)).toEqual(before);

    await database.failOver();
    await vi.waitFor(async () => expect(await stateOf(terminal)).toMatchObject({ acked_seq: 2 }), 30_000);
    const after = await stateOf(terminal);
    expect(after.safe_seq).toBeLessThanOrEqual(2);
    expect(after.server_epoch).not.toBe(before.server_epoch);
  });
});

test('a server whose owner may not look how far the WAL is does not start with a policy that needs it', async () => {
  const central = await emptyCentral();
  onTestFinished(() => central.close());
  for (const policy of ['archived', 'replicated']) {
    const said = await refusalOver(central, policy);
    expect(said).toContain(`${policy} needs a superuser to say: grant pg_monitor to tilldock_owner`);
  }
});
