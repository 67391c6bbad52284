import type { Item } from '#shared/catalogue/item.ts';
import type { CartView } from '#shared/sales/cart.ts';
import { formatQuantity, type Milli, milli, ONE } from '#shared/stock/quantity.ts';
import { till } from '../api.ts';
import { newLineId, newTicketId } from '../new-id.ts';
import { announce } from '../part/announce.tsx';
import { play } from '../part/sound.ts';
import { inOrder, tell } from './in-order.ts';
import { type CartViewLine, remember, showCart, takeUndo, useSell } from './sell-store.ts';
import { salesText } from './text.ts';

/** Takes in a scanned code: the item goes on the ticket, or the screen says that nobody knows the code. */
export const ringCode = (code: string): Promise<void> =>
  inOrder(async () => {
    useSell.setState({ stage: 'ring' });
    const item = await till.catalogue.byCode({ code });
    if (item) return putOn(item);
    play('refused');
    tell(
      { tone: 'warn', title: salesText.unknownCode(code), detail: salesText.unknownCodeDetail },
      'assertive',
    );
  });

/** Puts an item on the ticket that was chosen from a list. */
export const ringItem = (item: Item): Promise<void> => inOrder(() => putOn(item));

/**
 * The ticket that is being rung, begun if there is none.
 * @throws what the data process refuses
 */
export async function currentCart(): Promise<CartView> {
  const { cart } = useSell.getState();
  if (cart) return cart;
  const begun = await till.sales.startCart({ ticket_id: newTicketId(), kind: 'sale' });
  showCart(begun);
  return begun;
}

/** One piece, in the direction of the ticket: goods that come back count below zero. */
const oneOf = (cart: Pick<CartView, 'kind'>): Milli => (cart.kind === 'refund' ? milli(-ONE) : ONE);

async function putOn(item: Item): Promise<void> {
  const cart = await currentCart();
  const same = cart.lines.findLast((line) => isPlain(line) && isSame(line, item));
  const line_id = same?.line_id ?? newLineId();
  const { ticket_id } = cart;
  const quantity_milli = milli((same?.quantity_milli ?? 0) + oneOf(cart));
  const changed = same
    ? await till.sales.changeLine({ ticket_id, line_id, quantity_milli })
    : await till.sales.addLine({ ticket_id, line_id, item: { variant_id: item.variant_id }, quantity_milli });
  showCart(changed, line_id);
  remember(
    ticket_id,
    same ? { kind: 'quantity', line_id, quantity_milli: same.quantity_milli } : { kind: 'added', line_id },
  );
  play('taken');
  tell({ tone: 'ok', title: wordsFor(cart, item.name, same && quantity_milli), canUndo: true });
}

function wordsFor({ kind }: CartView, name: string, quantity: Milli | undefined): string {
  if (quantity !== undefined) return salesText.quantityNow(name, formatQuantity(Math.abs(quantity)));
  return kind === 'refund' ? salesText.returned(name) : salesText.added(name);
}

/** A line as the catalogue would ring it again; anything else is left alone and gets a sister line. */
const isPlain = (line: CartViewLine): boolean =>
  line.discount === undefined && line.note === undefined && line.list_price_micro === undefined;

const isSame = (line: CartViewLine, item: Item): boolean =>
  line.variant_id === item.variant_id && line.unit_price_micro === item.unit_price_micro;

/** Sets a line's quantity; none at all takes the line off. */
export const setQuantity = (line: CartViewLine, quantity: Milli): Promise<void> =>
  quantity === 0 ? removeLine(line) : inOrder(() => changeQuantity(line, quantity));

/** One piece more (1) or fewer (−1), counted in the direction of the ticket. */
export function stepQuantity(line: CartViewLine, by: 1 | -1): Promise<void> {
  const { cart } = useSell.getState();
  if (!cart) return Promise.resolve();
  const next = line.quantity_milli + by * oneOf(cart);
  const isGone = Math.sign(next) !== Math.sign(oneOf(cart));
  return setQuantity(line, milli(isGone ? 0 : next));
}

async function changeQuantity(line: CartViewLine, quantity_milli: Milli): Promise<void> {
  const cart = await currentCart();
  const { ticket_id } = cart;
  const { line_id } = line;
  showCart(await till.sales.changeLine({ ticket_id, line_id, quantity_milli }), line_id);
  remember(ticket_id, { kind: 'quantity', line_id, quantity_milli: line.quantity_milli });
  const shown = formatQuantity(Math.abs(quantity_milli));
  tell({ tone: 'ok', title: salesText.quantityNow(line.name, shown), canUndo: true });
}

/** Takes a line off the ticket. */
export const removeLine = (line: CartViewLine): Promise<void> =>
  inOrder(async () => {
    const { ticket_id } = await currentCart();
    showCart(await till.sales.removeLine({ ticket_id, line_id: line.line_id }));
    remember(ticket_id, { kind: 'removed', line });
    tell({ tone: 'info', title: salesText.removed(line.name), canUndo: true });
  });

/** Takes the last step on this ticket back. */
export const undoLast = (): Promise<void> =>
  inOrder(async () => {
    const undo = takeUndo();
    if (!undo) return tell({ tone: 'info', title: salesText.nothingToUndo });
    const { ticket_id } = await currentCart();
    switch (undo.kind) {
      case 'added':
        showCart(await till.sales.removeLine({ ticket_id, line_id: undo.line_id }));
        break;
      case 'quantity': {
        const { line_id, quantity_milli } = undo;
        showCart(await till.sales.changeLine({ ticket_id, line_id, quantity_milli }), line_id);
        break;
      }
      case 'removed':
        await putBack(undo.line);
        break;
    }
    tell({ tone: 'info', title: salesText.undone, canUndo: useSell.getState().undo.steps.length > 0 });
  });

/** Rings a removed line again as it was, under a new id: a removed line stays removed. */
async function putBack(line: CartViewLine): Promise<void> {
  const { ticket_id } = await currentCart();
  const line_id = newLineId();
  const added = await till.sales.addLine({
    ticket_id,
    line_id,
    item: { variant_id: line.variant_id },
    quantity_milli: line.quantity_milli,
    ...(line.list_price_micro === undefined ? {} : { unit_price_micro: line.unit_price_micro }),
    ...(line.note === undefined ? {} : { note: line.note }),
  });
  showCart(added, line_id);
  if (line.discount) showCart(await till.sales.changeLine({ ticket_id, line_id, discount: line.discount }));
}

/** Selects the line below or above, and says which it is. */
export function selectLine(line: CartViewLine): void {
  useSell.setState({ selected: line.line_id });
  announce(line.name);
}
