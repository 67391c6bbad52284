import { z } from 'zod';
import { nameSchema } from '../text.ts';
import { currencySchema } from './money.ts';
import { dateSchema } from './zone.ts';

/** A currency that the company keeps books or takes money in. Its decimal places are `minorPlaces`. */
export const companyCurrencySchema = z.strictObject({ code: currencySchema, name: nameSchema(100) });
export type CompanyCurrency = z.infer<typeof companyCurrencySchema>;

/** What one `from_currency` bought of `to_currency` from a date on, in billionths: 1 JPY = 0.005 GBP is 5 000 000. */
export const exchangeRateSchema = z.strictObject({
  from_currency: currencySchema,
  to_currency: currencySchema,
  valid_from: dateSchema,
  rate_nano: z.int().min(1).max(9_000_000_000_000_000),
});
