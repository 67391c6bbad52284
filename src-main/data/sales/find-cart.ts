import type { TicketId } from '#shared/ids.ts';
import { type Actor, authorise, may } from '../people/authorise.ts';
import { refused } from '../refusal.ts';
import type { Till } from '../till.ts';
import { type Cart, cartById } from './cart-store.ts';
import { isAborted, ticketById } from './ticket-store.ts';

/** The cart of that id, open or held. @throws REFUSED with what `noCart` says */
export function requireCart(till: Till, ticketId: TicketId): Cart {
  const cart = cartById(till.ledger, ticketId);
  if (!cart) throw noCart(till, ticketId);
  return cart;
}

/** The cart of that id, being rung. @throws REFUSED `cart_held`, and what `requireCart` throws */
export function requireOpenCart(till: Till, ticketId: TicketId): Cart {
  const cart = requireCart(till, ticketId);
  checkOpen(cart);
  return cart;
}

/** @throws REFUSED `cart_held` */
export function checkOpen(cart: Cart): void {
  if (cart.state === 'held') {
    throw refused('cart_held', 'This ticket is on hold. Recall it first.', 'ticket_id');
  }
}

/** Why there is no cart of that id: `ticket_completed`, `cart_aborted` or `cart_unknown`. */
export function noCart(till: Till, ticketId: TicketId) {
  if (ticketById(till.ledger, ticketId)) {
    return refused(
      'ticket_completed',
      'This ticket is paid and can no longer be changed. Refund it instead.',
      'ticket_id',
    );
  }
  return isAborted(till.ledger, ticketId)
    ? refused('cart_aborted', 'This ticket was given up. Start a new one.', 'ticket_id')
    : refused('cart_unknown', 'There is no such ticket on this till. Start a new one.', 'ticket_id');
}

/** Checks that the actor may work on this cart: by the right to sell, or on a refund by the right to refund. */
export function mayWorkOn(till: Till, cart: Cart, actor: Actor): void {
  if (cart.head.kind === 'refund' && may(actor.user, 'sale.refund')) return;
  authorise(till, actor, 'sale.ring');
}
