import { describe, expect, test } from 'vitest';
import { minor } from '#shared/sales/money.ts';
import { abortCart, holdCart } from '../../../src-main/data/sales/cart-state.ts';
import { closeDay } from '../../../src-main/data/sales/close-day.ts';
import { completeTicket } from '../../../src-main/data/sales/complete-ticket.ts';
import { openDay } from '../../../src-main/data/sales/open-day.ts';
import { startCart } from '../../../src-main/data/sales/start-cart.ts';
import { bodyOf } from '../../../src-main/data/sync/operation-store.ts';
import { refusalOf } from './refusals.ts';
import { alone, beginDay, payCash, ring, ringHearts, sellHearts } from './sell.ts';
import { newDayId, newTicketId, openShop, pullInto, rowOf } from './shop.ts';

const close = (shop: ReturnType<typeof openShop>, day_id: ReturnType<typeof newDayId>, counted: number) =>
  closeDay(shop.till, alone(shop.cashier), { day_id, counted_minor: minor(counted) });

describe('closing a day', () => {
  test('adds up sales, refunds, taxes and tenders, and balances the drawer', () => {
    const shop = openShop();
    const { till, cashier, manager } = shop;
    const day_id = beginDay(shop);
    sellHearts(shop, 4);
    const mixed = ringHearts(shop);
    ring(shop, mixed, shop.bread.variant_id, 2);
    completeTicket(till, alone(cashier), {
      ticket_id: mixed,
      tenders: [
        { payment_type: 'CARD', amount_minor: minor(200) },
        { payment_type: 'CASH', amount_minor: minor(500) },
      ],
    });
    const back = newTicketId();
    startCart(till, { user: cashier, approver: manager }, { ticket_id: back, kind: 'refund' });
    ring(shop, back, shop.heart.variant_id, -1);
    payCash(shop, back, -255);
    abortCart(till, alone(cashier), { ticket_id: ringHearts(shop), reason: 'left' });

    const z = close(shop, day_id, 11_000);
    expect(z).toMatchObject({
      z_number: 1,
      currency: 'GBP',
      perpetual_minor: 1260,
      unsent: 5,
      sums: {
        sales: 2,
        refunds: 1,
        lines: 4,
        aborted: 1,
        first_number: 1,
        last_number: 3,
        gross_minor: 1260,
        total_minor: 1260,
        refunded_minor: -255,
        net_minor: 850 + 212 + 240 - 212,
        taxes: [
          { code: 'VAT0', rate_ppm: 0, net_minor: 240, tax_minor: 0 },
          { code: 'VAT20', rate_ppm: 200_000, net_minor: 850, tax_minor: 170 },
        ],
        tenders: [
          { payment_type: 'CARD', kind: 'card', count: 1, amount_minor: 200 },
          { payment_type: 'CASH', kind: 'cash', count: 3, amount_minor: 1020 + 295 - 255 },
        ],
      },
      drawer: {
        float_minor: 10_000,
        cash_minor: 1060,
        expected_minor: 11_060,
        counted_minor: 11_000,
        over_short_minor: -60,
      },
    });
  });

  test('takes the change off the cash that was given first, where there are two kinds of it', () => {
    const shop = openShop();
    pullInto(shop.till, [rowOf('payment_type', 'NOTES', { code: 'NOTES', name: 'Notes', kind: 'cash' })]);
    const day_id = beginDay(shop);
    completeTicket(shop.till, alone(shop.cashier), {
      ticket_id: ringHearts(shop, 2),
      tenders: [
        { payment_type: 'NOTES', amount_minor: minor(500) },
        { payment_type: 'CASH', amount_minor: minor(100) },
      ],
    });
    const z = close(shop, day_id, 10_510);
    expect(z.sums.tenders.map((tender) => [tender.payment_type, tender.amount_minor])).toEqual([
      ['CASH', 100],
      ['NOTES', 410],
    ]);
    expect(z.drawer.over_short_minor).toBe(0);
  });

  test('works with no sales, and any amount can be closed', () => {
    const shop = openShop();
    const z = close(shop, beginDay(shop), 0);
    expect(z).toMatchObject({
      sums: { sales: 0, first_number: null, taxes: [], tenders: [] },
      drawer: { over_short_minor: -10_000 },
    });
  });

  test('is answered the same twice, and a second count does not replace the first', async () => {
    const shop = openShop();
    const day_id = beginDay(shop);
    const z = close(shop, day_id, 10_000);
    expect(close(shop, day_id, 10_000)).toEqual(z);
    expect(await refusalOf(() => close(shop, day_id, 9_000))).toBe('day_already_closed');
    expect(await refusalOf(() => close(shop, newDayId(), 9_000))).toBe('day_unknown');
  });

  test('waits for open and held tickets, but not for an empty cart', async () => {
    const shop = openShop();
    const day_id = beginDay(shop);
    const held = ringHearts(shop);
    expect(await refusalOf(() => close(shop, day_id, 0))).toBe('carts_open');
    holdCart(shop.till, alone(shop.cashier), { ticket_id: held });
    expect(await refusalOf(() => close(shop, day_id, 0))).toBe('carts_open');
    abortCart(shop.till, alone(shop.cashier), { ticket_id: held, reason: 'left' });
    startCart(shop.till, alone(shop.cashier), { ticket_id: newTicketId(), kind: 'sale' });
    expect(close(shop, day_id, 10_000).sums.aborted).toBe(1);
  });

  test('checks a count by notes and coins against its amount', async () => {
    const shop = openShop();
    const day_id = beginDay(shop);
    const count = [{ denomination_minor: 5000, pieces: 2 }];
    const counted = (amount: number) => () =>
      closeDay(shop.till, alone(shop.cashier), { day_id, counted_minor: minor(amount), count });
    expect(await refusalOf(counted(10_050))).toBe('count_differs');
    expect(counted(10_000)().drawer.over_short_minor).toBe(0);
    expect(bodyOf(shop.till.ledger, 2, 'day.closed')?.count).toEqual(count);
  });
});

describe('the next day', () => {
  test('goes on with the numbers, and records what the last closing counted', () => {
    const shop = openShop();
    const first = beginDay(shop);
    sellHearts(shop);
    close(shop, first, 10_200);
    const second = beginDay(shop);
    const ticket = sellHearts(shop);
    const z = close(shop, second, 10_255);
    expect(ticket.number).toBe(2);
    expect(z).toMatchObject({ z_number: 2, perpetual_minor: 510, sums: { first_number: 2, sales: 1 } });
    expect(bodyOf(shop.till.ledger, 4, 'day.opened')?.last_counted_minor).toBe(10_200);
  });

  test('begins at the location’s own hour, in its own zone', () => {
    const shop = openShop({ zone: 'America/New_York', day_change_hour: 4 });
    shop.clock.set('2026-03-02T08:59:00.000Z');
    const day_id = newDayId();
    const day = openDay(shop.till, alone(shop.cashier), { day_id, float_minor: minor(0) });
    expect(day.business_date).toBe('2026-03-01');
  });

  test('cannot begin while one is open, and is the same day when asked for twice', async () => {
    const shop = openShop();
    const asked = { day_id: newDayId(), float_minor: minor(5000) };
    const day = openDay(shop.till, alone(shop.cashier), asked);
    expect(openDay(shop.till, alone(shop.cashier), asked)).toEqual(day);
    expect(await refusalOf(() => beginDay(shop))).toBe('day_already_open');
    const other = () => openDay(shop.till, alone(shop.cashier), { ...asked, float_minor: minor(1) });
    expect(await refusalOf(other)).toBe('id_reused');
  });
});
