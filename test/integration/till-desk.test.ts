import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { DeskItem } from '#shared/contract/desk.ts';
import {
  adjustmentIdSchema,
  dayIdSchema,
  decisionIdSchema,
  lineIdSchema,
  ticketIdSchema,
  variantIdSchema,
} from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { addItems } from '../support/catalogue.ts';
import { acceptAll, decideOn, onDesk } from '../support/desk.ts';
import { officeOf } from '../support/office.ts';
import { enrolmentCode, person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { testTill } from '../support/till.ts';
import { refusal, refusalOf } from '../unit/data/refusals.ts';

const { central, server } = await startCentral();
let owner: pg.Client;

beforeAll(async () => {
  owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
});

const PINS = Object.fromEntries(DEMO_SHOP.people.map(({ role, pin }) => [role, pin]));
const GOODS = { sku: 'MUG', name: 'Mug', price: 499 };

/** A till with its manager signed in and a day open, and the same manager in the office. */
async function stage() {
  const company = await central.addCompany();
  const items = await addItems(central.db, company.company_id, [GOODS]);
  const variant_id = variantIdSchema.parse(items.get('MUG'));
  const till = await testTill();
  onTestFinished(() => till.close());
  const code = await enrolmentCode(central, company);
  await till.till.terminal.enrol({ server_url: server.url, code, name: 'Front' });
  const manager = person(company, 'MANAGER');
  const cashier = person(company, 'CASHIER');
  const signIn = (role: 'MANAGER' | 'CASHIER') => till.signIn(person(company, role), PINS[role] ?? '');
  await till.till.sync.run();
  await signIn('MANAGER');
  const day_id = dayIdSchema.parse(uuid());
  await till.till.sales.openDay({ day_id, float_minor: minor(10_000) });
  const query = <Row extends Record<string, unknown>>(sql: string) =>
    queryAs<Row>(central, company.company_id, sql);
  const ring = async (kind: 'sale' | 'refund' = 'sale') => {
    const ticket_id = ticketIdSchema.parse(uuid());
    const consent = kind === 'sale' ? {} : { approval: { user_id: manager, pin: PINS.MANAGER ?? '' } };
    await till.till.sales.startCart({ ticket_id, kind, ...consent });
    const line_id = lineIdSchema.parse(uuid());
    await till.till.sales.addLine({ ticket_id, line_id, item: { code: 'MUG' }, quantity_milli: milli(1000) });
    const tenders = [{ payment_type: 'CASH', amount_minor: minor(499) }];
    return till.till.sales.completeTicket({ ticket_id, tenders });
  };
  const adjust = async () => {
    const adjustment_id = adjustmentIdSchema.parse(uuid());
    const line = {
      line_id: lineIdSchema.parse(uuid()),
      variant_id,
      sku: 'MUG',
      quantity_milli: milli(-1000),
    };
    await till.till.stock.adjust({ adjustment_id, reason: 'Breakage', lines: [line] });
    return adjustment_id;
  };
  const open = () => till.till.desk.list({ state: 'open' });
  const settled = () => till.till.desk.list({ state: 'settled' });
  const only = async (): Promise<DeskItem & { op_id: NonNullable<DeskItem['op_id']> }> => {
    const [item, ...others] = await open();
    if (!item?.op_id || others.length > 0) throw new Error('there is not exactly one on the desk');
    return { ...item, op_id: item.op_id };
  };
  return {
    till,
    office: await officeOf(server.url, company, 'MANAGER'),
    ...{ company, manager, cashier, signIn, query, ring, adjust, open, settled, only },
    /** A sale that the server flags: for a moment the office does not know how it was paid. */
    flagged: async () => {
      await till.till.sync.run();
      await query("delete from payment_type where code = 'CASH'");
      const ticket = await ring();
      await till.till.sync.run();
      await query(
        "insert into payment_type (company_id, code, name, kind) select company_id, 'CASH', 'Cash', 'cash' from company",
      );
      await till.till.sync.run();
      return ticket;
    },
    accept: (item: { op_id: NonNullable<DeskItem['op_id']>; code: DeskItem['code'] }, about: object = {}) =>
      till.till.desk.accept({
        decision_id: decisionIdSchema.parse(uuid()),
        ...{ op_id: item.op_id, code: item.code, note: 'It was paid in cash.' },
        ...about,
      }),
  };
}

const offline = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  await server.close();
  try {
    return await work();
  } finally {
    await server.comeBack();
  }
};

describe('what the server flagged', () => {
  test('is on the desk of the till as it is on the desk of the office: cause, values, who and when', async () => {
    const { office, manager, flagged, only } = await stage();
    const ticket = await flagged();
    const here = await only();
    expect(here).toMatchObject({
      ...{ state: 'open', kind: 'flagged', code: 'unknown_payment_type', about: 'money' },
      cause: 'It was paid by a means of payment that the office does not have.',
      actions: ['accept', 'correct'],
      ...{ operation_kind: 'ticket.completed', occurred_at: ticket.completed_at },
      user: { user_id: manager, name: 'Maya Lindqvist' },
      ...{ approver: null, decision: null },
      facts: {
        receipt_number: ticket.receipt_number,
        currency: 'GBP',
        lines: [{ name: 'Mug', quantity_milli: 1000 }],
        tenders: [{ payment_type: 'CASH', minor: 499 }],
      },
    });
    expect(here.facts?.amounts[0]).toEqual({ of: 'total', minor: 499 });
    const [there] = await onDesk(office);
    for (const field of [
      'code',
      'about',
      'cause',
      'advice',
      'op_id',
      'seq',
      'occurred_at',
      'user',
    ] as const) {
      expect([field, here[field]]).toEqual([field, there?.[field]]);
    }
    expect(await offline(only)).toEqual(here);
  });

  test('is accepted without a line, which survives a crash, and the office hears of it by name', async () => {
    const { till, office, manager, flagged, only, open, settled, accept } = await stage();
    await flagged();
    const item = await only();
    await offline(async () => {
      await accept(item);
      await till.crash();
      expect(await open()).toEqual([]);
      expect(await settled()).toMatchObject([
        {
          ...{ state: 'settled', op_id: item.op_id, code: item.code, cause: item.cause, actions: [] },
          facts: item.facts,
          decision: {
            ...{ action: 'accepted', note: 'It was paid in cash.', sent: false, corrected_by: null },
            user: { user_id: manager, name: 'Maya Lindqvist' },
          },
        },
      ]);
      expect(await till.till.sync.status()).toMatchObject({ waiting: 1 });
    });
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, flagged: 0, problem: null });
    expect((await settled())[0]?.decision?.sent).toBe(true);
    expect(await open()).toEqual([]);
    expect(await onDesk(office)).toMatchObject([
      {
        state: 'settled',
        decision: {
          ...{ action: 'accepted', note: 'It was paid in cash.', terminal: { code: 'T1' } },
          user: { name: 'Maya Lindqvist' },
        },
      },
    ]);
  });

  test('is accepted by the office, and gone from the desk of the till', async () => {
    const { till, office, flagged, open, settled, only, accept } = await stage();
    await flagged();
    const item = await only();
    await acceptAll(office, 'unknown_payment_type');
    await till.till.sync.run();
    expect(await till.till.sync.run()).toMatchObject({ flagged: 0, problem: null });
    expect([await open(), await settled()]).toEqual([[], []]);
    expect(await refusalOf(() => accept(item))).toBe('trouble_unknown');
  });

  test('is open again at the till where the office takes back what was decided there', async () => {
    const { till, office, flagged, only, open, accept } = await stage();
    await flagged();
    const item = await only();
    await accept(item);
    await till.till.sync.run();
    const [seen] = await onDesk(office);
    await decideOn(office, { exception_id: seen?.exception_id ?? 0, version: 2 }, 'reopen');
    await till.till.sync.run();
    await till.till.sync.run();
    expect(await open()).toMatchObject([{ op_id: item.op_id, state: 'open' }]);
    await accept(item);
    await till.till.sync.run();
    expect(await open()).toEqual([]);
    expect((await onDesk(office))[0]).toMatchObject({ state: 'settled', version: 4 });
  });
});

describe('a decision at the till', () => {
  test('wants the PIN of somebody who may', async () => {
    const { manager, cashier, signIn, flagged, only, open, settled, accept } = await stage();
    await flagged();
    const item = await only();
    await signIn('CASHIER');
    const { data, message } = await refusal(() => accept(item));
    expect(data).toMatchObject({ code: 'approval_needed', permission: 'exception.settle' });
    expect(message).toContain('decide about what was flagged');
    const own = { approval: { user_id: cashier, pin: PINS.CASHIER } };
    expect(await refusalOf(() => accept(item, own))).toBe('approval_not_enough');
    expect(await open()).toHaveLength(1);
    await accept(item, { approval: { user_id: manager, pin: PINS.MANAGER } });
    expect((await settled())[0]?.decision).toMatchObject({
      user: { name: 'Ada Okafor' },
      approver: { name: 'Maya Lindqvist' },
    });
  });

  test('asked for again is the same one; a second about the same is refused by name', async () => {
    const { till, flagged, only, settled, accept } = await stage();
    await flagged();
    const item = await only();
    const decision_id = decisionIdSchema.parse(uuid());
    await accept(item, { decision_id });
    await accept(item, { decision_id });
    expect(await settled()).toHaveLength(1);
    expect(await till.till.sync.status()).toMatchObject({ waiting: 1 });
    expect(await refusalOf(() => accept(item, { decision_id, note: 'Another.' }))).toBe('id_reused');
    const { message, data } = await refusal(() => accept(item));
    expect([data.code, message]).toEqual([
      'trouble_settled',
      'Maya Lindqvist has decided about this already, at this till.',
    ]);
  });

  test('is part of a ledger that cannot be changed', async () => {
    const { till, flagged, only, accept } = await stage();
    await flagged();
    await accept(await only());
    const image = await till.image();
    onTestFinished(() => rm(image, { recursive: true, force: true }));
    const ledger = new Database(join(image, 'ledger.db'));
    onTestFinished(() => {
      ledger.close();
    });
    for (const sql of ["UPDATE exception_decision SET note = ''", 'DELETE FROM exception_decision']) {
      expect(() => ledger.exec(sql)).toThrow('append-only');
    }
  });

  test('names a refund or a correction of stock that was made there', async () => {
    const { till, office, flagged, ring, adjust, only, settled } = await stage();
    await flagged();
    const item = await only();
    const correct = (by: object) =>
      till.till.desk.correct({
        decision_id: decisionIdSchema.parse(uuid()),
        ...{ op_id: item.op_id, code: item.code, note: 'Given back.' },
        by: by as never,
      });
    const sale = { ticket_id: ticketIdSchema.parse(uuid()) };
    expect(await refusalOf(() => correct(sale))).toBe('correction_unknown');
    const refund = await ring('refund');
    await correct({ ticket_id: refund.ticket_id });
    await till.till.sync.run();
    const corrected_by = { receipt_number: refund.receipt_number };
    expect((await settled())[0]?.decision).toMatchObject({ action: 'corrected', corrected_by });
    expect((await onDesk(office, 'code=unknown_payment_type'))[0]).toMatchObject({
      state: 'settled',
      decision: { action: 'corrected', corrected_by, terminal: { code: 'T1' } },
    });
    await flagged();
    const next = await only();
    const adjustment_id = await adjust();
    await till.till.desk.correct({
      decision_id: decisionIdSchema.parse(uuid()),
      ...{ op_id: next.op_id, code: next.code, note: 'Broken.', by: { adjustment_id } },
    });
    expect(await till.till.sync.run()).toMatchObject({ flagged: 0, quarantined: 0, problem: null });
  });

  test('is fetched back by a till whose records were put back from an old copy', async () => {
    const { till, signIn, flagged, only, open, settled, accept } = await stage();
    await flagged();
    const item = await only();
    const image = await till.image();
    onTestFinished(() => rm(image, { recursive: true, force: true }));
    await accept(item);
    await till.till.sync.run();
    await till.putBack(image);
    await till.till.sync.run();
    expect(await till.till.sync.run()).toMatchObject({ problem: null, standstill: null, flagged: 0 });
    await signIn('MANAGER');
    expect(await open()).toEqual([]);
    expect(await settled()).toMatchObject([
      { op_id: item.op_id, decision: { action: 'accepted', sent: true } },
    ]);
  });
});

describe('what the server set aside', () => {
  const spoil = () =>
    owner.query('alter table ticket add constraint spoilt check (total_minor <> 499) not valid');
  const repair = () => owner.query('alter table ticket drop constraint spoilt');

  test('is shown with what the server noted, repaired by the office, and gone', async () => {
    const { till, office, ring, only, open } = await stage();
    await ring();
    await spoil();
    await till.till.sync.run().finally(repair);
    expect(await only()).toMatchObject({
      ...{ kind: 'quarantined', code: 'not_applicable', detail: 'the database refused it (23514)' },
      ...{ actions: ['accept', 'correct'], facts: { lines: [{ name: 'Mug' }] } },
    });
    expect(await till.till.sync.status()).toMatchObject({ quarantined: 1 });
    const [seen] = await onDesk(office);
    const replayed = await decideOn(office, seen ?? { exception_id: 0, version: 1 }, 'replay');
    expect(replayed.body).toMatchObject({
      state: 'settled',
      decision: { action: 'replayed', settles: true },
    });
    await till.till.sync.run();
    expect(await till.till.sync.run()).toMatchObject({ quarantined: 0, problem: null });
    expect(await open()).toEqual([]);
  });

  test('and was accepted at the till stays out of the books, and of the way', async () => {
    const { till, office, query, ring, only, open, accept } = await stage();
    await ring();
    await spoil();
    await till.till.sync.run().finally(repair);
    await accept(await only());
    await till.till.sync.run();
    expect(await till.till.sync.run()).toMatchObject({ quarantined: 0, problem: null });
    expect(await open()).toEqual([]);
    expect(await onDesk(office, 'kind=quarantined')).toMatchObject([
      { state: 'settled', decision: { action: 'accepted', terminal: { code: 'T1' } } },
    ]);
    expect(await query('select ticket_id from ticket')).toEqual([]);
  });
});
