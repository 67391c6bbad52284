import { z } from 'zod';
import { dayIdSchema, lineIdSchema, ticketIdSchema, userIdSchema, variantIdSchema } from '../ids.ts';
import { milliSchema } from '../stock/quantity.ts';
import { hashSchema } from '../sync/chain.ts';
import { codeSchema, nameSchema, textSchema } from '../text.ts';
import { currencySchema, minorSchema, unitPriceSchema } from './money.ts';
import { taxRateSchema, taxSettingsSchema } from './tax.ts';
import { tenderSchema } from './tender.ts';
import { dateSchema, instantSchema } from './zone.ts';

/** A line of a completed ticket: what was sold (or came back), with its captured price and its money. */
const ticketLineSchema = z.strictObject({
  line_no: z.int().min(1),
  /** Also the id of the stock move that the line makes. */
  line_id: lineIdSchema,
  variant_id: variantIdSchema,
  sku: nameSchema(150),
  name: nameSchema(300),
  category: codeSchema,
  department: codeSchema,
  tax_class: codeSchema,
  quantity_milli: milliSchema,
  unit_price_micro: unitPriceSchema,
  /** The catalogue's price at that moment, where somebody charged another one. */
  list_price_micro: unitPriceSchema.optional(),
  gross_minor: minorSchema,
  line_discount_minor: minorSchema,
  ticket_discount_minor: minorSchema,
  net_minor: minorSchema,
  tax_minor: minorSchema,
  note: textSchema(300).optional(),
});
export type TicketLine = z.infer<typeof ticketLineSchema>;

export const ticketTaxSchema = z.strictObject({
  ...taxRateSchema.shape,
  net_minor: minorSchema,
  tax_minor: minorSchema,
});

/** `refund`: goods come back; `original` names the receipt they were sold on, where it is known. */
export const ticketKindSchema = z.enum(['sale', 'refund']);

/**
 * A completed ticket, as it enters the chain: printed, paid, never changed again. Amounts of a refund are
 * negative. `number` counts up per terminal and series without a gap and is never reset.
 */
export const ticketSchema = z.strictObject({
  ticket_id: ticketIdSchema,
  day_id: dayIdSchema,
  kind: ticketKindSchema,
  series: z.string().regex(/^[A-Z]$/),
  number: z.int().min(1),
  receipt_number: nameSchema(50),
  opened_at: instantSchema,
  completed_at: instantSchema,
  business_date: dateSchema,
  cashier_id: userIdSchema,
  currency: currencySchema,
  ...taxSettingsSchema.shape,
  lines: z.array(ticketLineSchema).min(1),
  taxes: z.array(ticketTaxSchema),
  tenders: z.array(tenderSchema),
  gross_minor: minorSchema,
  discount_minor: minorSchema,
  net_minor: minorSchema,
  tax_minor: minorSchema,
  total_minor: minorSchema,
  rounding_minor: minorSchema,
  due_minor: minorSchema,
  change_minor: minorSchema,
  /** The terminal's grand total in this currency after this ticket; never reset. */
  perpetual_minor: minorSchema,
  original: z.strictObject({ receipt_number: nameSchema(50) }).optional(),
  customer: textSchema(100).optional(),
  reference: textSchema(100).optional(),
  note: textSchema(500).optional(),
});
export type Ticket = z.infer<typeof ticketSchema>;

/** A ticket with its link in the chain of its series: what a receipt is made from. */
export const issuedTicketSchema = ticketSchema.extend({ ticket_hash: hashSchema });
export type IssuedTicket = z.infer<typeof issuedTicketSchema>;

/** `SHOP1-T1-T-000042`: location, terminal, series and number. */
export const receiptNumber = (location: string, terminal: string, series: string, number: number): string =>
  `${location}-${terminal}-${series}-${String(number).padStart(6, '0')}`;
