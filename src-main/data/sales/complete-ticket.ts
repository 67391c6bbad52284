import type { TicketId, UserId } from '#shared/ids.ts';
import type { Permission } from '#shared/people/permission.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import { movesOfTicket } from '#shared/stock/move.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { linkHash } from '#shared/sync/chain.ts';
import { nowOf } from '../clock.ts';
import { type Actor, consent, mayAlone } from '../people/authorise.ts';
import { requireTerminal } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { insertMoves } from '../stock/moves.ts';
import { record } from '../sync/record.ts';
import { sha256 } from '../sync/sha256.ts';
import { commit, type Till } from '../till.ts';
import { type Cart, cartById, deleteCart } from './cart-store.ts';
import { requireOpenDay } from './day-store.ts';
import { checkOpen, noCart } from './find-cart.ts';
import { limitRefund, type RefundLimit } from './limit-refund.ts';
import { type GivenTender, makeTicket, SERIES } from './make-ticket.ts';
import { endOfSeries, insertTicket, ticketById } from './ticket-store.ts';

export type Payment = { ticket_id: TicketId; tenders: GivenTender[] };

/**
 * Pays a cart and turns it into a ticket: number, chain, rows, stock, totals and the operation, in one commit.
 * A repeated call answers with the ticket that was made.
 */
export const completeTicket = (till: Till, actor: Actor, payment: Payment): IssuedTicket =>
  commit(till, () => {
    const cart = cartById(till.ledger, payment.ticket_id);
    if (!cart) return repeated(till, payment);
    checkOpen(cart);
    const terminal = requireTerminal(till);
    const day = requireOpenDay(till.ledger);
    if (cart.lines.length === 0) {
      throw refused('cart_empty', 'There is nothing on this ticket. Ring an item, or give the ticket up.');
    }
    const approver = ticketApprover(till, cart, actor, limitRefund(till, cart));
    const at = nowOf(till.clock);
    const last = endOfSeries(till.ledger, SERIES);
    const { tenders } = payment;
    const cashier = actor.user.user_id;
    const ticket = makeTicket(till, cart, { terminal, day, tenders, cashier, last, at });
    const hash = linkHash(last.hash, canonicalJson(ticket), sha256);
    const seq = record(till.ledger, till.clock, terminal, {
      kind: 'ticket.completed',
      user_id: cashier,
      approver_id: approver,
      occurred_at: at,
      body: { ticket, ticket_hash: hash, ticket_prev_hash: last.hash },
    });
    insertTicket(till.ledger, seq, ticket, hash);
    insertMoves(till.ledger, seq, movesOfTicket(ticket.lines));
    deleteCart(till.ledger, payment.ticket_id);
    return { ...ticket, ticket_hash: hash };
  });

/** The ticket that was made by an earlier call with the same tenders. */
function repeated(till: Till, { ticket_id, tenders }: Payment): IssuedTicket {
  const done = ticketById(till.ledger, ticket_id);
  if (!done) throw noCart(till, ticket_id);
  const given = done.tenders.map(({ tender_no: _no, kind: _kind, ...tender }) => tender);
  if (canonicalJson(given) !== canonicalJson(tenders)) {
    throw refused('id_reused', 'This ticket was already paid, in another way.', 'ticket_id');
  }
  return done;
}

/** What the ticket needs somebody's permission for, the weightiest first. */
function permissionsFor({ head, lines }: Cart): Permission[] {
  const needed: Permission[] = [head.kind === 'refund' ? 'sale.refund' : 'sale.ring'];
  if (lines.some((line) => line.list_price_micro !== undefined)) needed.push('sale.override');
  if (head.discount || lines.some((line) => line.discount)) needed.push('sale.discount');
  return needed;
}

/**
 * Whose consent the ticket rests on beside the cashier's own permissions. Consent that was given while the cart
 * was rung counts, so nobody is asked twice; a refund's step-up is named even if it was the cashier's own PIN.
 */
function ticketApprover(till: Till, cart: Cart, actor: Actor, refund: RefundLimit): UserId | undefined {
  let approver: UserId | undefined;
  for (const permission of permissionsFor(cart)) {
    if (mayAlone(till, actor.user, permission)) continue;
    const owner = cart.consents[permission] ?? consent(till, actor, permission);
    approver ??= owner;
  }
  return refund === 'unlimited' ? (cart.consents['sale.refund'] ?? approver) : approver;
}
