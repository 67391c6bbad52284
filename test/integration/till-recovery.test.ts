import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { RecoveryState } from '#shared/contract/recovery.ts';
import { dayIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { inCompany, rows } from '../../server/db.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { makeEnrolment } from '../../server/people/enrolment.ts';
import { addItems } from '../support/catalogue.ts';
import { enrolmentCode, person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { type TestTill, testTill } from '../support/till.ts';
import { refusalOf } from '../unit/data/refusals.ts';
import { rootPage, spoilText, tearPages } from '../unit/data/torn.ts';

const { central, server } = await startCentral();

const PIN = DEMO_SHOP.people.find(({ role }) => role === 'CASHIER')?.pin ?? '';

/** A shop with one till that has opened its day. */
async function stage() {
  const company = await central.addCompany();
  await addItems(central.db, company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
  const query = <Row extends Record<string, unknown>>(sql: string) =>
    queryAs<Row>(central, company.company_id, sql);
  const till = await testTill();
  onTestFinished(() => till.close());
  const code = await enrolmentCode(central, company);
  await till.till.terminal.enrol({ server_url: server.url, code, name: 'Front' });
  await till.till.sync.run();
  const cashier = person(company, 'CASHIER');
  const signIn = () => till.signIn(cashier, PIN);
  await signIn();
  await till.till.sales.openDay({ day_id: dayIdSchema.parse(uuid()), float_minor: minor(10_000) });
  const ledger = join(till.folder, 'ledger.db');
  return {
    till,
    ledger,
    query,
    cashier,
    signIn,
    send: async () => expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null }),
    backUp: async () => expect(await till.till.terminal.backUp()).toMatchObject({ problem: null }),
    /** Ends the till, does something to its files, and starts it again. */
    meanwhile: async (harm: () => void) => {
      till.process.kill();
      await till.process.exited;
      harm();
      await till.crash();
    },
    reEnrolCode: () =>
      inCompany(central.db, company.company_id, async (tx) => {
        const [terminal] = await rows<{ terminal_id: string }>(tx, 'select terminal_id from terminal');
        const { code: made } = await makeEnrolment(
          tx,
          company.location_id,
          terminal?.terminal_id as Parameters<typeof makeEnrolment>[2],
        );
        return made;
      }),
    receipts: async () => {
      const told = await query<{ receipt_number: string }>('select receipt_number from ticket order by 1');
      return told.map(({ receipt_number }) => Number(receipt_number.slice(-6)));
    },
    alarms: async () => {
      const raised = await query<{ code: string }>(
        "select code from exception where kind = 'flagged' order by code",
      );
      return raised.map((row) => row.code);
    },
  };
}

/** A copy of a till's folder, as of a disk. */
async function imageOf(till: TestTill): Promise<string> {
  const image = await till.image();
  onTestFinished(() => rm(image, { recursive: true, force: true }));
  return image;
}

async function sell({ till }: TestTill, count = 1): Promise<string> {
  let receipt = '';
  for (let sale = 0; sale < count; sale += 1) {
    const ticket_id = ticketIdSchema.parse(uuid());
    const line = { ticket_id, line_id: lineIdSchema.parse(uuid()) };
    await till.sales.startCart({ ticket_id, kind: 'sale' });
    await till.sales.addLine({ ...line, item: { code: 'MUG' }, quantity_milli: milli(1000) });
    const tenders = [{ payment_type: 'CASH', amount_minor: minor(499) }];
    receipt = (await till.sales.completeTicket({ ticket_id, tenders })).receipt_number;
  }
  return receipt;
}

/** What the till says of its files when it has read everything. */
const looked = ({ till }: TestTill): Promise<RecoveryState> =>
  vi.waitUntil(
    async () => {
      const state = await till.recovery.state();
      const isReading =
        state.salvage.phase === 'reading' ||
        state.backups.copies.some(({ check }) => check.state === 'waiting');
      return isReading ? null : state;
    },
    { timeout: 60_000, interval: 50 },
  );

const newestOf = ({ backups }: RecoveryState): string => backups.copies[0]?.name ?? 'none';
const numbersTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('a till with a damaged ledger', () => {
  test('goes on with a copy, what could be read, and what the server has: nothing is lost and nothing counts twice', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 3);
    await shop.backUp();
    await sell(till, 2);
    await shop.send();
    await sell(till, 2);
    await shop.meanwhile(() => tearPages(ledger, [1, rootPage(ledger, 'operation')]));
    expect(till.process.state).toBe('recovery');
    expect(await refusalOf(() => till.till.terminal.state())).toBe('ledger_damaged');
    const state = await looked(till);
    expect(state).toMatchObject({
      code: 'ledger_damaged',
      salvage: { phase: 'done', found: { operations: 8, tickets: 7, missing: [] } },
      backups: {
        copies: [{ check: { state: 'good', last_seq: 4, last_receipt: 'SHOP1-T1-T-000003' } }],
        problem: null,
      },
    });
    const damaged = readFileSync(ledger);
    const done = await till.till.recovery.restore({ backup: newestOf(state) });
    expect(done).toMatchObject({ last_seq: 8, added: 4, waiting: 0 });
    expect(readFileSync(join(till.folder, done.set_aside ?? '')).equals(damaged)).toBe(true);
    expect(await till.till.sync.status()).toMatchObject({ standstill: { code: 'catching_up' } });
    await shop.signIn();
    expect(await refusalOf(() => sell(till))).toBe('standstill');
    await till.till.sync.run();
    expect(await sell(till)).toBe('SHOP1-T1-T-000008');
    await shop.send();
    expect(await shop.receipts()).toEqual(numbersTo(8));
    expect(await shop.alarms()).toEqual(['terminal_restored']);
    expect(await refusalOf(() => till.till.recovery.state())).toBe('not_damaged');
  });

  test('of which nothing can be read fetches from the server what the copy lacks', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 2);
    await shop.backUp();
    await sell(till, 2);
    await shop.send();
    await shop.meanwhile(() => writeFileSync(ledger, 'gone '.repeat(5000)));
    const state = await looked(till);
    expect(state.salvage).toMatchObject({ phase: 'done', found: { operations: 0 } });
    await till.till.recovery.restore({ backup: newestOf(state) });
    await till.till.sync.run();
    await shop.signIn();
    expect(await sell(till)).toBe('SHOP1-T1-T-000005');
    await shop.send();
    expect(await shop.receipts()).toEqual(numbersTo(5));
  });

  test('tells what lies behind a gap that nobody can fill, and goes on above its receipt numbers', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 2);
    await shop.send();
    await shop.backUp();
    await sell(till, 4);
    await shop.meanwhile(() => {
      spoilText(ledger, 'SHOP1-T1-T-000004');
      tearPages(ledger, [1]);
    });
    const state = await looked(till);
    expect(state.salvage).toMatchObject({ found: { missing: [{ from: 5, to: 5 }], tickets: 5 } });
    const done = await till.till.recovery.restore({ backup: newestOf(state) });
    expect(done).toMatchObject({ last_seq: 4, added: 1, waiting: 2 });
    await till.till.sync.run();
    await shop.signIn();
    expect(await sell(till)).toBe('SHOP1-T1-T-000007');
    await shop.send();
    expect(await shop.receipts()).toEqual([1, 2, 3, 5, 6, 7]);
    expect((await shop.alarms()).filter((code) => code === 'told_by_copy')).toHaveLength(2);
    expect(await till.till.sales.recentTickets({ limit: 10 })).toHaveLength(6);
    // The day is closed with what is there.
    const { day } = await till.till.terminal.state();
    if (!day) throw new Error('the day is not open');
    const counted_minor = minor(10_000 + 6 * 499);
    expect(await till.till.sales.closeDay({ day_id: day.day_id, counted_minor })).toMatchObject({
      z_number: 1,
    });
    await shop.send();
    expect(await shop.query('select from exception where code = $$z_differs$$')).toEqual([]);
  });

  test('fills a gap with what the server has, and puts what follows behind it where it was', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 1);
    await shop.backUp();
    await sell(till, 2);
    await shop.send();
    await sell(till, 2);
    await shop.meanwhile(() => {
      spoilText(ledger, 'SHOP1-T1-T-000002');
      tearPages(ledger, [1]);
    });
    const state = await looked(till);
    const done = await till.till.recovery.restore({ backup: newestOf(state) });
    expect(done).toMatchObject({ last_seq: 2, added: 0, waiting: 3 });
    await till.till.sync.run();
    await shop.send();
    expect(await shop.receipts()).toEqual(numbersTo(5));
    expect(await shop.alarms()).toEqual(['terminal_restored']);
  });

  test('without any copy is made of what could be read, where that is everything', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 3);
    await shop.meanwhile(() => tearPages(ledger, [1, rootPage(ledger, 'ticket_line')]));
    const state = await looked(till);
    expect(state).toMatchObject({ salvage: { found: { is_whole: true } }, backups: { copies: [] } });
    await till.till.recovery.restore({ backup: null });
    await till.till.sync.run();
    await shop.signIn();
    expect(await sell(till)).toBe('SHOP1-T1-T-000004');
    await shop.send();
    expect(await shop.receipts()).toEqual(numbersTo(4));
  });

  test('begins anew with a manager’s code, as the same till, and tells all that could be read', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 2);
    await shop.send();
    await sell(till, 2);
    await shop.meanwhile(() => tearPages(ledger, [rootPage(ledger, 'terminal')]));
    const state = await looked(till);
    expect(state.salvage).toMatchObject({ found: { is_whole: false, terminal: null, tickets: 4 } });
    expect(await refusalOf(() => till.till.recovery.restore({ backup: null }))).toBe('salvage_not_whole');
    expect(
      await refusalOf(() => till.till.recovery.restore({ backup: 'ledger-20260101T080000Z-5.db' })),
    ).toBe('copy_unknown');
    await till.till.recovery.startAnew();
    expect(await till.till.terminal.state()).toMatchObject({ terminal: null });
    const code = await shop.reEnrolCode();
    await till.till.terminal.enrol({ server_url: server.url, code, name: 'Front' });
    await till.till.sync.run();
    await shop.signIn();
    expect(await till.till.terminal.state()).toMatchObject({
      terminal: { terminal_code: 'T1' },
      sync: { notice: { code: 'enrolled_again', operations: 5 } },
    });
    expect(await sell(till)).toBe('SHOP1-T1-T-000005');
    await shop.send();
    expect(await shop.receipts()).toEqual(numbersTo(5));
  });
  test('that was enrolled again before is made whole from what could be read, under its newest epoch', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 2);
    await shop.send();
    await till.till.sync.run();
    const copy = await testTill({ image: await imageOf(till) });
    onTestFinished(() => copy.close());
    await shop.signIn();
    await copy.signIn(shop.cashier, PIN);
    await sell(till);
    await shop.send();
    await sell(copy);
    expect(await copy.till.sync.run()).toMatchObject({ standstill: { code: 'forked' } });
    expect(await till.till.sync.run()).toMatchObject({ standstill: { code: 'forked' } });
    await till.till.terminal.enrolAgain({ code: await shop.reEnrolCode() });
    await shop.signIn();
    await sell(till);
    await shop.send();
    await sell(till);
    await shop.meanwhile(() => tearPages(ledger, [1]));
    const state = await looked(till);
    expect(state.salvage).toMatchObject({ found: { is_whole: true, tickets: 5 } });
    await till.till.recovery.restore({ backup: null });
    await till.till.sync.run();
    await shop.signIn();
    await sell(till);
    await shop.send();
    expect(await shop.receipts()).toEqual(numbersTo(6));
    expect(await till.till.terminal.state()).toMatchObject({ sync: { quarantined: 0 } });
  });

  test('given a copy from before it was enrolled again asks for a code, and then tells what could be read', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 2);
    await shop.send();
    await shop.backUp();
    const copy = await testTill({ image: await imageOf(till) });
    onTestFinished(() => copy.close());
    await shop.signIn();
    await copy.signIn(shop.cashier, PIN);
    await sell(till);
    await shop.send();
    await sell(copy);
    await copy.till.sync.run();
    await till.till.sync.run();
    await till.till.terminal.enrolAgain({ code: await shop.reEnrolCode() });
    await shop.signIn();
    await sell(till, 2);
    await shop.meanwhile(() => tearPages(ledger, [1]));
    const state = await looked(till);
    await till.till.recovery.restore({ backup: newestOf(state) });
    expect(await till.till.sync.run()).toMatchObject({
      standstill: { code: 'replaced' },
      may_enrol_again: true,
    });
    await till.till.terminal.enrolAgain({ code: await shop.reEnrolCode() });
    await shop.signIn();
    await sell(till);
    await shop.send();
    expect(await shop.receipts()).toEqual(numbersTo(6));
  });

  test('that was killed while it was given another ledger stands where it stood, and can be given one again', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 2);
    await shop.backUp();
    await sell(till, 1);
    await shop.meanwhile(() => {
      tearPages(ledger, [1]);
      // The first of two steps was done: the damaged one has its new name.
      renameSync(ledger, `${ledger}.damaged-2026-03-01T09-00-00-000Z`);
      writeFileSync(`${ledger}.new`, 'half of a ledger');
      writeFileSync(`${ledger}-wal`, 'what was written ahead of the damaged one');
    });
    const state = await looked(till);
    expect(state).toMatchObject({
      message: expect.stringContaining('missing'),
      salvage: { found: { tickets: 3 } },
    });
    expect(await till.till.recovery.restore({ backup: newestOf(state) })).toMatchObject({
      set_aside: null,
      last_seq: 4,
    });
    await till.till.sync.run();
    await shop.signIn();
    expect(await sell(till)).toBe('SHOP1-T1-T-000004');
    expect(readdirSync(till.folder)).toEqual(
      expect.arrayContaining([
        'ledger.db.damaged-2026-03-01T09-00-00-000Z',
        'ledger.db.damaged-2026-03-01T09-00-00-000Z-wal',
      ]),
    );
  });

  test('is never given a copy that is damaged or was changed', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 2);
    await shop.backUp();
    await sell(till, 1);
    await shop.backUp();
    await shop.meanwhile(() => {
      tearPages(ledger, [1]);
      const backups = join(till.folder, 'backups');
      const [older, newer] = readdirSync(backups).sort();
      tearPages(join(backups, older ?? ''), [1]);
      spoilText(join(backups, newer ?? ''), '"sku":"MUG');
    });
    const state = await looked(till);
    expect(state.backups.copies.map(({ check }) => check)).toMatchObject([
      { state: 'bad', message: expect.stringContaining('operation 2 is not what was recorded') },
      { state: 'bad', message: expect.stringContaining('not a database') },
    ]);
    for (const { name } of state.backups.copies) {
      expect(await refusalOf(() => till.till.recovery.restore({ backup: name }))).toBe('copy_bad');
    }
  });

  test('from a newer version is left alone: that version must come back', async () => {
    const { till, ledger, ...shop } = await stage();
    await shop.backUp();
    await shop.meanwhile(() => {
      const db = new Sqlite(ledger);
      db.prepare("INSERT INTO migration VALUES (99, '0099_future.sql', 'x', 'then')").run();
      db.close();
    });
    expect(await till.till.recovery.state()).toMatchObject({
      code: 'ledger_too_new',
      salvage: { phase: 'missing' },
    });
    expect(await refusalOf(() => till.till.recovery.startAnew())).toBe('ledger_too_new');
    expect(readdirSync(till.folder).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  test('finds it out while it sells, says so, and can be helped without being started again', async () => {
    const { till, ledger, ...shop } = await stage();
    await sell(till, 2);
    await shop.send();
    await shop.backUp();
    const db = new Sqlite(ledger);
    db.pragma('wal_checkpoint(TRUNCATE)');
    tearPages(ledger, [rootPage(ledger, 'ticket')]);
    // Another one's write makes the till read its pages again.
    db.prepare("INSERT INTO pin_failure VALUES ('somebody', 0, 'then')").run();
    db.close();
    expect(await refusalOf(() => sell(till))).toBe('ledger_damaged');
    await vi.waitUntil(() => till.till.recovery.state().then(Boolean, () => false), { timeout: 30_000 });
    const state = await looked(till);
    await till.till.recovery.restore({ backup: newestOf(state) });
    await till.till.sync.run();
    await shop.signIn();
    expect(await sell(till)).toBe('SHOP1-T1-T-000003');
  });
});
