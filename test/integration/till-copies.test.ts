import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DayId, dayIdSchema, lineIdSchema, type TicketId, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { addItems } from '../support/catalogue.ts';
import { acceptAll } from '../support/desk.ts';
import { officeOf } from '../support/office.ts';
import { enrolmentCode, person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { type TestTill, testTill } from '../support/till.ts';
import { refusalOf } from '../unit/data/refusals.ts';

const { central, server } = await startCentral();

const PIN = DEMO_SHOP.people.find(({ role }) => role === 'CASHIER')?.pin ?? '';

/** A shop with one till that has opened its day and told so, and what its manager does about copies of it. */
async function stage() {
  const company = await central.addCompany();
  await addItems(central.db, company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
  const cashier = person(company, 'CASHIER');
  const office = await officeOf(server.url, company, 'MANAGER');
  const query = <Row extends Record<string, unknown>>(sql: string) =>
    queryAs<Row>(central, company.company_id, sql);
  const images: string[] = [];
  onTestFinished(async () => {
    for (const image of images) await rm(image, { recursive: true, force: true });
  });
  /** A machine over a copy of a disk, or over an empty one. */
  const machine = async (image?: string) => {
    const till = await testTill(image === undefined ? {} : { image });
    onTestFinished(() => till.close());
    if (image !== undefined) await till.signIn(cashier, PIN);
    return till;
  };
  const till = await machine();
  const code = await enrolmentCode(central, company);
  await till.till.terminal.enrol({ server_url: server.url, code, name: 'Front' });
  await till.till.sync.run();
  await till.signIn(cashier, PIN);
  const day_id = dayIdSchema.parse(uuid());
  await till.till.sales.openDay({ day_id, float_minor: minor(10_000) });
  await till.till.sync.run();
  const copy = async () => {
    const image = await till.image();
    images.push(image);
    return image;
  };
  const [{ terminal_id } = { terminal_id: '' }] = await query<{ terminal_id: string }>(
    'select terminal_id from terminal',
  );
  return {
    till,
    office,
    day_id,
    machine,
    copy,
    query,
    signIn: (one: TestTill) => one.signIn(cashier, PIN),
    /** A code with which one copy goes on as the terminal, by the office's own route. */
    reEnrolCode: async () => {
      const made = await office.post(`/api/v1/terminals/${terminal_id}/re-enrol-code`);
      expect(made.status).toBe(201);
      return String(made.body.code);
    },
    newCode: () => enrolmentCode(central, company),
    alarms: async () => {
      const rows = await query<{ code: string }>(
        "select code from exception where kind = 'flagged' order by code",
      );
      return rows.map((row) => row.code);
    },
    receipts: async () => {
      const rows = await query<{ receipt_number: string }>('select receipt_number from ticket order by 1');
      return rows.map((row) => row.receipt_number);
    },
  };
}

async function ring(one: TestTill): Promise<TicketId> {
  const ticket_id = ticketIdSchema.parse(uuid());
  await one.till.sales.startCart({ ticket_id, kind: 'sale' });
  await one.till.sales.addLine({
    ticket_id,
    line_id: lineIdSchema.parse(uuid()),
    item: { code: 'MUG' },
    quantity_milli: milli(1000),
  });
  return ticket_id;
}

const pay = (one: TestTill, ticket_id: TicketId) =>
  one.till.sales.completeTicket({
    ticket_id,
    tenders: [{ payment_type: 'CASH', amount_minor: minor(499) }],
  });

const sell = async (one: TestTill) => pay(one, await ring(one));
const sellMany = async (one: TestTill, count: number) => {
  for (let sale = 0; sale < count; sale += 1) await sell(one);
};

const closeDay = (one: TestTill, day_id: DayId, tickets: number) =>
  one.till.sales.closeDay({ day_id, counted_minor: minor(10_000 + 499 * tickets) });

describe('two machines over copies of one disk', () => {
  test('that both sold are found out: neither goes on, and what only one knows is kept', async () => {
    const { till, copy, machine, query, alarms } = await stage();
    const other = await machine(await copy());
    await sellMany(till, 2);
    await sellMany(other, 3);
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, standstill: null });
    const told = await other.till.sync.run();
    expect(told).toMatchObject({
      waiting: 3,
      standstill: { code: 'forked', last_seq: 4 },
      problem: { kind: 'stopped' },
      may_enrol_again: true,
    });
    expect(await till.till.sync.run()).toMatchObject({ standstill: { code: 'forked', last_seq: 3 } });
    for (const one of [till, other]) expect(await refusalOf(() => ring(one))).toBe('standstill');
    expect(await alarms()).toEqual(['terminal_forked']);
    expect(await query('select first_seq, last_seq from journal_branch')).toEqual([
      { first_seq: 1, last_seq: 4 },
    ]);
  });

  test('with a code for it one goes on as the till, and the other comes in as a new one: nothing is lost', async () => {
    const { till, copy, machine, alarms, receipts, day_id, query, reEnrolCode, newCode } = await stage();
    const other = await machine(await copy());
    await sellMany(till, 2);
    await sellMany(other, 3);
    await till.till.sync.run();
    await other.till.sync.run();
    const state = await other.till.terminal.enrolAgain({ code: await reEnrolCode() });
    expect(state.terminal).toMatchObject({ terminal_code: 'T1' });
    expect(state.sync).toMatchObject({
      standstill: null,
      waiting: 3,
      notice: { code: 'enrolled_again', operations: 3 },
    });
    expect(await other.till.sync.run()).toMatchObject({ waiting: 0, problem: null, flagged: 3 });
    expect((await sell(other)).receipt_number).toBe('SHOP1-T1-T-000004');
    expect(await other.till.sync.run()).toMatchObject({ waiting: 0, problem: null });

    const left = await till.till.sync.run();
    expect(left).toMatchObject({ standstill: { code: 'replaced' }, may_enrol_again: true });
    const brought = await till.till.terminal.enrolAgain({ code: await newCode() });
    expect(brought.terminal).toMatchObject({ terminal_code: 'T2' });
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null });
    expect((await sell(till)).receipt_number).toBe('SHOP1-T2-T-000003');
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null });
    expect(await receipts()).toEqual([
      ...['SHOP1-T1-T-000001', 'SHOP1-T1-T-000001', 'SHOP1-T1-T-000002', 'SHOP1-T1-T-000002'],
      ...['SHOP1-T1-T-000003', 'SHOP1-T1-T-000004', 'SHOP1-T2-T-000003'],
    ]);
    expect(await alarms()).toEqual(
      expect.arrayContaining(['terminal_forked', 'told_by_copy', 'receipt_number_repeated']),
    );
    expect((await alarms()).filter((code) => code === 'told_by_copy')).toHaveLength(3);
    await closeDay(other, day_id, 4);
    await other.till.sync.run();
    expect(await query('select z_agrees from sales_day')).toEqual([{ z_agrees: false }]);
  });

  test('of which one stood still find out when the other has gone on, though they never differ', async () => {
    const { till, copy, machine, alarms } = await stage();
    const other = await machine(await copy());
    await sellMany(till, 2);
    await till.till.sync.run();
    expect(await other.till.sync.run()).toMatchObject({
      standstill: null,
      waiting: 0,
      last_seq: 3,
      notice: { code: 'terminal_restored', operations: 2 },
    });
    await sell(till);
    expect(await till.till.sync.run()).toMatchObject({ waiting: 1, standstill: { code: 'cloned' } });
    expect(await other.till.sync.run()).toMatchObject({ standstill: { code: 'cloned' } });
    expect(await alarms()).toEqual(['terminal_cloned', 'terminal_restored']);
  });

  test('keep what they did when an answer to the code is lost, and take the same code again', async () => {
    const { till, copy, machine, reEnrolCode, receipts } = await stage();
    const other = await machine(await copy());
    await sell(till);
    await sell(other);
    await till.till.sync.run();
    await other.till.sync.run();
    const code = await reEnrolCode();
    const before = await other.image();
    await other.till.terminal.enrolAgain({ code });
    // As if the process had died between the answer and its own commit: the key was on the disk before.
    const keys = join(other.folder, '..', `${uuid()}-keys`);
    await cp(other.folder, keys, { recursive: true, filter: (path) => !/\.(db|log)/.test(path) });
    await other.putBack(before);
    await cp(keys, other.folder, { recursive: true });
    for (const folder of [before, keys]) await rm(folder, { recursive: true });
    expect(await other.till.sync.run()).toMatchObject({ standstill: { code: 'replaced' } });
    await other.till.terminal.enrolAgain({ code });
    expect(await other.till.sync.run()).toMatchObject({ waiting: 0, problem: null });
    expect(await receipts()).toHaveLength(2);
  });

  test('take no code of somebody else, and none while all is well', async () => {
    const { till, copy, machine, newCode } = await stage();
    expect(await refusalOf(async () => till.till.terminal.enrolAgain({ code: await newCode() }))).toBe(
      'already_enrolled',
    );
    const other = await machine(await copy());
    await sell(till);
    await sell(other);
    await till.till.sync.run();
    await other.till.sync.run();
    const elsewhere = await enrolmentCode(central, await central.addCompany());
    expect(await refusalOf(() => other.till.terminal.enrolAgain({ code: elsewhere }))).toBe(
      'enrolment_failed',
    );
    expect((await other.till.sync.status()).standstill?.code).toBe('forked');
  });
});

describe('a till whose files were put back from an old copy', () => {
  test('fetches back what they lack, keeps its open ticket, and goes on where it was', async () => {
    const { till, copy, signIn, alarms, day_id, query } = await stage();
    await sell(till);
    const open = await ring(till);
    const image = await copy();
    await till.till.sales.abortCart({ ticket_id: open, reason: 'Changed their mind' });
    const kept = await ring(till);
    const withOpen = await copy();
    await pay(till, kept);
    await sellMany(till, 2);
    await till.till.sync.run();

    await till.putBack(image);
    const back = await till.till.sync.run();
    expect(back).toMatchObject({
      problem: null,
      waiting: 0,
      last_seq: 6,
      standstill: null,
      notice: { code: 'terminal_restored', operations: 4 },
    });
    await signIn(till);
    expect((await till.till.terminal.state()).cart).toBeNull();
    expect((await sell(till)).receipt_number).toBe('SHOP1-T1-T-000005');
    await till.till.sync.run();

    await till.putBack(withOpen);
    await till.till.sync.run();
    await signIn(till);
    expect((await till.till.terminal.state()).cart).toBeNull();
    const last = await sell(till);
    expect(last.receipt_number).toBe('SHOP1-T1-T-000006');
    await closeDay(till, day_id, 6);
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null, flagged: 0 });
    expect(await query('select z_agrees from sales_day')).toEqual([{ z_agrees: true }]);
    expect(await alarms()).toEqual(['terminal_restored', 'terminal_restored']);
  });

  test('keeps a ticket that is still open everywhere', async () => {
    const { till, copy, signIn } = await stage();
    const open = await ring(till);
    const image = await copy();
    await till.till.sales.holdCart({ ticket_id: open });
    await sell(till);
    await till.till.sync.run();
    await till.putBack(image);
    await till.till.sync.run();
    await signIn(till);
    expect((await till.till.terminal.state()).cart).toMatchObject({ ticket_id: open });
    expect((await pay(till, open)).receipt_number).toBe('SHOP1-T1-T-000002');
  });

  test('that closed its day and opened the next one stands there again', async () => {
    const { till, copy, signIn, day_id } = await stage();
    const image = await copy();
    await sell(till);
    await closeDay(till, day_id, 1);
    const next = dayIdSchema.parse(uuid());
    await till.till.sales.openDay({ day_id: next, float_minor: minor(5000) });
    await till.till.sync.run();
    await till.putBack(image);
    await till.till.sync.run();
    await signIn(till);
    expect((await till.till.terminal.state()).day).toMatchObject({ day_id: next, float_minor: 5000 });
    const z = await till.till.sales.closeDay({ day_id: next, counted_minor: minor(5000) });
    expect(z.z_number).toBe(2);
  });

  test('and taken out of service meanwhile is made whole all the same, closes its day and delivers', async () => {
    const { till, copy, signIn, office, day_id, query, alarms } = await stage();
    const [terminal] = await query<{ terminal_id: string }>('select terminal_id from terminal');
    const image = await copy();
    await sellMany(till, 2);
    await till.till.sync.run();
    await office.post(`/api/v1/terminals/${terminal?.terminal_id}/revoke`);
    await till.putBack(image);
    expect(await till.till.sync.run()).toMatchObject({
      problem: { kind: 'revoked' },
      last_seq: 3,
      standstill: null,
      notice: { code: 'terminal_restored', operations: 2 },
    });
    await signIn(till);
    expect(await refusalOf(() => ring(till))).toBe('terminal_revoked');
    await closeDay(till, day_id, 2);
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: { kind: 'revoked' } });
    expect(await query('select z_agrees from sales_day')).toEqual([{ z_agrees: true }]);
    expect(await alarms()).toEqual(['terminal_restored', 'terminal_revoked']);
  });

  test('sells nothing until it is complete, also when it is killed on the way', async () => {
    const { till, copy, signIn } = await stage();
    const image = await copy();
    for (let push = 0; push < 6; push += 1) {
      await sell(till);
      await till.till.sync.run();
    }
    await till.putBack(image);
    await server.close();
    const gone = await till.till.sync.run();
    expect(gone.standstill).toBeNull();
    await server.comeBack();
    const run = till.till.sync.run().catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await till.crash();
    await run;
    const after = await till.till.sync.status();
    if (after.last_seq < 7 && after.standstill) {
      await signIn(till);
      expect(await refusalOf(() => ring(till))).toBe('standstill');
    }
    expect(await till.till.sync.run()).toMatchObject({ last_seq: 7, standstill: null, problem: null });
    await signIn(till);
    expect((await sell(till)).receipt_number).toBe('SHOP1-T1-T-000007');
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null, flagged: 0 });
  });

  test('and sold before it heard of it has a history of its own', async () => {
    const { till, copy, signIn, alarms, reEnrolCode, receipts } = await stage();
    const image = await copy();
    await sellMany(till, 2);
    await till.till.sync.run();
    await till.putBack(image);
    await signIn(till);
    const again = await sell(till);
    expect(again.receipt_number).toBe('SHOP1-T1-T-000001');
    expect(await till.till.sync.run()).toMatchObject({ waiting: 1, standstill: { code: 'forked' } });
    await till.till.terminal.enrolAgain({ code: await reEnrolCode() });
    await till.till.sync.run();
    expect((await sell(till)).receipt_number).toBe('SHOP1-T1-T-000003');
    await till.till.sync.run();
    expect(await receipts()).toHaveLength(4);
    expect(await alarms()).toEqual(['receipt_number_repeated', 'terminal_forked', 'told_by_copy']);
  });
});

describe('what the office has looked at', () => {
  test('is no trouble at the till any more, and what was replayed neither', async () => {
    const { till, query, office } = await stage();
    await query(
      "update app_user set status = 'DISABLED', disabled_at = now() - interval '1 hour' where name like 'Ada%'",
    );
    await sell(till);
    expect(await till.till.sync.run()).toMatchObject({ flagged: 1, waiting: 0 });
    await acceptAll(office, 'user_disabled');
    await till.till.sync.run();
    expect(await till.till.sync.run()).toMatchObject({ flagged: 0 });
    expect(await till.till.sync.run()).toMatchObject({ flagged: 0, problem: null });
  });
});

describe('a till that the server does not know', () => {
  test('since the server was put back to a moment before the enrolment comes in again with all it has', async () => {
    const { till, query, newCode, receipts } = await stage();
    await sellMany(till, 2);
    const key = await readFile(join(till.folder, 'terminal.key'), 'utf8');
    await query("update terminal set public_key = sha256('another')");
    await till.crash();
    const told = await till.till.sync.run();
    expect(told).toMatchObject({ problem: { kind: 'stopped' }, standstill: null, may_enrol_again: true });
    expect(told.problem?.message).toMatch(/does not know this till/);
    await sell(till);
    await till.till.terminal.enrolAgain({ code: await newCode() });
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null });
    expect(await receipts()).toHaveLength(3);
    expect(await readFile(join(till.folder, 'terminal.key'), 'utf8')).toBe(key);
  });
});
