import type { Location } from '#shared/people/location.ts';
import type { CartView } from '#shared/sales/cart.ts';
import { TICKET_LIMITS } from '#shared/sales/limits.ts';
import { type Minor, minor } from '#shared/sales/money.ts';
import { computeTicket, type TicketTotals } from '#shared/sales/ticket-totals.ts';
import { refused } from '../refusal.ts';
import type { Cart } from './cart-store.ts';

/** Runs a calculation with money; a number that cannot be held exactly is refused. */
export function withinRange<Outcome>(calculate: () => Outcome): Outcome {
  try {
    return calculate();
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw error;
  }
}

/** @throws REFUSED where an amount that came from outside is beyond what a ticket may come to */
export function checkAmount(amount: Minor, field: string): void {
  if (Math.abs(amount) > TICKET_LIMITS.amount_minor) throw tooLarge(field);
}

const tooLarge = (field?: string) =>
  refused('amount_too_large', 'That amount is too large. Check quantity and price.', field);

/** The money of a cart by the location's rules. @throws REFUSED where it cannot be priced */
export function priceCart(cart: Pick<Cart, 'head' | 'lines'>, location: Location): TicketTotals {
  const totals = withinRange(() => computeTicket(cart.lines, cart.head.discount, location));
  if (!totals.ok) {
    const what = totals.error.line_id === undefined ? 'the ticket' : 'the line';
    throw refused(
      'discount_exceeds_amount',
      `The discount is larger than ${what} it is taken from. Make it smaller or take it off first.`,
      'discount',
    );
  }
  const { lines, gross_minor, total_minor } = totals.value;
  for (const amount of [gross_minor, total_minor]) checkAmount(amount, 'unit_price_micro');
  for (const line of lines) checkAmount(line.gross_minor, 'unit_price_micro');
  return totals.value;
}

/** A cart as the screen shows it. */
export function viewCart(cart: Cart, location: Location): CartView {
  const { lines, ...sums } = priceCart(cart, location);
  return {
    ...cart.head,
    ...sums,
    state: cart.state,
    ...(cart.label === null ? {} : { label: cart.label }),
    lines: cart.lines.map((line, index) => {
      const money = lines[index];
      if (!money) throw new Error(`line ${line.line_id} was not priced`);
      const discount = minor(money.line_discount_minor + money.ticket_discount_minor);
      return { ...line, discount_minor: discount, amount_minor: minor(money.gross_minor - discount) };
    }),
  };
}
