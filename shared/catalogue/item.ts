import { z } from 'zod';
import { variantIdSchema } from '../ids.ts';
import { unitPriceSchema } from '../sales/money.ts';
import { codeSchema, nameSchema } from '../text.ts';

/** A scanned or typed code: 1 to 48 visible characters without spaces at the ends. */
export const barcodeSchema = z
  .string()
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,46}[\x21-\x7e])?$/, { error: 'must be 1 to 48 printable characters' });

/** An item as a terminal knows it: a sellable variant with its price and codes. */
export const itemSchema = z.strictObject({
  variant_id: variantIdSchema,
  sku: nameSchema(150),
  name: nameSchema(300),
  unit_price_micro: unitPriceSchema,
  category: codeSchema,
  tax_class: codeSchema,
  active: z.boolean(),
  barcodes: z.array(barcodeSchema),
});
export type Item = z.infer<typeof itemSchema>;

/** A group of goods for reports. */
export const departmentSchema = z.strictObject({ code: codeSchema, name: nameSchema(150) });

/** A sales category: what a line item belongs to, within a department. */
export const categorySchema = z.strictObject({
  code: codeSchema,
  name: nameSchema(150),
  department: codeSchema,
});
