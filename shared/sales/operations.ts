import { z } from 'zod';
import { dayIdSchema, ticketIdSchema } from '../ids.ts';
import { hashSchema } from '../sync/chain.ts';
import { nameSchema, textSchema } from '../text.ts';
import { cashCountSchema, zReportSchema } from './day.ts';
import { currencySchema, minorSchema } from './money.ts';
import { ticketSchema } from './ticket.ts';
import { dateSchema } from './zone.ts';

/** `day.opened`: a drawer was counted and a sales day began. */
export const dayOpenedSchema = z.strictObject({
  day_id: dayIdSchema,
  business_date: dateSchema,
  currency: currencySchema,
  float_minor: minorSchema,
  /** The count behind the float, where it was counted by denomination. */
  count: cashCountSchema.optional(),
  /** What the last closing of this drawer counted; absent on the first day. */
  last_counted_minor: minorSchema.optional(),
});
export type DayOpened = z.infer<typeof dayOpenedSchema>;

/** `day.closed`: the drawer was counted blind and the Z report made. */
export const dayClosedSchema = z.strictObject({
  z: zReportSchema,
  count: cashCountSchema.optional(),
  reason: textSchema(300).optional(),
});
export type DayClosed = z.infer<typeof dayClosedSchema>;

/** `ticket.completed`: with the ticket's own link in the chain of its series. */
export const ticketCompletedSchema = z.strictObject({
  ticket: ticketSchema,
  ticket_prev_hash: hashSchema,
  ticket_hash: hashSchema,
});
export type TicketCompleted = z.infer<typeof ticketCompletedSchema>;

/** `ticket.aborted`: a cart was given up before it was paid. */
export const ticketAbortedSchema = z.strictObject({
  ticket_id: ticketIdSchema,
  day_id: dayIdSchema,
  lines: z.int().min(0),
  total_minor: minorSchema,
  reason: nameSchema(300),
});
export type TicketAborted = z.infer<typeof ticketAbortedSchema>;
