import type { CartHead, CartView } from '#shared/sales/cart.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { nowOf } from '../clock.ts';
import { type Actor, authorise, consent } from '../people/authorise.ts';
import { requireInService, requireTerminal } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { commit, type Till } from '../till.ts';
import { type Consents, cartById, insertCart, openCart } from './cart-store.ts';
import { requireOpenDay } from './day-store.ts';
import { viewCart } from './price-cart.ts';
import { isAborted, saleByReceipt, ticketById } from './ticket-store.ts';

export type NewCart = Omit<CartHead, 'day_id' | 'opened_at' | 'opened_by' | 'discount'>;

/**
 * Opens a cart on the open day, as the one that is being rung. A repeated call answers with the cart as it is.
 *
 * A refund needs `sale.refund`. Where it names no sale that this till knows, nothing limits what can be paid out,
 * so a PIN is asked for on the spot, even of the one who is signed in.
 */
export const startCart = (till: Till, actor: Actor, asked: NewCart): CartView =>
  commit(till, () => {
    const { location } = requireTerminal(till);
    const known = cartById(till.ledger, asked.ticket_id);
    if (known) {
      if (askedOf(known.head) !== askedOf(asked)) throw reused();
      return viewCart(known, location);
    }
    if (ticketById(till.ledger, asked.ticket_id) || isAborted(till.ledger, asked.ticket_id)) throw reused();
    requireInService(till);
    const day = requireOpenDay(till.ledger);
    if (openCart(till.ledger)) {
      throw refused('cart_open', 'Another ticket is open. Finish it, put it on hold or give it up first.');
    }
    insertCart(
      till.ledger,
      { ...asked, day_id: day.day_id, opened_at: nowOf(till.clock), opened_by: actor.user.user_id },
      consentsFor(till, actor, asked),
    );
    const cart = cartById(till.ledger, asked.ticket_id);
    if (!cart) throw new Error('the cart was not stored');
    return viewCart(cart, location);
  });

function consentsFor(till: Till, actor: Actor, { kind, original }: NewCart): Consents {
  if (kind === 'sale') return { 'sale.ring': authorise(till, actor, 'sale.ring') };
  const known = original && saleByReceipt(till.ledger, original.receipt_number);
  return {
    'sale.refund': known ? authorise(till, actor, 'sale.refund') : consent(till, actor, 'sale.refund'),
  };
}

const askedOf = ({ kind, original, customer, reference, note }: NewCart): string =>
  canonicalJson({ kind, original, customer, reference, note });

const reused = () =>
  refused('id_reused', 'This ticket id was used before for something else. Start a new ticket.', 'ticket_id');
