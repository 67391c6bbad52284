import { v7 as uuid } from 'uuid';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dayIdSchema, lineIdSchema, type TicketId, ticketIdSchema } from '#shared/ids.ts';
import { ROLES, type RoleCode } from '#shared/people/role.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { addItems } from '../support/catalogue.ts';
import { type Office, officeOf } from '../support/office.ts';
import { enrolmentCode, person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { type TestTill, testTill } from '../support/till.ts';
import { refusal, refusalOf } from '../unit/data/refusals.ts';

const { central, server } = await startCentral();

const PINS = Object.fromEntries(DEMO_SHOP.people.map(({ role, pin }) => [role, pin]));

/** A company with one till, enrolled and filled, and its administrator in the back office. */
type Stage = {
  readonly till: TestTill;
  readonly office: Office;
  readonly signIn: (role: RoleCode) => Promise<void>;
  readonly userOf: (role: RoleCode) => string;
  /** Puts a mug into a new ticket. */
  readonly ring: () => Promise<TicketId>;
  readonly pay: (ticket_id: TicketId) => ReturnType<TestTill['till']['sales']['completeTicket']>;
  readonly query: <Row extends Record<string, unknown>>(sql: string) => Promise<Row[]>;
  readonly exceptions: () => Promise<string[]>;
};

async function stage(): Promise<Stage> {
  const company = await central.addCompany();
  await addItems(central.db, company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
  const till = await testTill();
  onTestFinished(() => till.close());
  const code = await enrolmentCode(central, company);
  await till.till.terminal.enrol({ server_url: server.url, code, name: 'Front' });
  const office = await officeOf(server.url, company);
  const query = <Row extends Record<string, unknown>>(sql: string) =>
    queryAs<Row>(central, company.company_id, sql);
  const addMug = (ticket_id: TicketId) =>
    till.till.sales.addLine({
      ticket_id,
      line_id: lineIdSchema.parse(uuid()),
      item: { code: 'MUG' },
      quantity_milli: milli(1000),
    });
  return {
    till,
    office,
    signIn: (role) => till.signIn(person(company, role), PINS[role] ?? ''),
    userOf: (role) => person(company, role),
    ring: async () => {
      const ticket_id = ticketIdSchema.parse(uuid());
      await till.till.sales.startCart({ ticket_id, kind: 'sale' });
      await addMug(ticket_id);
      return ticket_id;
    },
    pay: (ticket_id) =>
      till.till.sales.completeTicket({
        ticket_id,
        tenders: [{ payment_type: 'CASH', amount_minor: minor(499) }],
      }),
    query,
    exceptions: async () =>
      (await query<{ code: string }>('select code from exception order by seq, code')).map((row) => row.code),
  };
}

const openDay = async ({ till }: Stage) => {
  const day_id = dayIdSchema.parse(uuid());
  await till.till.sales.openDay({ day_id, float_minor: minor(1000) });
  return day_id;
};

/** The till as the office knows it. */
async function enrolledAs({ office }: Stage): Promise<{ terminal_id: string; version: number }> {
  const { items } = (await office.get('/api/v1/terminals')).body as {
    items: { terminal_id: string; version: number }[];
  };
  const [terminal] = items;
  if (!terminal) throw new Error('no terminal');
  return terminal;
}

describe('somebody who is disabled in the middle of a shift', () => {
  test('is out at the next pull; the ticket goes on in other hands, and what they sold meanwhile is kept and flagged', async () => {
    const shop = await stage();
    await shop.signIn('CASHIER');
    await openDay(shop);
    await shop.till.till.sync.run();
    expect(await shop.exceptions()).toEqual([]);

    const answer = await shop.office.post(`/api/v1/users/${shop.userOf('CASHIER')}/disable`);
    expect(answer.status).toBe(200);
    const sold = await shop.pay(await shop.ring());
    const open = await shop.ring();
    expect(await shop.till.till.sync.run()).toMatchObject({ problem: null, waiting: 0, flagged: 1 });

    const { message, data } = await refusal(() => shop.pay(open));
    expect(data.code).toBe('signed_out');
    expect(message).toContain('ended Ada Okafor’s access');
    const ada = { user_id: shop.userOf('CASHIER') as never, pin: '1357' };
    expect(await refusalOf(() => shop.till.till.people.signIn(ada))).toBe('pin_wrong');
    const names = (await shop.till.till.people.list()).map(({ name }) => name);
    expect(names).not.toContain('Ada Okafor');

    await shop.signIn('MANAGER');
    const { cart } = await shop.till.till.terminal.state();
    expect(cart).toMatchObject({ ticket_id: open, opened_by: shop.userOf('CASHIER') });
    expect(cart?.lines[0]?.rung_by).toBe(shop.userOf('CASHIER'));
    await shop.pay(open);
    expect(await shop.till.till.sync.run()).toMatchObject({ problem: null, waiting: 0, flagged: 1 });
    expect(await shop.exceptions()).toEqual(['user_disabled']);
    expect(await shop.query('select ticket_id, cashier_id from ticket order by number')).toEqual([
      { ticket_id: sold.ticket_id, cashier_id: shop.userOf('CASHIER') },
      { ticket_id: open, cashier_id: shop.userOf('MANAGER') },
    ]);
  });
});

describe('a role that is changed centrally', () => {
  test('is what the till goes by from its next pull on, in a session that was begun before', async () => {
    const shop = await stage();
    await shop.signIn('CASHIER');
    await openDay(shop);
    const ticket_id = await shop.ring();
    const discount = { kind: 'amount', amount_minor: minor(50) } as const;
    await shop.till.till.sales.discountCart({ ticket_id, discount });

    const roles = (await shop.office.get('/api/v1/roles')).body.items as { code: string; version: number }[];
    const version = roles.find((role) => role.code === 'CASHIER')?.version ?? 0;
    const permissions = ROLES.CASHIER.permissions.filter((code) => code !== 'sale.discount');
    const path = '/api/v1/roles/CASHIER/permissions';
    await shop.office.send('PUT', path, { permissions }, { 'if-match': `"${version}"` });

    const larger = { kind: 'amount', amount_minor: minor(60) } as const;
    await shop.till.till.sales.discountCart({ ticket_id, discount: larger });
    await shop.till.till.sync.run();
    const { data } = await refusal(() => shop.till.till.sales.discountCart({ ticket_id, discount }));
    expect(data).toMatchObject({ code: 'approval_needed', permission: 'sale.discount' });
    const may = (await shop.till.till.people.list()).filter(({ permissions: held }) =>
      held.includes('sale.discount'),
    );
    expect(may.map(({ name }) => name)).toEqual(['Maya Lindqvist', 'Tomas Reyes']);
  });
});

describe('a terminal that the office takes out of service', () => {
  test('finishes what is open, closes its day, delivers everything, and begins nothing new', async () => {
    const shop = await stage();
    const { till } = shop.till;
    await shop.signIn('CASHIER');
    const day_id = await openDay(shop);
    const ticket_id = await shop.ring();
    const { terminal_id } = await enrolledAs(shop);
    await shop.office.post(`/api/v1/terminals/${terminal_id}/revoke`);
    const told = await till.sync.run();
    expect(told).toMatchObject({ waiting: 0, problem: { kind: 'revoked' } });
    expect((await till.terminal.state()).terminal?.revoked).toBe(true);
    expect(await refusalOf(() => shop.ring())).toBe('terminal_revoked');

    await shop.till.crash();
    expect(await refusalOf(() => shop.ring())).toBe('terminal_revoked');
    await shop.pay(ticket_id);
    await shop.till.till.sales.closeDay({ day_id, counted_minor: minor(1499) });
    expect((await shop.till.till.sync.run()).waiting).toBe(0);
    expect(await shop.query('select count(*)::integer as tickets from ticket')).toEqual([{ tickets: 1 }]);
    expect(await shop.query('select z_agrees from sales_day')).toEqual([{ z_agrees: true }]);
    expect(new Set(await shop.exceptions())).toEqual(new Set(['terminal_revoked']));
    expect(await refusalOf(() => openDay(shop))).toBe('terminal_revoked');
  });
});

describe('a terminal that the office renames', () => {
  test('bears its new name from the next pull on', async () => {
    const shop = await stage();
    const { terminal_id, version } = await enrolledAs(shop);
    await shop.office.patch(`/api/v1/terminals/${terminal_id}`, version, { name: 'Garden till' });
    await shop.till.till.sync.run();
    expect((await shop.till.till.terminal.state()).terminal?.name).toBe('Garden till');
  });
});

describe('a terminal that the office moves', () => {
  test('ends its day where it began it, and opens the next at the other location, under numbers of its own', async () => {
    const shop = await stage();
    const { till } = shop.till;
    await shop.signIn('MANAGER');
    const first = await openDay(shop);
    const open = await shop.ring();

    const location_id = uuid();
    const made = await shop.office.post('/api/v1/locations', {
      ...DEMO_SHOP.location,
      location_id,
      code: 'HARBOUR',
    });
    expect(made.status).toBe(201);
    const { terminal_id, version } = await enrolledAs(shop);
    const moved = await shop.office.patch(`/api/v1/terminals/${terminal_id}`, version, { location_id });
    expect(moved.status).toBe(200);
    expect(await till.sync.run()).toMatchObject({ problem: null, items: 1 });
    expect((await till.terminal.state()).terminal?.location.code).toBe('SHOP1');
    expect((await shop.pay(open)).receipt_number).toMatch(/^SHOP1-T1-T-000001$/);
    await till.sales.closeDay({ day_id: first, counted_minor: minor(1499) });

    expect((await till.terminal.state()).terminal?.location.code).toBe('HARBOUR');
    await openDay(shop);
    expect((await shop.pay(await shop.ring())).receipt_number).toBe('HARBOUR-T1-T-000002');
    expect(await till.sync.run()).toMatchObject({ problem: null, waiting: 0, flagged: 0, quarantined: 0 });
    const code = (table: string) =>
      `select l.code from ${table} t join location l on l.company_id = t.company_id and l.location_id = t.location_id`;
    expect(await shop.query(`${code('ticket')} order by t.number`)).toEqual([
      { code: 'SHOP1' },
      { code: 'HARBOUR' },
    ]);
    expect(await shop.query(`${code('sales_day')} order by t.opened_at`)).toEqual([
      { code: 'SHOP1' },
      { code: 'HARBOUR' },
    ]);
    expect(await shop.query(`${code('stock_level')} order by l.code`)).toEqual([
      { code: 'HARBOUR' },
      { code: 'SHOP1' },
    ]);
  });
});
