import { z } from 'zod';
import { type DecimalError, formatDecimal, parseDecimal } from '../decimal.ts';
import { ok, type Result } from '../result.ts';
import { wholeNumber } from '../sales/rounding.ts';

/** A quantity in thousandths of the item's unit: 1 piece is 1000, 0.250 kg is 250. May be negative. */
export const milliSchema = z.int().brand<'Milli'>();
export type Milli = z.infer<typeof milliSchema>;

export const milli = (value: number): Milli => wholeNumber(value) as Milli;

/** One piece. */
export const ONE: Milli = milli(1000);

/** Reads "1.5" as 1500; more than three decimals are an error. */
export function parseQuantity(text: string): Result<Milli, DecimalError> {
  const read = parseDecimal(text, 3);
  return read.ok ? ok(milli(read.value)) : read;
}

/** "1.5", "3", "-0.25": no trailing zeros. */
export const formatQuantity = (quantity: number): string => formatDecimal(quantity, 3).replace(/\.?0+$/, '');
