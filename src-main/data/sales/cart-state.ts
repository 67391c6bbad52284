import type { TicketId } from '#shared/ids.ts';
import type { CartView } from '#shared/sales/cart.ts';
import type { Discount } from '#shared/sales/discount.ts';
import { nowOf } from '../clock.ts';
import { type Actor, authorise } from '../people/authorise.ts';
import { requireTerminal } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { record } from '../sync/record.ts';
import { commit, type Till } from '../till.ts';
import { change } from './cart-lines.ts';
import { deleteCart, heldCarts, openCart, updateCart } from './cart-store.ts';
import { mayWorkOn, requireCart } from './find-cart.ts';
import { priceCart, viewCart } from './price-cart.ts';
import { insertAborted, isAborted } from './ticket-store.ts';

/** Sets or takes away the discount on the whole ticket. */
export const discountCart = (
  till: Till,
  actor: Actor,
  asked: { ticket_id: TicketId; discount: Discount | null },
): CartView =>
  change(till, actor, asked.ticket_id, (cart) => {
    if (asked.discount === null) delete cart.head.discount;
    else {
      cart.consents['sale.discount'] = authorise(till, actor, 'sale.discount');
      cart.head.discount = asked.discount;
    }
    updateCart(till.ledger, cart);
  });

/** Sets a cart aside. One that is already on hold is answered as it is. */
export const holdCart = (
  till: Till,
  actor: Actor,
  asked: { ticket_id: TicketId; label?: string | undefined },
): CartView =>
  commit(till, () => {
    const { location } = requireTerminal(till);
    const cart = requireCart(till, asked.ticket_id);
    mayWorkOn(till, cart, actor);
    if (cart.state === 'open') {
      cart.state = 'held';
      cart.label = asked.label ?? null;
      updateCart(till.ledger, cart);
    }
    return viewCart(cart, location);
  });

/** Takes a held cart up again. One that is already open is answered as it is. */
export const recallCart = (till: Till, actor: Actor, asked: { ticket_id: TicketId }): CartView =>
  commit(till, () => {
    const { location } = requireTerminal(till);
    const cart = requireCart(till, asked.ticket_id);
    mayWorkOn(till, cart, actor);
    if (cart.state === 'held') {
      if (openCart(till.ledger)) {
        throw refused('cart_open', 'Another ticket is open. Finish it, put it on hold or give it up first.');
      }
      cart.state = 'open';
      cart.label = null;
      updateCart(till.ledger, cart);
    }
    return viewCart(cart, location);
  });

/** The carts on hold, oldest first. */
export function listHeldCarts(till: Till): CartView[] {
  const { location } = requireTerminal(till);
  return heldCarts(till.ledger).map((cart) => viewCart(cart, location));
}

/** Gives a cart up before it is paid. That is recorded, with what it came to and why. */
export const abortCart = (
  till: Till,
  actor: Actor,
  asked: { ticket_id: TicketId; reason: string },
): { aborted: true } =>
  commit(till, () => {
    if (isAborted(till.ledger, asked.ticket_id)) return { aborted: true };
    const terminal = requireTerminal(till);
    const cart = requireCart(till, asked.ticket_id);
    mayWorkOn(till, cart, actor);
    const { day_id } = cart.head;
    const seq = record(till.ledger, till.clock, terminal, {
      kind: 'ticket.aborted',
      user_id: actor.user.user_id,
      occurred_at: nowOf(till.clock),
      body: {
        ticket_id: asked.ticket_id,
        day_id,
        lines: cart.lines.length,
        total_minor: priceCart(cart, terminal.location).total_minor,
        reason: asked.reason,
      },
    });
    insertAborted(till.ledger, asked.ticket_id, seq, day_id);
    deleteCart(till.ledger, asked.ticket_id);
    return { aborted: true };
  });
