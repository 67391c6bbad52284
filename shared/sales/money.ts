import { z } from 'zod';
import { type DecimalError, formatDecimal, parseDecimal } from '../decimal.ts';
import { ok, type Result } from '../result.ts';
import { multiplyDivide, wholeNumber } from './rounding.ts';

/** An amount in minor units (pence, cents) of a currency named beside it. May be negative. */
export const minorSchema = z.int().brand<'Minor'>();
export type Minor = z.infer<typeof minorSchema>;

/**
 * A price for one whole unit of quantity, in millionths of the minor unit, so that wholesale prices such as
 * 0.001 GBP are exact. 2.55 GBP is 255 000 000.
 */
export const unitPriceSchema = z.int().brand<'UnitPrice'>();
export type UnitPrice = z.infer<typeof unitPriceSchema>;

/** A share or rate in millionths: 20 % is 200 000. Fine enough for 8.875 %. */
export const ratePpmSchema = z.int().min(0).max(10_000_000).brand<'RatePpm'>();
export type RatePpm = z.infer<typeof ratePpmSchema>;

/** ISO 4217 alphabetic code. */
export const currencySchema = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code of three capital letters' })
  .brand<'Currency'>();
export type Currency = z.infer<typeof currencySchema>;

const MICRO_PLACES = 6;

export const minor = (value: number): Minor => wholeNumber(value) as Minor;
export const unitPrice = (micro: number): UnitPrice => wholeNumber(micro) as UnitPrice;
export const ratePpm = (ppm: number): RatePpm => ratePpmSchema.parse(ppm);

/**
 * Decimal places of a currency's minor unit: 2 for GBP, 0 for JPY, 3 for KWD. After ISO 4217, list one, of
 * 2026-01-01, which the ledgers of till and server must agree on for ever. `Intl` is no source for it: it tells
 * how people write amounts (HUF 0, IQD 0) and changes with the runtime.
 */
export const minorPlaces = (currency: Currency): number => PLACES.get(currency) ?? 2;

const PLACES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
  }).flatMap(([places, codes]) => codes.split(' ').map((code) => [code, Number(places)] as const)),
);

/** Reads an amount in major units ("12.50") as minor units. */
export function parseMoney(text: string, currency: Currency): Result<Minor, DecimalError> {
  const read = parseDecimal(text, minorPlaces(currency));
  return read.ok ? ok(minor(read.value)) : read;
}

/** Reads a price in major units as a unit price; up to six decimals beyond the minor unit. */
export function parseUnitPrice(text: string, currency: Currency): Result<UnitPrice, DecimalError> {
  const read = parseDecimal(text, minorPlaces(currency) + MICRO_PLACES);
  return read.ok ? ok(unitPrice(read.value)) : read;
}

/** Plain decimal text of an amount, without symbol or grouping: for files, receipts and tables. */
export const formatMoney = (amount: number, currency: Currency): string =>
  formatDecimal(amount, minorPlaces(currency));

/** A unit price in major units, with only as many decimals beyond the minor unit as it needs. */
export function formatUnitPrice(price: number, currency: Currency): string {
  const keep = minorPlaces(currency);
  const text = formatDecimal(price, keep + MICRO_PLACES);
  const trimmed = text.replace(/0+$/, '');
  const least = text.length - MICRO_PLACES;
  const shown = trimmed.length < least ? text.slice(0, least) : trimmed;
  return shown.endsWith('.') ? shown.slice(0, -1) : shown;
}

const MILLI_TIMES_MICRO = 1_000_000_000;

/**
 * Quantity × unit price, rounded half away from zero to the minor unit.
 * @param quantity thousandths of a unit, negative for goods that come back
 */
export const extendedPrice = (quantity: number, price: UnitPrice): Minor =>
  minor(multiplyDivide(quantity, price, MILLI_TIMES_MICRO));
