import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { inCompany, rows } from '../../server/db.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { addItems } from '../support/catalogue.ts';
import { startCentral } from '../support/start-central.ts';
import { type TestTill, testTill } from '../support/till.ts';

const { central, server } = await startCentral();
let shop: TestTill;

beforeAll(async () => {
  await addItems(central.db, central.company.company_id, [
    { sku: 'LANTERN', name: 'White metal lantern', price: 339, barcode: '5901234123457' },
    { sku: 'MUG', name: 'Кружка синяя', price: 499 },
  ]);
  shop = await testTill();
});
afterAll(async () => {
  await shop?.close();
});

const query = <Row extends Record<string, unknown>>(sql: string): Promise<Row[]> =>
  inCompany(central.db, central.company.company_id, (tx) => rows<Row>(tx, sql));

const person = (role: string) => {
  const found = central.company.people.find((entry) => entry.role === role);
  if (!found) throw new Error(role);
  return found.user_id;
};

describe('a till from its enrolment to its Z report', () => {
  const day = dayIdSchema.parse(uuid());

  test('is enrolled with a one-time code and fetches its catalogue', async () => {
    const { company_id, location_id } = central.company;
    const code = await inCompany(central.db, company_id, (tx) => makeEnrolmentCode(tx, location_id));
    const state = await shop.till.terminal.enrol({ server_url: server.url, code, name: 'Front' });
    expect(state.terminal?.location.code).toBe('SHOP1');
    const status = await shop.till.sync.run();
    expect(status).toMatchObject({ problem: null, items: 2, waiting: 0 });
    await shop.signIn(person('CASHIER'), '1357');
    const found = await shop.till.catalogue.byCode({ code: '5901234123457' });
    expect(found?.sku).toBe('LANTERN');
    expect((await shop.till.catalogue.search({ text: 'синяя круж' })).map((item) => item.sku)).toEqual([
      'MUG',
    ]);
  });

  test('sells with the server gone, survives a crash in mid-sale, and delivers once', async () => {
    await server.close();
    await shop.till.sales.openDay({ day_id: day, float_minor: minor(10_000) });
    const ticket_id = ticketIdSchema.parse(uuid());
    await shop.till.sales.startCart({ ticket_id, kind: 'sale' });
    const line_id = lineIdSchema.parse(uuid());
    const item = { code: '5901234123457' };
    await shop.till.sales.addLine({ ticket_id, line_id, item, quantity_milli: milli(2000) });
    await shop.crash();
    const again = await shop.till.sales.addLine({ ticket_id, line_id, item, quantity_milli: milli(2000) });
    expect(again.lines).toHaveLength(1);
    const tenders = [{ payment_type: 'CASH', amount_minor: minor(1000) }];
    const ticket = await shop.till.sales.completeTicket({ ticket_id, tenders });
    expect(ticket).toMatchObject({ total_minor: 678, change_minor: 322, tax_minor: 113 });
    await shop.crash();
    expect(await shop.till.sales.completeTicket({ ticket_id, tenders })).toEqual(ticket);
    const offline = await shop.till.sync.run();
    expect(offline.problem).not.toBeNull();
    expect(offline.waiting).toBe(2);
    await server.comeBack();
    const online = await shop.till.sync.run();
    expect(online).toMatchObject({ problem: null, waiting: 0, quarantined: 0, flagged: 0 });
    expect(await query('select ticket_id, total_minor from ticket')).toEqual([
      { ticket_id, total_minor: 678 },
    ]);
  });

  test('closes the day, and the server confirms its Z report', async () => {
    const z = await shop.till.sales.closeDay({ day_id: day, counted_minor: minor(10_678) });
    expect(z.drawer).toMatchObject({ expected_minor: 10_678, over_short_minor: 0 });
    const status = await shop.till.sync.run();
    expect(status).toMatchObject({ problem: null, waiting: 0, quarantined: 0, flagged: 0 });
    expect(await query('select z_agrees from sales_day')).toEqual([{ z_agrees: true }]);
    expect(await query('select quantity_milli::bigint from stock_level')).toEqual([
      { quantity_milli: -2000 },
    ]);
  });
});
