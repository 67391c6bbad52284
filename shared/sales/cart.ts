import { z } from 'zod';
import { dayIdSchema, lineIdSchema, ticketIdSchema, userIdSchema, variantIdSchema } from '../ids.ts';
import { milliSchema } from '../stock/quantity.ts';
import { codeSchema, nameSchema, textSchema } from '../text.ts';
import { discountSchema } from './discount.ts';
import { minorSchema, unitPriceSchema } from './money.ts';
import { taxRateSchema } from './tax.ts';
import { ticketKindSchema, ticketTaxSchema } from './ticket.ts';
import { instantSchema } from './zone.ts';

/** A line of an open cart. It keeps the price, the names and the tax that it captured when it was rung. */
const cartLineSchema = z.strictObject({
  line_id: lineIdSchema,
  /** Who rang it; absent on lines that an earlier version kept. */
  rung_by: userIdSchema.optional(),
  variant_id: variantIdSchema,
  sku: nameSchema(150),
  name: nameSchema(300),
  category: codeSchema,
  department: codeSchema,
  tax_class: codeSchema,
  rates: z.array(taxRateSchema),
  quantity_milli: milliSchema,
  unit_price_micro: unitPriceSchema,
  list_price_micro: unitPriceSchema.optional(),
  discount: discountSchema.optional(),
  note: textSchema(300).optional(),
});
export type CartLine = z.infer<typeof cartLineSchema>;

/** What a cart carries besides its lines. */
export const cartHeadSchema = z.strictObject({
  ticket_id: ticketIdSchema,
  day_id: dayIdSchema,
  kind: ticketKindSchema,
  opened_at: instantSchema,
  opened_by: userIdSchema,
  discount: discountSchema.optional(),
  original: z.strictObject({ receipt_number: nameSchema(50) }).optional(),
  customer: textSchema(100).optional(),
  reference: textSchema(100).optional(),
  note: textSchema(500).optional(),
});
export type CartHead = z.infer<typeof cartHeadSchema>;

/** A cart with the money of each line, ready to be shown. */
export const cartViewSchema = z.strictObject({
  ...cartHeadSchema.shape,
  state: z.enum(['open', 'held']),
  label: textSchema(60).optional(),
  lines: z.array(
    z.strictObject({ ...cartLineSchema.shape, discount_minor: minorSchema, amount_minor: minorSchema }),
  ),
  taxes: z.array(ticketTaxSchema),
  gross_minor: minorSchema,
  discount_minor: minorSchema,
  net_minor: minorSchema,
  tax_minor: minorSchema,
  total_minor: minorSchema,
});
export type CartView = z.infer<typeof cartViewSchema>;
