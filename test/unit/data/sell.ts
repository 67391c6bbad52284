import type { DayId, TicketId } from '#shared/ids.ts';
import type { TillUser } from '#shared/people/user.ts';
import { minor } from '#shared/sales/money.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import { milli } from '#shared/stock/quantity.ts';
import type { Actor } from '../../../src-main/data/people/authorise.ts';
import { addLine } from '../../../src-main/data/sales/cart-lines.ts';
import { completeTicket } from '../../../src-main/data/sales/complete-ticket.ts';
import { openDay } from '../../../src-main/data/sales/open-day.ts';
import { startCart } from '../../../src-main/data/sales/start-cart.ts';
import { newDayId, newLineId, newTicketId, type Shop } from './shop.ts';

/** Somebody acting alone. */
export const alone = (user: TillUser): Actor => ({ user, approver: null });

/** Opens a day with 100.00 in the drawer, by the cashier. */
export function beginDay(shop: Shop): DayId {
  const day_id = newDayId();
  openDay(shop.till, alone(shop.cashier), { day_id, float_minor: minor(10_000) });
  return day_id;
}

/** A cart with so many T-light holders at 2.55 in it, rung by the cashier. */
export function ringHearts(shop: Shop, pieces = 1): TicketId {
  const ticket_id = newTicketId();
  startCart(shop.till, alone(shop.cashier), { ticket_id, kind: 'sale' });
  ring(shop, ticket_id, shop.heart.variant_id, pieces);
  return ticket_id;
}

export const ring = (shop: Shop, ticket_id: TicketId, variant_id: Shop['heart']['variant_id'], pieces = 1) =>
  addLine(shop.till, alone(shop.cashier), {
    ticket_id,
    line_id: newLineId(),
    item: { variant_id },
    quantity_milli: milli(pieces * 1000),
  });

/** Pays a cart with an amount of cash. */
export const payCash = (shop: Shop, ticket_id: TicketId, amount: number): IssuedTicket =>
  completeTicket(shop.till, alone(shop.cashier), {
    ticket_id,
    tenders: [{ payment_type: 'CASH', amount_minor: minor(amount) }],
  });

/** A sale of T-light holders for cash, exactly paid. */
export const sellHearts = (shop: Shop, pieces = 1): IssuedTicket =>
  payCash(shop, ringHearts(shop, pieces), 255 * pieces);
