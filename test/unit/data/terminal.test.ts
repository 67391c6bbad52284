import { describe, expect, test } from 'vitest';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { markInService, markRevoked, terminalOf } from '../../../src-main/data/people/terminal.ts';
import { addLine } from '../../../src-main/data/sales/cart-lines.ts';
import { abortCart, holdCart, recallCart } from '../../../src-main/data/sales/cart-state.ts';
import { closeDay } from '../../../src-main/data/sales/close-day.ts';
import { openDay } from '../../../src-main/data/sales/open-day.ts';
import { startCart } from '../../../src-main/data/sales/start-cart.ts';
import { adjustStock } from '../../../src-main/data/stock/adjust.ts';
import { refusalOf } from './refusals.ts';
import { alone, beginDay, payCash, ring, ringHearts, sellHearts } from './sell.ts';
import {
  aLocation,
  closeTill,
  newAdjustmentId,
  newDayId,
  newLineId,
  newTicketId,
  openShop,
  openTill,
  pullInto,
  rowOf,
  type Shop,
} from './shop.ts';

/** What each operation says of where it happened. */
const places = ({ till }: Shop) =>
  till.ledger
    .prepare<[], { kind: string; location_id: string; tz: string }>(
      "SELECT kind, content ->> '$.location_id' AS location_id, content ->> '$.tz' AS tz FROM operation ORDER BY seq",
    )
    .all();

describe('a terminal that is moved to another location', () => {
  const harbour = aLocation({ code: 'SHOP2', name: 'Harbour', currency: 'EUR', zone: 'Europe/Madrid' });
  /** All that the server tells a terminal at the harbour: a refill takes the rest away. */
  const rows = ({ manager, heart }: Shop) => [
    rowOf('location', harbour.location_id, harbour),
    rowOf('user', manager.user_id, manager),
    rowOf('category', 'HOME', { code: 'HOME', name: 'Home', department: 'SHOP' }),
    rowOf('tax_class', 'STANDARD', { code: 'STANDARD', name: 'Standard', rates: [] }),
    rowOf('payment_type', 'CASH', { code: 'CASH', name: 'Cash', kind: 'cash' }),
    rowOf('item', heart.variant_id, heart),
  ];

  test('stands where it did until the other location’s data has come whole, and then there', () => {
    const shop = openShop();
    pullInto(shop.till, rows(shop), { reset: true, more: true });
    expect(terminalOf(shop.till)?.location).toEqual(shop.location);
    pullInto(shop.till, []);
    expect(terminalOf(shop.till)?.location).toEqual(harbour);
  });

  test('keeps an open day at the place where it was opened, and counts receipts on at the new one', () => {
    const shop = openShop();
    const day_id = beginDay(shop);
    const ticket_id = ringHearts(shop);
    pullInto(shop.till, rows(shop), { reset: true });
    const before = payCash(shop, ticket_id, 255);
    expect(before).toMatchObject({ receipt_number: 'SHOP1-T1-T-000001', currency: 'GBP' });
    closeDay(shop.till, alone(shop.manager), { day_id, counted_minor: minor(10_255) });

    openDay(shop.till, alone(shop.manager), { day_id: newDayId(), float_minor: minor(0) });
    const after = sellHearts(shop);
    expect(after).toMatchObject({ receipt_number: 'SHOP2-T1-T-000002', currency: 'EUR', number: 2 });
    const [first, second] = [shop.location, harbour].map(({ location_id, zone }) => ({
      location_id,
      tz: zone,
    }));
    expect(places(shop)).toEqual([
      { kind: 'day.opened', ...first },
      { kind: 'ticket.completed', ...first },
      { kind: 'day.closed', ...first },
      { kind: 'day.opened', ...second },
      { kind: 'ticket.completed', ...second },
    ]);
  });

  test('knows where it stands when its catalogue is lost', () => {
    const shop = openShop();
    pullInto(shop.till, rows(shop), { reset: true });
    openDay(shop.till, alone(shop.manager), { day_id: newDayId(), float_minor: minor(0) });
    shop.till.catalog.exec("DELETE FROM reference WHERE entity = 'location'");
    expect(terminalOf(shop.till)?.location).toEqual(harbour);
  });

  test('takes a change of its own location at once, also while a day is open', () => {
    const shop = openShop();
    beginDay(shop);
    pullInto(shop.till, [
      rowOf('location', shop.location.location_id, { ...shop.location, name: 'New name' }),
    ]);
    expect(terminalOf(shop.till)?.location.name).toBe('New name');
  });
});

describe('a terminal that was taken out of service', () => {
  const revoke = (shop: Shop) => markRevoked(shop.till.ledger, '2026-03-01T10:00:00.000Z');
  const heart = (shop: Shop) => ({
    line_id: newLineId(),
    item: { variant_id: shop.heart.variant_id },
    quantity_milli: milli(1000),
  });

  test('begins nothing new', async () => {
    const shop = openShop();
    const { till, cashier, manager } = shop;
    beginDay(shop);
    const empty = newTicketId();
    startCart(till, alone(cashier), { ticket_id: empty, kind: 'sale' });
    revoke(shop);
    const line = { ticket_id: empty, ...heart(shop) };
    expect(await refusalOf(() => addLine(till, alone(cashier), line))).toBe('terminal_revoked');
    abortCart(till, alone(cashier), { ticket_id: empty, reason: 'nothing rung' });
    const start = () => startCart(till, alone(cashier), { ticket_id: newTicketId(), kind: 'sale' });
    expect(await refusalOf(start)).toBe('terminal_revoked');
    const adjust = () =>
      adjustStock(till, alone(manager), {
        adjustment_id: newAdjustmentId(),
        reason: 'broken',
        lines: [
          {
            line_id: newLineId(),
            variant_id: shop.heart.variant_id,
            sku: shop.heart.sku,
            quantity_milli: milli(-1000),
          },
        ],
      });
    expect(await refusalOf(adjust)).toBe('terminal_revoked');
  });

  test('finishes the tickets that are open or on hold, closes the day, and opens no other', async () => {
    const shop = openShop();
    const { till, cashier } = shop;
    const day_id = beginDay(shop);
    const held = ringHearts(shop);
    holdCart(till, alone(cashier), { ticket_id: held });
    const open = ringHearts(shop);
    revoke(shop);
    expect(ring(shop, open, shop.lantern.variant_id).lines).toHaveLength(2);
    payCash(shop, open, 594);
    recallCart(till, alone(cashier), { ticket_id: held });
    payCash(shop, held, 255);
    closeDay(till, alone(cashier), { day_id, counted_minor: minor(10_849) });
    const next = { day_id: newDayId(), float_minor: minor(0) };
    expect(await refusalOf(() => openDay(till, alone(cashier), next))).toBe('terminal_revoked');
  });

  test('answers a repeated call as the first time', () => {
    const shop = openShop();
    const { till, cashier } = shop;
    const day = { day_id: newDayId(), float_minor: minor(100) };
    const opened = openDay(till, alone(cashier), day);
    const cart = { ticket_id: newTicketId(), kind: 'sale' } as const;
    const started = startCart(till, alone(cashier), cart);
    revoke(shop);
    expect(openDay(till, alone(cashier), day)).toEqual(opened);
    expect(startCart(till, alone(cashier), cart)).toEqual(started);
  });

  test('knows it after a restart, and is in service again when the server gives to it', () => {
    const shop = openShop();
    revoke(shop);
    closeTill(shop.till);
    const till = openTill(shop.folder, shop.clock);
    expect(terminalOf(till)?.revoked).toBe(true);
    markInService(till.ledger);
    expect(terminalOf(till)?.revoked).toBe(false);
  });
});

test('a line tells who rang it, whoever takes the money', () => {
  const shop = openShop();
  beginDay(shop);
  const ticket_id = ringHearts(shop);
  const cart = addLine(shop.till, alone(shop.manager), {
    ticket_id,
    line_id: newLineId(),
    item: { variant_id: shop.lantern.variant_id },
    quantity_milli: milli(1000),
  });
  expect(cart.opened_by).toBe(shop.cashier.user_id);
  expect(cart.lines.map((line) => line.rung_by)).toEqual([shop.cashier.user_id, shop.manager.user_id]);
  const ticket = payCash(shop, ticket_id, 594);
  expect(ticket.cashier_id).toBe(shop.cashier.user_id);
});
