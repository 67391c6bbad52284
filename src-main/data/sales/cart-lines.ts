import type { Item } from '#shared/catalogue/item.ts';
import type { LineId, TicketId, VariantId } from '#shared/ids.ts';
import type { CartLine, CartView } from '#shared/sales/cart.ts';
import type { Discount } from '#shared/sales/discount.ts';
import { TICKET_LIMITS } from '#shared/sales/limits.ts';
import type { UnitPrice } from '#shared/sales/money.ts';
import type { Milli } from '#shared/stock/quantity.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { itemByVariant } from '../catalogue/item-row.ts';
import { itemByCode } from '../catalogue/lookup.ts';
import { referenceOf } from '../catalogue/reference.ts';
import type { Catalog } from '../open.ts';
import { type Actor, authorise } from '../people/authorise.ts';
import { requireInService, requireTerminal } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { hasMove } from '../stock/moves.ts';
import { commit, type Till } from '../till.ts';
import {
  type Cart,
  cartById,
  insertLine,
  removeStoredLine,
  storedLine,
  updateCart,
  updateLine,
} from './cart-store.ts';
import { mayWorkOn, requireOpenCart } from './find-cart.ts';
import { viewCart } from './price-cart.ts';
import { hasTicketLine } from './ticket-store.ts';

type Target = { ticket_id: TicketId; line_id: LineId };

export type NewLine = Target & {
  item: { variant_id: VariantId } | { code: string };
  quantity_milli: Milli;
  unit_price_micro?: UnitPrice | undefined;
  name?: string | undefined;
  note?: string | undefined;
};

export type LineChange = Target & {
  quantity_milli?: Milli | undefined;
  unit_price_micro?: UnitPrice | undefined;
  discount?: Discount | null | undefined;
  note?: string | null | undefined;
};

/** Rings an item. Each call adds a line of its own; a repeated call (same line id) changes nothing. */
export const addLine = (till: Till, actor: Actor, asked: NewLine): CartView =>
  change(till, actor, asked.ticket_id, (cart) => {
    const request = canonicalJson(asked);
    const known = storedLine(till.ledger, asked.line_id);
    if (known) {
      if (known.request !== request) throw reusedLine();
      return;
    }
    if (hasTicketLine(till.ledger, asked.line_id) || hasMove(till.ledger, asked.line_id)) throw reusedLine();
    if (cart.lines.length === 0) requireInService(till);
    if (cart.lines.length >= TICKET_LIMITS.lines) {
      throw refused(
        'too_many_lines',
        `A ticket holds ${TICKET_LIMITS.lines} lines. Finish this one and start another.`,
      );
    }
    checkQuantity(cart, asked.quantity_milli);
    const line = captureLine(till.catalog, cart, actor, asked);
    if (line.list_price_micro !== undefined) {
      cart.consents['sale.override'] = authorise(till, actor, 'sale.override');
      updateCart(till.ledger, cart);
    }
    insertLine(till.ledger, asked.ticket_id, request, line);
  });

/** Changes quantity, price, discount or note of a line. */
export const changeLine = (till: Till, actor: Actor, asked: LineChange): CartView =>
  change(till, actor, asked.ticket_id, (cart) => {
    const line = lineOf(cart, asked.line_id);
    if (asked.quantity_milli !== undefined) {
      checkQuantity(cart, asked.quantity_milli);
      line.quantity_milli = asked.quantity_milli;
    }
    if (asked.unit_price_micro !== undefined && asked.unit_price_micro !== line.unit_price_micro) {
      const listPrice = line.list_price_micro ?? line.unit_price_micro;
      line.unit_price_micro = asked.unit_price_micro;
      if (asked.unit_price_micro === listPrice) delete line.list_price_micro;
      else {
        line.list_price_micro = listPrice;
        cart.consents['sale.override'] = authorise(till, actor, 'sale.override');
      }
    }
    if (asked.discount === null) delete line.discount;
    else if (asked.discount !== undefined) {
      cart.consents['sale.discount'] = authorise(till, actor, 'sale.discount');
      line.discount = asked.discount;
    }
    if (asked.note === null) delete line.note;
    else if (asked.note !== undefined) line.note = asked.note;
    updateLine(till.ledger, line);
    updateCart(till.ledger, cart);
  });

/** Takes a line out of the cart. A line that was taken out before stays out. */
export const removeLine = (till: Till, actor: Actor, asked: Target): CartView =>
  change(till, actor, asked.ticket_id, () => {
    const known = storedLine(till.ledger, asked.line_id);
    if (known?.ticket_id !== asked.ticket_id) throw unknownLine();
    removeStoredLine(till.ledger, asked.line_id);
  });

/** One commit on an open cart, answered with the cart as it then is; it must still be possible to price it. */
export const change = (till: Till, actor: Actor, ticketId: TicketId, work: (cart: Cart) => void): CartView =>
  commit(till, () => {
    const { location } = requireTerminal(till);
    const cart = requireOpenCart(till, ticketId);
    mayWorkOn(till, cart, actor);
    work(cart);
    const changed = cartById(till.ledger, ticketId);
    if (!changed) throw new Error('the cart is gone');
    return viewCart(changed, location);
  });

/** What a line keeps of its item as it is now: price, names, category and tax. */
function captureLine(catalog: Catalog, cart: Cart, actor: Actor, asked: NewLine): CartLine {
  const item = findItem(catalog, asked.item);
  if (!item.active && cart.head.kind === 'sale') {
    throw refused('item_inactive', `${item.name} is no longer sold.`, 'item');
  }
  const category = referenceOf(catalog, 'category', item.category);
  const taxClass = referenceOf(catalog, 'tax_class', item.tax_class);
  if (!category || !taxClass) {
    const missing = category ? `tax class ${item.tax_class}` : `category ${item.category}`;
    throw refused(
      'catalogue_incomplete',
      `${item.name} cannot be sold yet: its ${missing} has not reached this till. Synchronise and try again.`,
      'item',
    );
  }
  const price = asked.unit_price_micro ?? item.unit_price_micro;
  return {
    line_id: asked.line_id,
    rung_by: actor.user.user_id,
    variant_id: item.variant_id,
    sku: item.sku,
    name: asked.name ?? item.name,
    category: item.category,
    department: category.department,
    tax_class: item.tax_class,
    rates: taxClass.rates,
    quantity_milli: asked.quantity_milli,
    unit_price_micro: price,
    ...(price === item.unit_price_micro ? {} : { list_price_micro: item.unit_price_micro }),
    ...(asked.note === undefined ? {} : { note: asked.note }),
  };
}

function findItem(catalog: Catalog, asked: NewLine['item']): Item {
  const item = 'code' in asked ? itemByCode(catalog, asked.code) : itemByVariant(catalog, asked.variant_id);
  if (!item) {
    const what = 'code' in asked ? `The code ${asked.code}` : 'This item';
    throw refused('item_unknown', `${what} is not in the catalogue. Look it up by name.`, 'item');
  }
  return item;
}

function checkQuantity(cart: Cart, quantity: Milli): void {
  if (Math.abs(quantity) > TICKET_LIMITS.quantity_milli) {
    throw refused('amount_too_large', 'That quantity is too large.', 'quantity_milli');
  }
  if (quantity < 0 && cart.head.kind === 'sale') {
    throw refused(
      'negative_quantity',
      'Goods come back on a refund, not on a sale. Start a refund for them.',
      'quantity_milli',
    );
  }
}

function lineOf(cart: Cart, lineId: LineId): CartLine {
  const line = cart.lines.find((candidate) => candidate.line_id === lineId);
  if (!line) throw unknownLine();
  return line;
}

const unknownLine = () => refused('line_unknown', 'That line is not on this ticket.', 'line_id');

const reusedLine = () =>
  refused('id_reused', 'This line id was used before for something else. Ring the item again.', 'line_id');
