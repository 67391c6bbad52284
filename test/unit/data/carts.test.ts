import { describe, expect, test } from 'vitest';
import { minor, ratePpm, unitPrice } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { addLine, changeLine, removeLine } from '../../../src-main/data/sales/cart-lines.ts';
import {
  abortCart,
  discountCart,
  holdCart,
  listHeldCarts,
  recallCart,
} from '../../../src-main/data/sales/cart-state.ts';
import { completeTicket } from '../../../src-main/data/sales/complete-ticket.ts';
import { startCart } from '../../../src-main/data/sales/start-cart.ts';
import { refusalOf } from './refusals.ts';
import { alone, beginDay, payCash, ring, ringHearts, sellHearts } from './sell.ts';
import { itemRow, newLineId, newTicketId, openShop, pullInto, type Shop } from './shop.ts';

function openedShop(): Shop {
  const shop = openShop();
  beginDay(shop);
  return shop;
}

const percent = (rate: number) => ({ kind: 'percent' as const, rate_ppm: ratePpm(rate * 10_000) });

describe('a cart', () => {
  test('wants an open day', async () => {
    const { till, cashier } = openShop();
    const start = () => startCart(till, alone(cashier), { ticket_id: newTicketId(), kind: 'sale' });
    expect(await refusalOf(start)).toBe('day_not_open');
  });

  test('keeps the price that it captured, whatever is pulled meanwhile', () => {
    const shop = openedShop();
    const ticket_id = ringHearts(shop);
    pullInto(shop.till, [itemRow({ ...shop.heart, unit_price_micro: unitPrice(999_000_000) })]);
    const view = ring(shop, ticket_id, shop.heart.variant_id);
    expect(view.lines.map((line) => line.amount_minor)).toEqual([255, 999]);
  });

  test('takes an item by any spelling of its code, and calls it otherwise if asked', () => {
    const { till, cashier, ...shop } = openedShop();
    pullInto(till, [itemRow({ ...shop.lantern, barcodes: ['0036000291452'] })]);
    const ticket_id = newTicketId();
    startCart(till, alone(cashier), { ticket_id, kind: 'sale' });
    const view = addLine(till, alone(cashier), {
      ticket_id,
      line_id: newLineId(),
      item: { code: '036000291452' },
      quantity_milli: milli(1000),
      name: 'Lantern, dented',
    });
    expect(view.lines).toMatchObject([{ sku: '71053', name: 'Lantern, dented', department: 'SHOP' }]);
  });

  test('says so when an item is unknown, no longer sold, or not complete', async () => {
    const { till, cashier, ...shop } = openedShop();
    pullInto(till, [
      itemRow({ ...shop.lantern, active: false }),
      itemRow({ ...shop.bread, tax_class: 'UNHEARD' }),
    ]);
    const ticket_id = newTicketId();
    startCart(till, alone(cashier), { ticket_id, kind: 'sale' });
    const add = (code: string) => () =>
      addLine(till, alone(cashier), {
        ticket_id,
        line_id: newLineId(),
        item: { code },
        quantity_milli: milli(1000),
      });
    expect(await refusalOf(add('NOBODY'))).toBe('item_unknown');
    expect(await refusalOf(add('71053'))).toBe('item_inactive');
    expect(await refusalOf(add('BREAD'))).toBe('catalogue_incomplete');
  });

  test('takes quantities of nothing and prices of nothing, but nothing negative on a sale', async () => {
    const shop = openedShop();
    const { till, heart } = shop;
    const ticket_id = ringHearts(shop, 0);
    const manager = alone(shop.manager);
    const line_id = newLineId();
    addLine(till, manager, {
      ticket_id,
      line_id,
      item: { variant_id: heart.variant_id },
      quantity_milli: milli(1000),
      unit_price_micro: unitPrice(0),
    });
    expect(
      await refusalOf(() => changeLine(till, manager, { ticket_id, line_id, quantity_milli: milli(-1000) })),
    ).toBe('negative_quantity');
    const ticket = completeTicket(till, manager, { ticket_id, tenders: [] });
    expect(ticket).toMatchObject({ total_minor: 0, tenders: [] });
  });

  test('refuses what is too large for money, and stays as it was', async () => {
    const shop = openedShop();
    const ticket_id = ringHearts(shop);
    const huge = (quantity: number, price: number) => () =>
      addLine(shop.till, alone(shop.manager), {
        ticket_id,
        line_id: newLineId(),
        item: { variant_id: shop.heart.variant_id },
        quantity_milli: milli(quantity),
        unit_price_micro: unitPrice(price),
      });
    expect(await refusalOf(huge(Number.MAX_SAFE_INTEGER, 1))).toBe('amount_too_large');
    expect(await refusalOf(huge(1_000_000_000_000, Number.MAX_SAFE_INTEGER))).toBe('amount_too_large');
    expect(await refusalOf(huge(1_000_000_000, -Number.MAX_SAFE_INTEGER))).toBe('amount_too_large');
    expect(await refusalOf(() => payCash(shop, ticket_id, Number.MAX_SAFE_INTEGER))).toBe('amount_too_large');
    expect(payCash(shop, ticket_id, 255).lines).toHaveLength(1);
  });

  test('spreads its discount to the penny, and a whole one leaves nothing to pay', () => {
    const shop = openedShop();
    const ticket_id = ringHearts(shop, 3);
    ring(shop, ticket_id, shop.bread.variant_id);
    const view = discountCart(shop.till, alone(shop.cashier), { ticket_id, discount: percent(100) });
    expect(view).toMatchObject({ gross_minor: 885, discount_minor: 885, total_minor: 0, tax_minor: 0 });
    discountCart(shop.till, alone(shop.cashier), { ticket_id, discount: percent(10) });
    const ticket = payCash(shop, ticket_id, 796);
    expect(ticket.lines.reduce((sum, line) => sum + line.ticket_discount_minor, 0)).toBe(89);
  });

  test('will not lose a line that its discount rests on', async () => {
    const shop = openedShop();
    const ticket_id = newTicketId();
    startCart(shop.till, alone(shop.cashier), { ticket_id, kind: 'sale' });
    const line_id = newLineId();
    addLine(shop.till, alone(shop.cashier), {
      ticket_id,
      line_id,
      item: { code: '71053' },
      quantity_milli: milli(1000),
    });
    const discount = { kind: 'amount' as const, amount_minor: minor(300) };
    discountCart(shop.till, alone(shop.cashier), { ticket_id, discount });
    const remove = () => removeLine(shop.till, alone(shop.cashier), { ticket_id, line_id });
    expect(await refusalOf(remove)).toBe('discount_exceeds_amount');
    discountCart(shop.till, alone(shop.cashier), { ticket_id, discount: null });
    expect(remove().lines).toEqual([]);
  });
});

describe('a call that is made twice', () => {
  test('starts one cart, and refuses another cart under its id', async () => {
    const shop = openedShop();
    const asked = { ticket_id: newTicketId(), kind: 'sale' as const, customer: '17850' };
    const first = startCart(shop.till, alone(shop.cashier), asked);
    expect(startCart(shop.till, alone(shop.cashier), asked)).toEqual(first);
    const other = () => startCart(shop.till, alone(shop.cashier), { ...asked, customer: '13047' });
    expect(await refusalOf(other)).toBe('id_reused');
    abortCart(shop.till, alone(shop.cashier), { ticket_id: asked.ticket_id, reason: 'left' });
    expect(await refusalOf(() => startCart(shop.till, alone(shop.cashier), asked))).toBe('id_reused');
  });

  test('rings one line, also after the line was changed or taken out', async () => {
    const shop = openedShop();
    const { till, cashier } = shop;
    const ticket_id = newTicketId();
    startCart(till, alone(cashier), { ticket_id, kind: 'sale' });
    const asked = {
      ticket_id,
      line_id: newLineId(),
      item: { variant_id: shop.heart.variant_id },
      quantity_milli: milli(1000),
    };
    addLine(till, alone(cashier), asked);
    expect(addLine(till, alone(cashier), asked).lines).toHaveLength(1);
    changeLine(till, alone(cashier), { ...asked, quantity_milli: milli(5000) });
    expect(addLine(till, alone(cashier), asked).lines).toMatchObject([{ quantity_milli: 5000 }]);
    removeLine(till, alone(cashier), asked);
    expect(removeLine(till, alone(cashier), asked).lines).toEqual([]);
    expect(addLine(till, alone(cashier), asked).lines).toEqual([]);
    const other = () => addLine(till, alone(cashier), { ...asked, quantity_milli: milli(2000) });
    expect(await refusalOf(other)).toBe('id_reused');
  });

  test('makes one ticket, and refuses to have it paid otherwise', async () => {
    const shop = openedShop();
    const ticket_id = ringHearts(shop);
    const ticket = payCash(shop, ticket_id, 300);
    expect(payCash(shop, ticket_id, 300)).toEqual(ticket);
    expect(await refusalOf(() => payCash(shop, ticket_id, 255))).toBe('id_reused');
    expect(await refusalOf(() => ring(shop, ticket_id, shop.heart.variant_id))).toBe('ticket_completed');
    const tickets = shop.till.ledger.prepare('SELECT count(*) AS tickets FROM ticket').get();
    expect(tickets).toEqual({ tickets: 1 });
  });

  test('gives up once, holds once, recalls once', () => {
    const shop = openedShop();
    const actor = alone(shop.cashier);
    const ticket_id = ringHearts(shop);
    const held = holdCart(shop.till, actor, { ticket_id, label: 'Table 4' });
    expect(held).toMatchObject({ state: 'held', label: 'Table 4' });
    expect(holdCart(shop.till, actor, { ticket_id })).toEqual(held);
    const recalled = recallCart(shop.till, actor, { ticket_id });
    expect(recallCart(shop.till, actor, { ticket_id })).toEqual(recalled);
    for (let time = 0; time < 2; time += 1) {
      expect(abortCart(shop.till, actor, { ticket_id, reason: 'left' })).toEqual({ aborted: true });
    }
    const aborts = shop.till.ledger.prepare("SELECT seq FROM operation WHERE kind = 'ticket.aborted'").all();
    expect(aborts).toHaveLength(1);
  });

  test('never takes a line id that a paid ticket has', async () => {
    const shop = openedShop();
    const line_id = sellHearts(shop, 0).lines[0]?.line_id ?? newLineId();
    const ticket_id = ringHearts(shop);
    const again = () =>
      addLine(shop.till, alone(shop.cashier), {
        ticket_id,
        line_id,
        item: { code: '71053' },
        quantity_milli: milli(1000),
      });
    expect(await refusalOf(again)).toBe('id_reused');
  });
});

describe('carts on hold', () => {
  test('wait in the order in which they were begun, and only one is rung at a time', async () => {
    const shop = openedShop();
    const actor = alone(shop.cashier);
    const first = ringHearts(shop);
    expect(await refusalOf(() => ringHearts(shop))).toBe('cart_open');
    holdCart(shop.till, actor, { ticket_id: first });
    const second = ringHearts(shop, 2);
    holdCart(shop.till, actor, { ticket_id: second });
    expect(listHeldCarts(shop.till).map((cart) => cart.ticket_id)).toEqual([first, second]);
    expect(await refusalOf(() => ring(shop, second, shop.heart.variant_id))).toBe('cart_held');
    expect(await refusalOf(() => payCash(shop, second, 510))).toBe('cart_held');
    ringHearts(shop, 3);
    expect(await refusalOf(() => recallCart(shop.till, actor, { ticket_id: first }))).toBe('cart_open');
    expect(abortCart(shop.till, actor, { ticket_id: first, reason: 'left' })).toEqual({ aborted: true });
  });
});

describe('paying', () => {
  test('wants something to pay for, enough of it, and change on cash only', async () => {
    const shop = openedShop();
    const ticket_id = newTicketId();
    startCart(shop.till, alone(shop.cashier), { ticket_id, kind: 'sale' });
    expect(await refusalOf(() => payCash(shop, ticket_id, 0))).toBe('cart_empty');
    ring(shop, ticket_id, shop.heart.variant_id);
    expect(await refusalOf(() => payCash(shop, ticket_id, 254))).toBe('underpaid');
    const pay = (payment_type: string, amount: number) => () =>
      completeTicket(shop.till, alone(shop.cashier), {
        ticket_id,
        tenders: [{ payment_type, amount_minor: minor(amount) }],
      });
    expect(await refusalOf(pay('CARD', 300))).toBe('change_without_cash');
    expect(await refusalOf(pay('SHELLS', 255))).toBe('payment_type_unknown');
    expect(await refusalOf(pay('CASH', -255))).toBe('tender_against_total');
    expect(pay('CARD', 255)()).toMatchObject({ change_minor: 0, total_minor: 255 });
  });

  test('rounds cash where the location has no small coins', () => {
    const shop = openShop({ cash_step_minor: 5 });
    beginDay(shop);
    const ticket_id = ringHearts(shop);
    ring(shop, ticket_id, shop.lantern.variant_id);
    const ticket = payCash(shop, ticket_id, 600);
    expect(ticket).toMatchObject({
      total_minor: 594,
      rounding_minor: 1,
      due_minor: 595,
      change_minor: 5,
    });
  });
});
