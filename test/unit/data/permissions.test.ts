import { describe, expect, test } from 'vitest';
import type { TicketId } from '#shared/ids.ts';
import type { TillUser } from '#shared/people/user.ts';
import { minor, unitPrice } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { nowOf } from '../../../src-main/data/clock.ts';
import type { Actor } from '../../../src-main/data/people/authorise.ts';
import { addLine, changeLine } from '../../../src-main/data/sales/cart-lines.ts';
import { discountCart } from '../../../src-main/data/sales/cart-state.ts';
import { closeDay } from '../../../src-main/data/sales/close-day.ts';
import { completeTicket } from '../../../src-main/data/sales/complete-ticket.ts';
import { openDayOf } from '../../../src-main/data/sales/day-store.ts';
import { openDay } from '../../../src-main/data/sales/open-day.ts';
import { startCart } from '../../../src-main/data/sales/start-cart.ts';
import { adjustStock } from '../../../src-main/data/stock/adjust.ts';
import { applyPage } from '../../../src-main/data/sync/apply-page.ts';
import { pullState } from '../../../src-main/data/sync/pull-state.ts';
import { refusal, refusalOf } from './refusals.ts';
import { alone, beginDay, payCash, ringHearts, sellHearts } from './sell.ts';
import {
  aPage,
  aUser,
  newAdjustmentId,
  newDayId,
  newLineId,
  newTicketId,
  openShop,
  type Shop,
} from './shop.ts';

const withPinOf = (user: TillUser, approver: TillUser): Actor => ({ user, approver });

function openedShop(): Shop {
  const shop = openShop();
  beginDay(shop);
  return shop;
}

/** Who the last operation names: the one who acted and the one who allowed it. */
const namedLast = ({ till }: Shop) =>
  till.ledger
    .prepare<[], { user_id: string; approver_id: string | null }>(
      `SELECT content ->> '$.user_id' AS user_id, content ->> '$.approver_id' AS approver_id
       FROM operation ORDER BY seq DESC LIMIT 1`,
    )
    .get();

describe('a price override', () => {
  const overriding = (shop: Shop, actor: Actor, price = 100_000_000) => {
    const ticket_id = newTicketId();
    startCart(shop.till, alone(shop.cashier), { ticket_id, kind: 'sale' });
    addLine(shop.till, actor, {
      ticket_id,
      line_id: newLineId(),
      item: { variant_id: shop.heart.variant_id },
      quantity_milli: milli(1000),
      unit_price_micro: unitPrice(price),
    });
    return ticket_id;
  };

  test('needs somebody who may, and names them on the ticket without asking twice', async () => {
    const shop = openedShop();
    const { cashier, manager } = shop;
    expect(await refusalOf(() => overriding(shop, alone(cashier)))).toBe('approval_needed');
    payCash(shop, ringAfterAbort(shop), 255);
    const ticket = payCash(shop, overriding(shop, withPinOf(cashier, manager)), 100);
    expect(ticket.lines[0]).toMatchObject({ unit_price_micro: 100_000_000, list_price_micro: 255_000_000 });
    expect(namedLast(shop)).toEqual({ user_id: cashier.user_id, approver_id: manager.user_id });
  });

  /** Uses up the empty cart that the refused line left open. */
  const ringAfterAbort = (shop: Shop) => {
    const { ticket_id } = shop.till.ledger
      .prepare<[], { ticket_id: ReturnType<typeof newTicketId> }>('SELECT ticket_id FROM cart')
      .get() ?? { ticket_id: newTicketId() };
    addLine(shop.till, alone(shop.cashier), {
      ticket_id,
      line_id: newLineId(),
      item: { variant_id: shop.heart.variant_id },
      quantity_milli: milli(1000),
    });
    return ticket_id;
  };

  test('is not approved by somebody who may not either', async () => {
    const shop = openedShop();
    const helper = aUser('Hal', '3333', ['sale.ring']);
    const asked = () => overriding(shop, withPinOf(shop.cashier, helper));
    expect(await refusalOf(asked)).toBe('approval_not_enough');
  });

  test('to the catalogue’s own price is none', () => {
    const shop = openedShop();
    const ticket = payCash(shop, overriding(shop, alone(shop.cashier), 255_000_000), 255);
    expect(ticket.lines[0]).not.toHaveProperty('list_price_micro');
    expect(namedLast(shop)?.approver_id).toBeNull();
  });

  test('of a manager is remembered when a cashier takes the money', () => {
    const shop = openedShop();
    const ticket_id = overriding(shop, alone(shop.manager));
    payCash(shop, ticket_id, 100);
    expect(namedLast(shop)).toEqual({
      user_id: shop.cashier.user_id,
      approver_id: shop.manager.user_id,
    });
  });

  test('may make a price negative, and may be taken back', () => {
    const shop = openedShop();
    const ticket_id = overriding(shop, alone(shop.manager), -50_000_000);
    const ticket = completeTicket(shop.till, alone(shop.manager), {
      ticket_id,
      tenders: [{ payment_type: 'CASH', amount_minor: minor(-50) }],
    });
    expect(ticket.total_minor).toBe(-50);
    const second = overriding(shop, alone(shop.manager));
    const line_id = JSON.parse(
      String(shop.till.ledger.prepare('SELECT document FROM cart_line').pluck().get()),
    ).line_id;
    const view = changeLine(shop.till, alone(shop.cashier), {
      ticket_id: second,
      line_id,
      unit_price_micro: unitPrice(255_000_000),
    });
    expect(view.lines[0]).not.toHaveProperty('list_price_micro');
  });
});

describe('a refund', () => {
  const refundOf = (shop: Shop, actor: Actor, original?: string, pieces = 1) => {
    const ticket_id = newTicketId();
    startCart(shop.till, actor, {
      ticket_id,
      kind: 'refund',
      ...(original === undefined ? {} : { original: { receipt_number: original } }),
    });
    addLine(shop.till, alone(shop.cashier), {
      ticket_id,
      line_id: newLineId(),
      item: { variant_id: shop.heart.variant_id },
      quantity_milli: milli(-1000 * pieces),
    });
    return ticket_id;
  };

  test('of a receipt of this till needs the right to refund, no second PIN', async () => {
    const shop = openedShop();
    const { receipt_number } = sellHearts(shop, 2);
    expect(await refusalOf(() => refundOf(shop, alone(shop.cashier), receipt_number))).toBe(
      'approval_needed',
    );
    const ticket_id = refundOf(shop, alone(shop.manager), receipt_number);
    const ticket = completeTicket(shop.till, alone(shop.manager), {
      ticket_id,
      tenders: [{ payment_type: 'CASH', amount_minor: minor(-255) }],
    });
    expect(ticket).toMatchObject({ kind: 'refund', total_minor: -255, tax_minor: -43 });
    expect(namedLast(shop)?.approver_id).toBeNull();
  });

  test('without a known receipt wants a PIN on the spot, even a manager’s own', async () => {
    const shop = openedShop();
    const { cashier, manager } = shop;
    expect(await refusalOf(() => refundOf(shop, alone(manager)))).toBe('approval_needed');
    expect(await refusalOf(() => refundOf(shop, alone(manager), 'OTHER-T9-T-000001'))).toBe(
      'approval_needed',
    );
    const own = refundOf(shop, withPinOf(manager, manager));
    completeTicket(shop.till, alone(manager), {
      ticket_id: own,
      tenders: [{ payment_type: 'CASH', amount_minor: minor(-255) }],
    });
    expect(namedLast(shop)).toEqual({ user_id: manager.user_id, approver_id: manager.user_id });
    payCash(shop, refundOf(shop, withPinOf(cashier, manager), 'OTHER-T9-T-000001'), -255);
    expect(namedLast(shop)).toEqual({ user_id: cashier.user_id, approver_id: manager.user_id });
  });

  test('gives back no more than the receipt covers, over all its refunds', async () => {
    const shop = openedShop();
    const { receipt_number } = sellHearts(shop, 3);
    const consented = withPinOf(shop.cashier, shop.manager);
    payCash(shop, refundOf(shop, consented, receipt_number, 2), -510);
    const second = refundOf(shop, consented, receipt_number, 2);
    expect(await refusalOf(() => payCash(shop, second, -510))).toBe('refund_exceeds_original');
  });

  test('brings the goods back into stock', () => {
    const shop = openedShop();
    sellHearts(shop, 3);
    payCash(shop, refundOf(shop, withPinOf(shop.cashier, shop.manager)), -255);
    expect(shop.till.ledger.prepare('SELECT quantity_milli FROM stock_level').all()).toEqual([
      { quantity_milli: -2000 },
    ]);
  });
});

describe('people without a permission', () => {
  test('ring nothing, open nothing, close nothing, correct nothing', async () => {
    const shop = openShop();
    const guest = alone(aUser('Gus', '3333', ['catalogue.view']));
    const open = (actor: Actor) => openDay(shop.till, actor, { day_id: newDayId(), float_minor: minor(0) });
    expect(await refusalOf(() => open(guest))).toBe('approval_needed');
    const { day_id } = open(alone(shop.cashier));
    const start = () => startCart(shop.till, guest, { ticket_id: newTicketId(), kind: 'sale' });
    expect(await refusalOf(start)).toBe('approval_needed');
    const ticket_id = ringHearts(shop);
    const pay = () => completeTicket(shop.till, guest, { ticket_id, tenders: [] });
    expect(await refusalOf(pay)).not.toBe('');
    payCash(shop, ticket_id, 255);
    const close = () => closeDay(shop.till, guest, { day_id, counted_minor: minor(0) });
    expect(await refusalOf(close)).toBe('approval_needed');
    const adjust = () =>
      adjustStock(shop.till, alone(shop.cashier), {
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
    expect(await refusalOf(adjust)).toBe('approval_needed');
  });

  test('close a day with the PIN of somebody who may, and both are named', () => {
    const shop = openShop();
    const guest = aUser('Gus', '3333', ['sale.ring']);
    const day_id = beginDay(shop);
    closeDay(shop.till, withPinOf(guest, shop.manager), { day_id, counted_minor: minor(10_000) });
    expect(namedLast(shop)).toEqual({ user_id: guest.user_id, approver_id: shop.manager.user_id });
  });
});

describe('a till that has not heard from the office for a month', () => {
  const silentShop = (days: number): Shop => {
    const shop = openShop();
    shop.clock.pass(days * 86_400_000);
    beginDay(shop);
    return shop;
  };
  const priceFor = (shop: Shop, ticket_id: TicketId, actor: Actor) =>
    addLine(shop.till, actor, {
      ticket_id,
      line_id: newLineId(),
      item: { variant_id: shop.heart.variant_id },
      quantity_milli: milli(1000),
      unit_price_micro: unitPrice(100_000_000),
    });

  test('sells, discounts and closes as ever', () => {
    const shop = silentShop(400);
    const ticket_id = ringHearts(shop);
    discountCart(shop.till, alone(shop.cashier), {
      ticket_id,
      discount: { kind: 'amount', amount_minor: minor(55) },
    });
    expect(payCash(shop, ticket_id, 200).total_minor).toBe(200);
    expect(namedLast(shop)?.approver_id).toBeNull();
    const { day_id } = openDayOf(shop.till.ledger) ?? { day_id: newDayId() };
    closeDay(shop.till, alone(shop.cashier), { day_id, counted_minor: minor(10_200) });
  });

  test('asks for a PIN before a price is changed, a manager’s own too, and names whose it was', async () => {
    const shop = silentShop(31);
    const { manager } = shop;
    const ticket_id = ringHearts(shop);
    const { message, data } = await refusal(() => priceFor(shop, ticket_id, alone(manager)));
    expect(data).toMatchObject({ code: 'approval_needed', permission: 'sale.override' });
    expect(message).toContain('has not heard from the office for 31 days');
    priceFor(shop, ticket_id, withPinOf(manager, manager));
    completeTicket(shop.till, alone(manager), {
      ticket_id,
      tenders: [{ payment_type: 'CASH', amount_minor: minor(355) }],
    });
    expect(namedLast(shop)).toEqual({ user_id: manager.user_id, approver_id: manager.user_id });
  });

  test('does not ask again once it has heard', () => {
    const shop = silentShop(31);
    const ticket_id = ringHearts(shop);
    const { cursor } = pullState(shop.till.catalog);
    applyPage(shop.till.catalog, aPage([]), cursor, nowOf(shop.clock));
    expect(priceFor(shop, ticket_id, alone(shop.manager)).lines).toHaveLength(2);
  });
});
