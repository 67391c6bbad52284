import { z } from 'zod';
import { codeSchema, nameSchema } from '../text.ts';
import { type Minor, minor, ratePpmSchema } from './money.ts';
import { distribute, exactSum } from './rounding.ts';

/** One rate within a tax class, for instance the federal part of a combined sales tax. */
export const taxRateSchema = z.strictObject({ code: codeSchema, rate_ppm: ratePpmSchema });
export type TaxRate = z.infer<typeof taxRateSchema>;

/** What tax an item bears: none, one rate, or several side by side (each on the same net amount). */
export const taxClassSchema = z.strictObject({
  code: codeSchema,
  name: nameSchema(100),
  rates: z.array(taxRateSchema).max(8),
});
export type TaxClass = z.infer<typeof taxClassSchema>;

/** Whether prices already contain the tax, and where the rounding happens. Set per location. */
export const taxSettingsSchema = z.strictObject({
  prices_include_tax: z.boolean(),
  tax_rounding: z.enum(['line', 'ticket']),
});
export type TaxSettings = z.infer<typeof taxSettingsSchema>;

/** An amount with the tax class that it bears. `key` breaks rounding ties, so that order never matters. */
export type TaxedAmount = {
  readonly key: string;
  readonly amount_minor: Minor;
  readonly tax_class: string;
  readonly rates: readonly TaxRate[];
};

/** Per rate: the net amount it applied to and the tax that it made. */
export type TaxTotal = TaxRate & { net_minor: Minor; tax_minor: Minor };

const MILLION = 1_000_000n;

/**
 * The tax of each amount and of each rate.
 *
 * Inclusive: tax = amount × R ÷ (1 + R). Exclusive: tax = amount × R. With rounding per line each line's tax is
 * rounded by itself; with rounding per ticket the tax of all lines of a class is rounded once and spread back
 * over them by largest remainder. Either way the lines' taxes and the rates' taxes have the same sum.
 */
export function computeTax(
  amounts: readonly TaxedAmount[],
  settings: TaxSettings,
): { taxes: Minor[]; totals: TaxTotal[] } {
  const taxes: Minor[] = amounts.map(() => minor(0));
  const totals = new Map<string, TaxTotal>();
  for (const places of groupByRates(amounts).values()) {
    const group = places.map((place) => amounts[place] as TaxedAmount);
    const rates = group[0]?.rates ?? [];
    const combined = rates.reduce((sum, rate) => sum + BigInt(rate.rate_ppm), 0n);
    const denominator = settings.prices_include_tax ? MILLION + combined : MILLION;
    const shares = group.map((entry) => BigInt(entry.amount_minor) * combined);
    const parts =
      settings.tax_rounding === 'ticket'
        ? distribute(
            shares,
            denominator,
            group.map((entry) => entry.key),
          )
        : shares.flatMap((share) => distribute([share], denominator, ['']));
    places.forEach((place, index) => {
      taxes[place] = minor(parts[index] ?? 0);
    });
    addToRates(totals, rates, combined, {
      amount: exactSum(group.map((entry) => entry.amount_minor)),
      tax: exactSum(parts),
      inclusive: settings.prices_include_tax,
    });
  }
  return { taxes, totals: [...totals.values()].sort(byRate) };
}

function groupByRates(amounts: readonly TaxedAmount[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  amounts.forEach((entry, place) => {
    const name = [entry.tax_class, ...entry.rates.map(rateName)].join('\0');
    const group = groups.get(name);
    if (group) group.push(place);
    else groups.set(name, [place]);
  });
  return groups;
}

function addToRates(
  totals: Map<string, TaxTotal>,
  rates: readonly TaxRate[],
  combined: bigint,
  group: { amount: number; tax: number; inclusive: boolean },
): void {
  const net = group.inclusive ? group.amount - group.tax : group.amount;
  const parts =
    combined === 0n
      ? rates.map(() => 0)
      : distribute(
          rates.map((rate) => BigInt(group.tax) * BigInt(rate.rate_ppm)),
          combined,
          rates.map((rate) => rate.code),
        );
  rates.forEach((rate, index) => {
    const name = rateName(rate);
    const before = totals.get(name);
    // As canonical JSON orders them: a ticket is hashed with them.
    totals.set(name, {
      code: rate.code,
      net_minor: minor((before?.net_minor ?? 0) + net),
      rate_ppm: rate.rate_ppm,
      tax_minor: minor((before?.tax_minor ?? 0) + (parts[index] ?? 0)),
    });
  });
}

/** Unambiguous between NULs, which no code contains: the rate is the digits after the last equal sign. */
const rateName = (rate: TaxRate): string => `${rate.code}=${rate.rate_ppm}`;

const byRate = (left: TaxRate, right: TaxRate): number =>
  left.code === right.code ? left.rate_ppm - right.rate_ppm : left.code < right.code ? -1 : 1;
