import { v7 as uuid } from 'uuid';
import {
  adjustmentIdSchema,
  type DayId,
  lineIdSchema,
  ticketIdSchema,
  variantIdSchema,
} from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import type { TicketAborted } from '#shared/sales/operations.ts';
import type { StockAdjusted } from '#shared/stock/operations.ts';
import { milli } from '#shared/stock/quantity.ts';

/** The body of a `stock.adjusted`; quantities in whole pieces. */
export const adjusted = (
  reason: string,
  lines: readonly { variant_id?: string; quantity: number }[],
): StockAdjusted => ({
  adjustment_id: adjustmentIdSchema.parse(uuid()),
  reason,
  lines: lines.map((line, index) => ({
    line_id: lineIdSchema.parse(uuid()),
    variant_id: variantIdSchema.parse(line.variant_id ?? uuid()),
    sku: `SKU-${index}`,
    quantity_milli: milli(1000 * line.quantity),
  })),
});

/** The body of a `ticket.aborted`. */
export const aborted = (day: DayId): TicketAborted => ({
  ticket_id: ticketIdSchema.parse(uuid()),
  day_id: day,
  lines: 2,
  total_minor: minor(510),
  reason: 'The customer left',
});
