import { expect, onTestFinished, test } from 'vitest';
import { minorSchema } from '#shared/sales/money.ts';
import { milliSchema } from '#shared/stock/quantity.ts';
import { forkDataProcess } from '../../../src-main/data/client.ts';
import { CASHIER_PIN, closeTill, newDayId, newLineId, newTicketId, openShop } from './shop.ts';

const milli = (value: number) => milliSchema.parse(value);
const minor = (value: number) => minorSchema.parse(value);

test('a whole day is sold, counted and closed without a network', async () => {
  const shop = openShop();
  closeTill(shop.till);
  const data = await forkDataProcess({ folder: shop.folder, autosync: false });
  onTestFinished(async () => {
    data.kill();
    await data.exited;
  });
  const { client, setSession } = data.connect();

  const people = await client.people.list();
  expect(people.map((person) => person.name)).toEqual(['Carla', 'Mona']);
  const { session } = await client.people.signIn({ user_id: shop.cashier.user_id, pin: CASHIER_PIN });
  setSession(session);

  const day_id = newDayId();
  await client.sales.openDay({ day_id, float_minor: minor(10_000) });
  const ticket_id = newTicketId();
  await client.sales.startCart({ ticket_id, kind: 'sale' });
  await client.sales.addLine({
    ticket_id,
    line_id: newLineId(),
    item: { code: '5012345678900' },
    quantity_milli: milli(6000),
  });
  const cart = await client.sales.addLine({
    ticket_id,
    line_id: newLineId(),
    item: { code: '71053' },
    quantity_milli: milli(2000),
  });
  expect(cart.total_minor).toBe(1530 + 678);
  const ticket = await client.sales.completeTicket({
    ticket_id,
    tenders: [{ payment_type: 'CASH', amount_minor: minor(3000) }],
  });
  expect(ticket).toMatchObject({ receipt_number: 'SHOP1-T1-T-000001', change_minor: 792, number: 1 });
  const again = await client.sales.completeTicket({
    ticket_id,
    tenders: [{ payment_type: 'CASH', amount_minor: minor(3000) }],
  });
  expect(again).toEqual(ticket);

  const z = await client.sales.closeDay({ day_id, counted_minor: minor(12_200) });
  expect(z).toMatchObject({
    z_number: 1,
    sums: { sales: 1, lines: 2, total_minor: 2208 },
    drawer: { expected_minor: 12_208, over_short_minor: -8 },
    unsent: 2,
  });
  await expect
    .poll(async () => (await client.terminal.backups()).last, { timeout: 10_000 })
    .toMatchObject({
      last_seq: 3,
    });
  const state = await client.terminal.state();
  expect(state).toMatchObject({ day: null, cart: null, sync: { waiting: 3, last_seq: 3, items: 3 } });
});
