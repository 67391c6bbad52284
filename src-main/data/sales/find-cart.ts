import type { TicketId } from '#shared/ids.ts';
import { type Actor, authorise, may } from '../people/authorise.ts';
import { refused } from '../refusal.ts';
import type { Till } from '../till.ts';
import { type Cart, cartById } from './cart-store.ts';
import { isAborted, ticketById } from './ticket-store.ts';

/**
 * The cart of that id, open or held.
 * @throws REFUSED `ticket_completed`, `cart_aborted` or `cart_unknown`, whichever tells why there is none
 */
export function requireCart(till: Till, ticketId: TicketId): Cart {
  const cart = cartById(till.ledger, ticketId);
  if (cart) return cart;
  if (ticketById(till.ledger, ticketId)) {
    throw refused(
      'ticket_completed',
      'This ticket is paid and can no longer be changed. Refund it instead.',
      'ticket_id',
    );
  }
  if (isAborted(till.ledger, ticketId)) {
    throw refused('cart_aborted', 'This ticket was given up. Start a new one.', 'ticket_id');
  }
  throw refused('cart_unknown', 'There is no such ticket on this till. Start a new one.', 'ticket_id');
}

/** The cart of that id, being rung. @throws REFUSED `cart_held`, and what `requireCart` throws */
export function requireOpenCart(till: Till, ticketId: TicketId): Cart {
  const cart = requireCart(till, ticketId);
  if (cart.state === 'held') {
    throw refused('cart_held', 'This ticket is on hold. Recall it first.', 'ticket_id');
  }
  return cart;
}

/** Checks that the actor may work on this cart: by the right to sell, or on a refund by the right to refund. */
export function mayWorkOn(cart: Cart, actor: Actor): void {
  if (cart.head.kind === 'refund' && may(actor.user, 'sale.refund')) return;
  authorise(actor, 'sale.ring');
}
