import { join } from 'node:path';
import Database from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { dayIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { inCompany, openPool, rows } from '../../../server/db.ts';
import { DEMO_SHOP } from '../../../server/people/demo-shop.ts';
import { makeEnrolment } from '../../../server/people/enrolment.ts';
import type { Ledger } from '../../../src-main/data/open.ts';
import { pruneOperations } from '../../../src-main/data/sync/prune.ts';
import { type Archived, startArchived } from '../../support/archived.ts';
import { addItems } from '../../support/catalogue.ts';
import {
  centreOver,
  enrolmentCode,
  type SafeCentre,
  stateOf,
  terminalAt,
} from '../../support/safe-centre.ts';
import { testServer } from '../../support/server.ts';
import { person } from '../../support/shop.ts';
import { type TestTill, testTill } from '../../support/till.ts';

const PIN = DEMO_SHOP.people.find(({ role }) => role === 'CASHIER')?.pin ?? '';

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
  let centre: SafeCentre;
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
    const { company, servers } = centre;
    const till = await testTill();
    onTestFinished(() => till.close());
    const server_url = servers[0].url;
    await till.till.terminal.enrol({ server_url, code: await enrolmentCode(centre), name: 'Front' });
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
