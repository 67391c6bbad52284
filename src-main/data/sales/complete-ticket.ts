import type { TicketId, UserId } from '#shared/ids.ts';
import type { Permission } from '#shared/people/permission.ts';
import { formatMoney, type Minor, minor } from '#shared/sales/money.ts';
import { type SettlementError, settle, type Tender } from '#shared/sales/tender.ts';
import { type IssuedTicket, receiptNumber, type Ticket, type TicketLine } from '#shared/sales/ticket.ts';
import type { TicketTotals } from '#shared/sales/ticket-totals.ts';
import { movesOfTicket } from '#shared/stock/move.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { linkHash } from '#shared/sync/chain.ts';
import { referenceOf } from '../catalogue/reference.ts';
import { nowOf } from '../clock.ts';
import { type Actor, approverOf, authorise, may } from '../people/authorise.ts';
import { requireTerminal, type Terminal } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { insertMoves } from '../stock/moves.ts';
import { record } from '../sync/record.ts';
import { sha256 } from '../sync/sha256.ts';
import { commit, type Till } from '../till.ts';
import { type Cart, deleteCart } from './cart-store.ts';
import { type OpenDay, requireOpenDay } from './day-store.ts';
import { requireOpenCart } from './find-cart.ts';
import { checkAmount, priceCart, withinRange } from './price-cart.ts';
import {
  endOfSeries,
  insertTicket,
  leftToRefund,
  perpetualTotal,
  saleByReceipt,
  ticketById,
} from './ticket-store.ts';

type GivenTender = Pick<Tender, 'payment_type' | 'amount_minor' | 'reference'>;
export type Payment = { ticket_id: TicketId; tenders: GivenTender[] };

/** The series of sales and refunds. */
const SERIES = 'T';

/**
 * Pays a cart and turns it into a ticket: number, chain, rows, stock, totals and the operation, in one commit.
 * A repeated call answers with the ticket that was made.
 */
export const completeTicket = (till: Till, actor: Actor, payment: Payment): IssuedTicket =>
  commit(till, () => {
    const done = ticketById(till.ledger, payment.ticket_id);
    if (done) return repeated(done, payment);
    const terminal = requireTerminal(till);
    const cart = requireOpenCart(till, payment.ticket_id);
    const day = requireOpenDay(till.ledger);
    if (cart.lines.length === 0) {
      throw refused('cart_empty', 'There is nothing on this ticket. Ring an item, or give the ticket up.');
    }
    const approver = approverFor(cart, actor, limitRefund(till, cart));
    const at = nowOf(till.clock);
    const { number, hash: prevHash } = endOfSeries(till.ledger, SERIES);
    const sold = { terminal, day, payment, cashier: actor.user.user_id, number: number + 1, at };
    const ticket = ticketOf(till, cart, sold);
    const canonical = canonicalJson(ticket);
    const hash = linkHash(prevHash, canonical, sha256);
    const seq = record(till.ledger, till.clock, terminal, {
      kind: 'ticket.completed',
      user_id: actor.user.user_id,
      approver_id: approver,
      occurred_at: at,
      body: { ticket, ticket_prev_hash: prevHash, ticket_hash: hash },
    });
    insertTicket(till.ledger, seq, ticket, hash);
    insertMoves(till.ledger, seq, movesOfTicket(ticket.lines));
    deleteCart(till.ledger, payment.ticket_id);
    return { ...(JSON.parse(canonical) as Ticket), ticket_hash: hash };
  });

function repeated(done: IssuedTicket, { tenders }: Payment): IssuedTicket {
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
function approverFor(cart: Cart, actor: Actor, refund: RefundLimit): UserId | undefined {
  let approver: UserId | undefined;
  for (const permission of permissionsFor(cart)) {
    const given = cart.consents[permission];
    const owner = may(actor.user, permission) ? actor.user.user_id : (given ?? authorise(actor, permission));
    approver ??= approverOf(actor, owner);
  }
  return refund === 'unlimited' ? (cart.consents['sale.refund'] ?? approver) : approver;
}

type RefundLimit = 'no_refund' | 'limited' | 'unlimited';

/** A refund of a sale that this till made gives back no more than was sold on it and not refunded yet. */
function limitRefund(till: Till, cart: Cart): RefundLimit {
  if (cart.head.kind !== 'refund') return 'no_refund';
  const receipt = cart.head.original?.receipt_number;
  const sale = receipt === undefined ? undefined : saleByReceipt(till.ledger, receipt);
  if (receipt === undefined || !sale) return 'unlimited';
  const left = leftToRefund(till.ledger, sale, receipt);
  for (const line of cart.lines) {
    left.set(line.variant_id, (left.get(line.variant_id) ?? 0) + line.quantity_milli);
  }
  const over = cart.lines.find((line) => line.quantity_milli < 0 && (left.get(line.variant_id) ?? 0) < 0);
  if (over) {
    throw refused(
      'refund_exceeds_original',
      `More of ${over.name} comes back than receipt ${receipt} still covers. Lower the quantity, or refund without a receipt.`,
      'quantity_milli',
    );
  }
  return 'limited';
}

type Circumstances = {
  terminal: Terminal;
  day: OpenDay;
  payment: Payment;
  cashier: UserId;
  number: number;
  at: string;
};

function ticketOf(till: Till, cart: Cart, circumstances: Circumstances): Ticket {
  const { terminal, day, payment, cashier, number, at } = circumstances;
  const { location } = terminal;
  const { lines, ...totals } = priceCart(cart, location);
  const tenders = payment.tenders.map((tender, index) => ({
    ...tender,
    tender_no: index + 1,
    kind: kindOf(till, tender.payment_type),
  }));
  for (const tender of tenders) checkAmount(tender.amount_minor, 'tenders');
  const settled = withinRange(() => settle(totals.total_minor, tenders, location.cash_step_minor));
  if (!settled.ok)
    throw unsettled(settled.error, (amount) => `${formatMoney(amount, day.currency)} ${day.currency}`);
  const perpetual = perpetualTotal(till.ledger, day.currency) + totals.total_minor;
  return {
    ticket_id: cart.head.ticket_id,
    day_id: day.day_id,
    kind: cart.head.kind,
    series: SERIES,
    number,
    receipt_number: receiptNumber(location.code, terminal.terminal_code, SERIES, number),
    opened_at: cart.head.opened_at,
    completed_at: at,
    business_date: day.business_date,
    cashier_id: cashier,
    currency: day.currency,
    prices_include_tax: location.prices_include_tax,
    tax_rounding: location.tax_rounding,
    ...totals,
    ...settled.value,
    lines: cart.lines.map((line, index) => ticketLine(line, index, lines[index])),
    tenders,
    perpetual_minor: withinRange(() => minor(perpetual)),
    original: cart.head.original,
    customer: cart.head.customer,
    reference: cart.head.reference,
    note: cart.head.note,
  };
}

function ticketLine(
  { rates: _rates, discount: _discount, ...line }: Cart['lines'][number],
  index: number,
  money: TicketTotals['lines'][number] | undefined,
): TicketLine {
  if (!money) throw new Error(`line ${line.line_id} was not priced`);
  return { line_no: index + 1, ...line, ...money };
}

function kindOf(till: Till, code: string): Tender['kind'] {
  const type = referenceOf(till.catalog, 'payment_type', code);
  if (!type) {
    throw refused('payment_type_unknown', `There is no means of payment called ${code}.`, 'tenders');
  }
  return type.kind;
}

function unsettled(error: SettlementError, format: (amount: Minor) => string) {
  switch (error.code) {
    case 'underpaid':
      return refused('underpaid', `${format(error.missing_minor)} is still to be paid.`, 'tenders');
    case 'change_without_cash':
      return refused(
        'change_without_cash',
        `That is ${format(error.excess_minor)} too much, and change is given on cash only.`,
        'tenders',
      );
    case 'tender_against_total':
      return refused(
        'tender_against_total',
        'Money must go the same way as the total: taken on a sale, paid out exactly on a refund.',
        'tenders',
      );
  }
}
