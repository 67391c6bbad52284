import { z } from 'zod';
import { fail, ok, type Result } from '../result.ts';
import { type Minor, minor, minorSchema, ratePpmSchema } from './money.ts';
import { distribute, divideRounded, multiplyDivide } from './rounding.ts';

/** A reduction of a line or a whole ticket: a share of it, or an amount of money. */
export const discountSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), rate_ppm: ratePpmSchema.max(1_000_000) }),
  z.strictObject({ kind: z.literal('amount'), amount_minor: minorSchema.min(0) }),
]);
export type Discount = z.infer<typeof discountSchema>;

/** The discount is larger than what it is taken from. */
export type DiscountError = 'discount_exceeds_amount';

const WHOLE = 1_000_000;

/** The discount on one amount, with the sign of that amount: a refunded line gives its discount back. */
export function discountOf(base: Minor, discount: Discount): Result<Minor, DiscountError> {
  if (discount.kind === 'percent') return ok(minor(multiplyDivide(base, discount.rate_ppm, WHOLE)));
  if (discount.amount_minor > Math.abs(base)) return fail('discount_exceeds_amount');
  return ok(minor(base < 0 ? -discount.amount_minor : discount.amount_minor));
}

/**
 * A ticket discount spread over the lines in proportion to their amounts, by largest remainder, so that the
 * shares add up to the discount of the sum and 100 % leaves exactly 0 on every line.
 */
export function spreadDiscount(
  amounts: readonly { key: string; amount_minor: Minor }[],
  discount: Discount,
): Result<Minor[], DiscountError> {
  const keys = amounts.map((entry) => entry.key);
  const bases = amounts.map((entry) => BigInt(entry.amount_minor));
  const total = bases.reduce((sum, base) => sum + base, 0n);
  if (discount.kind === 'percent') {
    const shares = bases.map((base) => base * BigInt(discount.rate_ppm));
    return ok(distribute(shares, BigInt(WHOLE), keys).map(minor));
  }
  const whole = discountOf(minor(divideRounded(total, 1n)), discount);
  if (!whole.ok) return whole;
  if (whole.value === 0) return ok(amounts.map(() => minor(0)));
  const shares = bases.map((base) => base * BigInt(whole.value));
  return ok(
    distribute(shares, total < 0n ? -total : total, keys).map((part) => minor(total < 0n ? -part : part)),
  );
}
