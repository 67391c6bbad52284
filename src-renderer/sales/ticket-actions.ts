import type { TicketId } from '#shared/ids.ts';
import type { CartView } from '#shared/sales/cart.ts';
import type { Discount } from '#shared/sales/discount.ts';
import type { UnitPrice } from '#shared/sales/money.ts';
import { refundedDiscount } from '#shared/sales/refund.ts';
import type { Ticket, TicketLine } from '#shared/sales/ticket.ts';
import { type Milli, milli } from '#shared/stock/quantity.ts';
import { till } from '../api.ts';
import { newLineId, newTicketId } from '../new-id.ts';
import { displayMoney, displayUnitPrice } from '../part/money.ts';
import { withApproval } from '../people/step-up-store.ts';
import { requireTerminal } from '../people/till-store.ts';
import { refreshStatus } from '../sync/status-store.ts';
import { inOrder, tell } from './in-order.ts';
import { currentCart } from './ring.ts';
import { type CartViewLine, showCart, useSell } from './sell-store.ts';
import { salesText } from './text.ts';

const notApproved = (): void => tell({ tone: 'info', title: salesText.notApproved });

/** Charges another price for a line; a manager's PIN is asked for where that is needed. */
export const changePrice = (line: CartViewLine, unit_price_micro: UnitPrice): Promise<void> =>
  inOrder(async () => {
    const { ticket_id } = await currentCart();
    const { line_id } = line;
    const changed = await withApproval(salesText.newPrice(line.name), (approval) =>
      till.sales.changeLine({ ticket_id, line_id, unit_price_micro, ...(approval && { approval }) }),
    );
    if (!changed) return notApproved();
    showCart(changed, line_id);
    const price = displayUnitPrice(unit_price_micro, requireTerminal().location.currency);
    tell({ tone: 'ok', title: salesText.priceNow(line.name, price) });
  });

/** Gives a line a discount, or takes it away. */
export const discountLine = (line: CartViewLine, discount: Discount | null): Promise<void> =>
  inOrder(async () => {
    const { ticket_id } = await currentCart();
    const { line_id } = line;
    const changed = await withApproval(salesText.discountOn(line.name), (approval) =>
      till.sales.changeLine({ ticket_id, line_id, discount, ...(approval && { approval }) }),
    );
    if (!changed) return notApproved();
    showCart(changed, line_id);
    tellDiscount(line.name, discount);
  });

/** Gives the whole ticket a discount, or takes it away. */
export const discountTicket = (discount: Discount | null): Promise<void> =>
  inOrder(async () => {
    const { ticket_id } = await currentCart();
    const changed = await withApproval(salesText.discountOnTicket, (approval) =>
      till.sales.discountCart({ ticket_id, discount, ...(approval && { approval }) }),
    );
    if (!changed) return notApproved();
    showCart(changed);
    tellDiscount(salesText.wholeTicket, discount);
  });

const tellDiscount = (name: string, discount: Discount | null): void =>
  tell({
    tone: 'ok',
    title: discount === null ? salesText.discountTaken(name) : salesText.discountGiven(name),
  });

/** Writes a note on a line, or takes it away. */
export const noteLine = (line: CartViewLine, note: string): Promise<void> =>
  inOrder(async () => {
    const { ticket_id } = await currentCart();
    const text = note.trim();
    showCart(
      await till.sales.changeLine({ ticket_id, line_id: line.line_id, note: text === '' ? null : text }),
    );
    tell({ tone: 'ok', title: salesText.noteKept(line.name) });
  });

/** Asks which tickets are on hold. */
export const refreshHeld = (): Promise<void> =>
  inOrder(async () => {
    useSell.setState({ held: await till.sales.heldCarts() });
  });

/** Puts the ticket on hold. */
export const holdTicket = (label: string): Promise<void> =>
  inOrder(async () => {
    await putAside(label);
    tell({ tone: 'info', title: salesText.heldNow });
  });

/** Takes a held ticket up again; the one being rung is put on hold for it. */
export const recallTicket = (ticket_id: TicketId): Promise<void> =>
  inOrder(async () => {
    await putAside('');
    showCart(await till.sales.recallCart({ ticket_id }));
    useSell.setState({ held: await till.sales.heldCarts(), stage: 'ring', feedback: null });
  });

/** Clears the screen for another ticket: holds the one being rung, or gives it up where nothing is on it. */
async function putAside(label: string): Promise<void> {
  const { cart } = useSell.getState();
  if (!cart) return;
  const { ticket_id } = cart;
  if (cart.lines.length === 0) await till.sales.abortCart({ ticket_id, reason: salesText.nothingRung });
  else await till.sales.holdCart({ ticket_id, ...(label.trim() === '' ? {} : { label: label.trim() }) });
  showCart(null);
  useSell.setState({ held: await till.sales.heldCarts() });
}

/** Gives the ticket up, with the reason. */
export const abortTicket = (reason: string): Promise<void> =>
  inOrder(async () => {
    const { cart } = useSell.getState();
    if (!cart) return;
    await till.sales.abortCart({ ticket_id: cart.ticket_id, reason });
    refreshStatus();
    showCart(null);
    const amount = displayMoney(cart.total_minor, requireTerminal().location.currency);
    tell({ tone: 'info', title: salesText.abortedNow, detail: amount });
  });

/** Begins a refund, of a receipt or without one. */
export const startRefund = (receipt: string): Promise<void> =>
  inOrder(() => beginRefund(receipt).then(() => {}));

/** Begins the refund of a sale with the lines of it that come back, at their price and with their discount. */
export const refundLines = (
  original: Ticket,
  parts: readonly { line: TicketLine; quantity: Milli }[],
): Promise<void> =>
  inOrder(async () => {
    const cart = await beginRefund(original.receipt_number);
    if (!cart) return;
    for (const { line, quantity } of parts) await takeBack(cart.ticket_id, line, quantity);
  });

async function beginRefund(receipt: string): Promise<CartView | null> {
  await putAside('');
  const number = receipt.trim();
  const ticket_id = newTicketId();
  const begun = await withApproval(salesText.refundTitle, (approval) =>
    till.sales.startCart({
      ticket_id,
      kind: 'refund',
      ...(number !== '' && { original: { receipt_number: number } }),
      ...(approval && { approval }),
    }),
  );
  if (!begun) {
    notApproved();
    return null;
  }
  showCart(begun);
  useSell.setState({ stage: 'ring', feedback: null });
  return begun;
}

async function takeBack(ticket_id: TicketId, sold: TicketLine, quantity: Milli): Promise<void> {
  const line_id = newLineId();
  const item = { variant_id: sold.variant_id };
  const { unit_price_micro } = sold;
  const quantity_milli = milli(-quantity);
  const added = await withApproval(salesText.newPrice(sold.name), (approval) =>
    till.sales.addLine({
      ticket_id,
      line_id,
      item,
      quantity_milli,
      unit_price_micro,
      ...(approval && { approval }),
    }),
  );
  if (!added) return notApproved();
  showCart(added, line_id);
  const amount_minor = refundedDiscount(sold, quantity);
  if (amount_minor === 0) return;
  const discounted = await withApproval(salesText.discountOn(sold.name), (approval) =>
    till.sales.changeLine({
      ticket_id,
      line_id,
      discount: { kind: 'amount', amount_minor },
      ...(approval && { approval }),
    }),
  );
  if (discounted) showCart(discounted, line_id);
  else notApproved();
}
