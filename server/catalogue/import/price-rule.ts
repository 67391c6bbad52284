import {
  type Currency,
  type Minor,
  parseMoney,
  parseUnitPrice,
  type UnitPrice,
  unitPrice,
} from '#shared/sales/money.ts';
import { ImportError } from './import-error.ts';

/** What new items cost where the file does not say, in major units: one price, or a range such as `0.99..99.99`. */
export type PriceText = { readonly fixed: string } | { readonly range: string };

/** The price of a new item, by its key. */
export type PriceRule = (key: string) => UnitPrice;

const MICRO_OF_MINOR = 1_000_000;

/**
 * Reads a price rule in the currency of the shop.
 * @throws ImportError `usage` where it is no price, or the range holds no price that ends in 9
 */
export function readPriceRule(text: PriceText, currency: Currency): PriceRule {
  if ('fixed' in text) {
    const price = parseUnitPrice(text.fixed, currency);
    if (!price.ok || price.value < 0)
      throw new ImportError('usage', `--price: ${text.fixed} is not a price in ${currency}.`);
    return () => price.value;
  }
  const ends = text.range.split('..').map((end) => parseMoney(end, currency));
  const [from, to] = ends;
  if (ends.length !== 2 || !from?.ok || !to?.ok || from.value < 0) {
    throw new ImportError(
      'usage',
      `--price-range: ${text.range} is not a range of prices in ${currency}, from and to with two dots between.`,
    );
  }
  return priceInRange(from.value, to.value, text.range);
}

/** Made-up prices that end in 9: the same key has the same price in every run and on every machine. */
function priceInRange(from: Minor, to: Minor, shown: string): PriceRule {
  const first = from + ((19 - (from % 10)) % 10);
  const choices = Math.floor((to - first) / 10) + 1;
  if (choices < 1)
    throw new ImportError('usage', `--price-range: there is no price ending in 9 within ${shown}.`);
  return (key) => unitPrice((first + (fnv1a(key) % choices) * 10) * MICRO_OF_MINOR);
}

/** The 32-bit FNV-1a hash of the UTF-16 units. Spreads keys evenly enough for prices; not for secrets. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
