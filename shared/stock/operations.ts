import { z } from 'zod';
import { adjustmentIdSchema, lineIdSchema, variantIdSchema } from '../ids.ts';
import { nameSchema, textSchema } from '../text.ts';
import { milliSchema } from './quantity.ts';

/** `stock.adjusted`: the book was corrected, with a reason: breakage, loss, a find. */
export const stockAdjustedSchema = z.strictObject({
  adjustment_id: adjustmentIdSchema,
  reason: nameSchema(300),
  reference: textSchema(100).optional(),
  lines: z
    .array(
      z.strictObject({
        /** The id of the stock move. */
        line_id: lineIdSchema,
        variant_id: variantIdSchema,
        sku: nameSchema(150),
        quantity_milli: milliSchema,
        note: textSchema(300).optional(),
      }),
    )
    .min(1),
});
export type StockAdjusted = z.infer<typeof stockAdjustedSchema>;
