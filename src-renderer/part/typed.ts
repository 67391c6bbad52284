import { formatDecimal, parseDecimal } from '#shared/decimal.ts';
import { type Currency, currencySchema, formatMoney, minorPlaces } from '#shared/sales/money.ts';
import type { Unreadable } from './check.ts';
import { partText } from './text.ts';

/** How people write figures, and what is kept of them; exact, without floating point. */

const PERCENT_PLACES = 4;
const RATE_PLACES = 9;

/** A typed number as an integer of 10^-places. Both decimal signs are understood. */
function readDecimal(text: string, places: number): number | Unreadable {
  if (text.trim() === '') return { unreadable: partText.needed };
  const read = parseDecimal(text.trim().replace(',', '.'), places);
  return read.ok ? read.value : { unreadable: partText.decimalProblems[read.error] };
}

/** A share in per cent as millionths: `20` is 200 000. */
export const readPercent = (text: string): number | Unreadable => readDecimal(text, PERCENT_PLACES);

/** Millionths as per cent: 88 750 is `8.875`. */
export const percentText = (ppm: number): string => trimmed(formatDecimal(ppm, PERCENT_PLACES));

/** A rate of exchange in billionths: `1.17` is 1 170 000 000. */
export const readRate = (text: string): number | Unreadable => readDecimal(text, RATE_PLACES);

/** Billionths as a rate of exchange. */
export const rateText = (nano: number): string => trimmed(formatDecimal(nano, RATE_PLACES));

/** An amount of money that is more than nothing, in minor units of a currency, which may not be chosen yet. */
export function readAmount(text: string, currency: string): number | Unreadable {
  const amount = readDecimal(text, placesOf(currency));
  return typeof amount === 'number' && amount <= 0 ? { unreadable: partText.moreThanNothing } : amount;
}

/** Minor units as an amount: 5 pence are `0.05`. */
export const amountText = (minor: number, currency: Currency): string => formatMoney(minor, currency);

const placesOf = (currency: string): number => {
  const known = currencySchema.safeParse(currency);
  return known.success ? minorPlaces(known.data) : 2;
};

/** Without the zeros that say nothing. */
const trimmed = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
