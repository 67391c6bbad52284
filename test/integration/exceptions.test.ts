import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { dayIdSchema, type UserId, userIdSchema, variantIdSchema } from '#shared/ids.ts';
import { minor, unitPrice } from '#shared/sales/money.ts';
import type { TicketCompleted } from '#shared/sales/operations.ts';
import type { Ticket, TicketLine } from '#shared/sales/ticket.ts';
import { addItems } from '../support/catalogue.ts';
import { acceptAll } from '../support/desk.ts';
import { officeOf } from '../support/office.ts';
import { person, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { adjusted } from '../support/stock.ts';
import { shift } from '../support/tickets.ts';

const { central, server } = await startCentral();

/** A shop with one item and its category, and an opened day: what is sold in it is flagged for nothing. */
async function quietShop() {
  const shop = await testShop(central, server);
  const { terminal, day, company } = shop;
  const items = await addItems(central.db, company.company_id, [{ sku: 'MUG', name: 'Mug', price: 255 }]);
  const variant_id = items.get('MUG') ?? '';
  const sell = (change: Partial<Ticket> = {}, kind: Ticket['kind'] = 'sale') =>
    day.ticket({ lines: [{ variant_id }], kind, change });
  await terminal.deliver([
    terminal.record('day.opened', day.opened),
    terminal.record('ticket.completed', sell()),
  ]);
  expect(await shop.exceptions()).toEqual([]);
  /** Rings tickets; gives what was raised about them, by their place. */
  const ring = async (
    bodies: readonly TicketCompleted[],
    about?: { user_id?: UserId; approver_id?: UserId },
  ) => {
    const from = terminal.nextSeq();
    const reply = await terminal.deliver(
      bodies.map((body) => terminal.record('ticket.completed', body, about)),
    );
    expect(reply.verdicts.filter((entry) => entry.verdict === 'quarantined')).toEqual([]);
    const raised = (await shop.exceptions()).filter(({ seq }) => seq >= from);
    return raised.map(({ seq, code }) => `${seq - from} ${code}`);
  };
  return { shop, terminal, day, sell, ring };
}

const codes = async (shop: TestShop) => (await shop.exceptions()).map(({ code }) => code);
const of = (line: TicketLine | undefined, change: Partial<TicketLine>): TicketLine[] =>
  line ? [{ ...line, ...change }] : [];

describe('a ticket that somebody must look at', () => {
  test('is kept and raised once, however often it is sent', async () => {
    const { shop, terminal, sell } = await quietShop();
    const operation = terminal.record('ticket.completed', sell({ total_minor: minor(1) }));
    const first = await terminal.deliver([operation]);
    expect(first.verdicts).toEqual([
      { seq: 3, verdict: 'applied_flagged', exceptions: ['ticket_sums_differ'] },
    ]);
    expect((await terminal.deliver([operation])).verdicts).toEqual(first.verdicts);
    expect(await codes(shop)).toEqual(['ticket_sums_differ']);
    const kept = await shop.query('select total_minor from ticket order by number desc limit 1');
    expect(kept).toEqual([{ total_minor: 1 }]);
  });

  test('leaves a number out, uses one twice, or does not follow the one before', async () => {
    const { sell, ring } = await quietShop();
    sell();
    const [after, next] = [sell(), sell()];
    const twice = sell({ number: next.ticket.number });
    const torn = { ...sell({ number: next.ticket.number + 1 }), ticket_prev_hash: after.ticket_hash };
    expect(await ring([after, next, twice, torn])).toEqual([
      '0 receipt_number_gap',
      '0 ticket_chain_broken',
      '2 receipt_number_repeated',
      '3 ticket_chain_broken',
    ]);
  });

  test('was edited after it was linked', async () => {
    const { sell, ring } = await quietShop();
    const body = sell();
    const edited = { ...body, ticket: { ...body.ticket, note: 'Edited' } };
    expect(await ring([edited, sell()])).toEqual(['0 ticket_chain_broken']);
  });

  test('belongs to a day that is unknown, closed, or of another till', async () => {
    const { shop, terminal, day, sell, ring } = await quietShop();
    const admin = person(shop.company, 'ADMIN');
    const other = await shop.addTerminal();
    const elsewhere = shift(other.enrolment, admin);
    await other.deliver([other.record('day.opened', elsewhere.opened, { user_id: admin })]);
    await terminal.deliver([terminal.record('day.closed', day.closed())]);
    const unknown = dayIdSchema.parse(uuid());
    expect(await ring([sell(), sell({ day_id: elsewhere.day_id }), sell({ day_id: unknown })])).toEqual([
      '0 day_already_closed',
      '1 unknown_day',
      '2 unknown_day',
    ]);
    const answer = await other.send(`/api/v1/sales/days/${elsewhere.day_id}`);
    expect(answer.body).toMatchObject({ state: 'open', sums: { sales: 0 } });
  });

  test('sells what nobody knows, by unknown means, in an unknown category: each said once', async () => {
    const { shop, sell, ring } = await quietShop();
    const odd = (): TicketCompleted => {
      const { ticket } = sell();
      const [tender] = ticket.tenders;
      return sell({
        lines: of(ticket.lines[0], { variant_id: stranger, category: 'GONE' }),
        tenders: tender ? [{ ...tender, payment_type: 'SHELLS' }] : [],
      });
    };
    const stranger = variantIdSchema.parse(uuid());
    const skips = /chain|number/;
    const found = await ring([odd(), odd(), odd()]);
    expect(found.filter((entry) => !skips.test(entry))).toEqual([
      '0 unknown_category',
      '0 unknown_payment_type',
      '0 unknown_variant',
    ]);
    expect((await ring([odd()])).filter((entry) => !skips.test(entry))).toEqual([]);
    const office = await officeOf(server.url, shop.company, 'MANAGER');
    for (const code of ['unknown_category', 'unknown_payment_type']) await acceptAll(office, code);
    expect((await ring([odd()])).filter((entry) => !skips.test(entry))).toEqual([
      '0 unknown_category',
      '0 unknown_payment_type',
    ]);
  });

  test('was rung by somebody unknown, disabled, or not allowed to', async () => {
    const { shop, sell, ring } = await quietShop();
    const [cashier, manager] = [person(shop.company, 'CASHIER'), shop.user];
    const overpriced = () => {
      const [line] = sell().ticket.lines;
      return sell({ lines: of(line, { list_price_micro: unitPrice(1) }) });
    };
    const raised = async (body: TicketCompleted, about: { user_id: UserId; approver_id?: UserId }) =>
      (await ring([body], about)).filter((entry) => !/chain|number/.test(entry));
    const unknown = userIdSchema.parse(uuid());
    expect(await raised(sell(), { user_id: unknown })).toEqual(['0 unknown_user']);
    expect(await raised(overpriced(), { user_id: cashier })).toEqual(['0 not_permitted']);
    expect(await raised(overpriced(), { user_id: cashier, approver_id: manager })).toEqual([]);
    expect(await raised(sell({}, 'refund'), { user_id: cashier })).toEqual(['0 not_permitted']);
    expect(await raised(sell(), { user_id: cashier, approver_id: unknown })).toEqual(['0 unknown_user']);
    await shop.query("update app_user set status = 'DISABLED', disabled_at = now()");
    expect(await raised(sell(), { user_id: cashier })).toEqual(['0 user_disabled']);
    expect(await raised(overpriced(), { user_id: cashier, approver_id: manager })).toEqual([
      '0 user_disabled',
      '0 user_disabled',
    ]);
  });

  test('was rung after somebody was disabled; what they did before, and arrives later, is as good as any', async () => {
    const { shop, terminal, sell } = await quietShop();
    const [cashier, manager] = [person(shop.company, 'CASHIER'), shop.user];
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    await shop.query("update app_user set status = 'DISABLED', disabled_at = now()");
    const from = terminal.nextSeq();
    await terminal.deliver([
      terminal.record('ticket.completed', sell(), { user_id: cashier, occurred_at: at(-60) }),
      terminal.record('ticket.completed', sell({}, 'refund'), {
        ...{ user_id: cashier, approver_id: manager, occurred_at: at(-59) },
      }),
      terminal.record('ticket.completed', sell(), { user_id: cashier, occurred_at: at(1) }),
    ]);
    const flagged = (await shop.exceptions()).filter(({ code }) => code === 'user_disabled');
    expect(flagged).toEqual([{ seq: from + 2, code: 'user_disabled' }]);
  });

  test('was rung by somebody who has not accepted their invitation: on no till, so unknown', async () => {
    const { shop, sell, ring } = await quietShop();
    const cashier = person(shop.company, 'CASHIER');
    await shop.query(`update app_user set status = 'INVITED' where user_id = '${cashier}'`);
    expect(await ring([sell()], { user_id: cashier })).toEqual(['0 unknown_user']);
  });
});

describe('a sales day that somebody must look at', () => {
  test('ends with a Z report that says something else than the sales', async () => {
    const { shop, terminal, day } = await quietShop();
    const { z } = day.closed();
    const sums = { ...z.sums, gross_minor: minor(z.sums.gross_minor + 1) };
    await terminal.deliver([terminal.record('day.closed', { z: { ...z, sums } })]);
    expect(await codes(shop)).toEqual(['z_differs']);
    const kept = await shop.query("select z_agrees, z -> 'sums' as sums from sales_day");
    expect(kept).toEqual([{ z_agrees: false, sums }]);
  });

  test('ends with a drawer that does not follow from its own figures', async () => {
    for (const field of ['float_minor', 'cash_minor', 'expected_minor', 'over_short_minor'] as const) {
      const { shop, terminal, day } = await quietShop();
      const { z } = day.closed();
      const drawer = { ...z.drawer, [field]: minor(z.drawer[field] + 1) };
      await terminal.deliver([terminal.record('day.closed', { z: { ...z, drawer } })]);
      expect([field, await codes(shop)]).toEqual([field, ['z_differs']]);
    }
  });

  test('is closed twice, or without having been opened', async () => {
    const { shop, terminal, day } = await quietShop();
    const unopened = shift(terminal.enrolment, shop.user);
    await terminal.deliver([
      terminal.record('day.closed', day.closed()),
      terminal.record('day.closed', day.closed(1)),
      terminal.record('day.closed', unopened.closed()),
    ]);
    expect(await codes(shop)).toEqual(['day_already_closed', 'unknown_day']);
    const days = await shop.query('select z_agrees from sales_day');
    expect(days).toEqual([{ z_agrees: true }, { z_agrees: true }]);
  });

  test('is the second one open: of the same person elsewhere, or on the same till', async () => {
    const { shop, terminal } = await quietShop();
    const other = await shop.addTerminal();
    const elsewhere = shift(other.enrolment, shop.user);
    await other.deliver([other.record('day.opened', elsewhere.opened)]);
    expect(await codes(shop)).toEqual(['second_open_day']);
    const admin = person(shop.company, 'ADMIN');
    const here = shift(terminal.enrolment, admin);
    await terminal.deliver([terminal.record('day.opened', here.opened, { user_id: admin })]);
    expect(await codes(shop)).toEqual(['second_open_day', 'second_open_day']);
    expect(await shop.query('select day_id from sales_day')).toHaveLength(3);
  });
});

describe('a clock that is wrong', () => {
  const at = (ms: number) => ({ occurred_at: new Date(Date.now() + ms).toISOString() });
  const HOUR = 3_600_000;

  test('is raised when it is found ahead, and not again while it stays so', async () => {
    const { shop, terminal } = await quietShop();
    const push = (...offsets: number[]) =>
      terminal.deliver(
        offsets.map((ms) => terminal.record('stock.adjusted', adjusted('Find', [{ quantity: 0 }]), at(ms))),
      );
    await push(HOUR, HOUR, HOUR);
    await push(HOUR);
    const raised = async () => (await shop.exceptions()).filter(({ code }) => code === 'clock_offset');
    expect(await raised()).toEqual([{ seq: 5, code: 'clock_offset' }]);
    await push(-30 * 24 * HOUR);
    expect(await raised()).toHaveLength(1);
    await push(0);
    await push(2 * HOUR);
    expect(await raised()).toHaveLength(2);
    const [row] = await shop.query<{ clock_offset_ms: number }>('select clock_offset_ms from terminal');
    expect(row?.clock_offset_ms).toBeGreaterThan(HOUR);
  });

  test('is raised when it jumped', async () => {
    const { shop, terminal } = await quietShop();
    const now = new Date().toISOString();
    await terminal.deliver([
      terminal.record('clock.jumped', { before: now, after: now, jump_ms: 3_600_000 }),
    ]);
    expect(await codes(shop)).toEqual(['clock_offset']);
  });
});
