import { type Minor, minor } from './money.ts';
import { multiplyDivide } from './rounding.ts';
import type { TicketLine } from './ticket.ts';

/**
 * The part of a sold line's discounts (its own and its share of the ticket's) that belongs to a quantity which
 * comes back: in proportion, rounded half away from zero, and all of it when the whole line comes back.
 *
 * @param quantity thousandths, positive, at most what was sold on the line
 */
export const refundedDiscount = (
  line: Pick<TicketLine, 'quantity_milli' | 'line_discount_minor' | 'ticket_discount_minor'>,
  quantity: number,
): Minor =>
  minor(multiplyDivide(line.line_discount_minor + line.ticket_discount_minor, quantity, line.quantity_milli));
