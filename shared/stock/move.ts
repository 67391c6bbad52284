import type { TicketLine } from '../sales/ticket.ts';
import type { StockAdjusted } from './operations.ts';
import { type Milli, milli } from './quantity.ts';

/** Why stock changed; the full list is in the design, these are the kinds in use. */
type MoveKind = 'sell' | 'return' | 'adjust';

/** A signed change of one variant's stock at the terminal's location. Positive is more stock. */
export type StockMove = {
  move_id: string;
  kind: MoveKind;
  variant_id: string;
  quantity_milli: Milli;
};

/** A sold line takes stock away, a line that comes back adds it; a line of quantity 0 moves nothing. */
export const movesOfTicket = (lines: readonly TicketLine[]): StockMove[] =>
  lines
    .filter((line) => line.quantity_milli !== 0)
    .map((line) => ({
      move_id: line.line_id,
      kind: line.quantity_milli > 0 ? 'sell' : 'return',
      variant_id: line.variant_id,
      quantity_milli: milli(-line.quantity_milli),
    }));

export const movesOfAdjustment = (adjusted: StockAdjusted): StockMove[] =>
  adjusted.lines.map((line) => ({
    move_id: line.line_id,
    kind: 'adjust',
    variant_id: line.variant_id,
    quantity_milli: line.quantity_milli,
  }));
