import { z } from 'zod';
import { parseDecimal } from '#shared/decimal.ts';
import { placeCodeSchema } from '#shared/people/location.ts';
import { type Currency, currencySchema, minorPlaces, ratePpmSchema } from '#shared/sales/money.ts';
import { zoneSchema } from '#shared/sales/zone.ts';
import { nameSchema } from '#shared/text.ts';
import type { CompanySeed } from '../people/seed.ts';
import type { Questions } from './questions.ts';

const wordSchema = <const Word extends string>(...words: readonly [Word, ...Word[]]) =>
  z.enum(words, { error: `must be ${words.join(' or ')}` });

/** A rate in percent, `20` or `7.25`, as parts per million. */
const percentSchema = z.string().transform((text, context) => {
  const read = parseDecimal(text, 4);
  const rate = ratePpmSchema.safeParse(read.ok ? read.value : undefined);
  if (rate.success) return rate.data;
  context.addIssue({ code: 'custom', message: 'must be a percentage from 0 to 1000, such as 20 or 7.25' });
  return z.NEVER;
});

/** Asks for what a company needs before its first sale. All of it can be changed in the office afterwards. */
export async function askForCompany(
  questions: Questions,
  name: string,
): Promise<Omit<CompanySeed, 'people'>> {
  const { ask } = questions;
  const location = {
    name: await ask({
      field: 'location',
      text: 'Name of its first store or warehouse',
      schema: nameSchema(100),
    }),
    code: await ask({
      ...{ field: 'code', text: 'Short code of that location, for receipt numbers' },
      ...{ schema: placeCodeSchema, otherwise: 'MAIN' },
    }),
    kind: await ask({
      ...{ field: 'kind', text: 'Is it a store or a warehouse?' },
      ...{ schema: wordSchema('store', 'warehouse'), otherwise: 'store' },
    }),
    currency: await ask({ field: 'currency', text: 'Currency, such as GBP', schema: currencySchema }),
    zone: await ask({ field: 'zone', text: 'Time zone, such as Europe/London', schema: zoneSchema }),
  };
  const withTax = await ask({
    ...{ field: 'tax included', text: 'Do prices include the tax?' },
    ...{ schema: wordSchema('yes', 'no'), otherwise: 'yes' },
  });
  const rate_ppm = await ask({
    ...{ field: 'tax rate', text: 'Standard tax rate in percent' },
    ...{ schema: percentSchema, otherwise: '0' },
  });
  return {
    name,
    location: {
      ...location,
      day_change_hour: 0,
      cash_step_minor: 1,
      denominations: denominationsOf(location.currency),
      prices_include_tax: withTax === 'yes',
      tax_rounding: 'line',
    },
    currencies: [{ code: location.currency, name: currencyName(location.currency) }],
    tax_classes: [{ code: 'STD', name: 'Standard rate', rates: [{ code: 'STD', rate_ppm }] }],
    payment_types: [
      { code: 'CASH', name: 'Cash', kind: 'cash' },
      { code: 'CARD', name: 'Card', kind: 'card' },
    ],
  };
}

/** Notes and coins as most currencies have them: 1, 2 and 5 in every power of ten, up to a hundred of the major unit. */
export function denominationsOf(currency: Currency): number[] {
  const places = minorPlaces(currency);
  const powers = places === 0 ? 4 : places + 2;
  const steps = Array.from({ length: powers }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power));
  return [...steps.flat(), 10 ** powers].sort((one, other) => other - one);
}

const currencyName = (currency: Currency): string =>
  new Intl.DisplayNames(['en'], { type: 'currency' }).of(currency) ?? currency;
