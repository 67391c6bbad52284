import { type Currency, formatMoney, formatUnitPrice } from '#shared/sales/money.ts';

/** The language and region that numbers and times are written in: those of the machine. */
export const locale: string = navigator.language;

/**
 * An amount for people: `£12.40`, `-€0.05`. Exact: the decimal text of `shared/` goes through Intl as text, so no
 * floating-point number stands between.
 */
export const displayMoney = (amount: number, currency: Currency, language = locale): string =>
  format(currency, language).format(decimal(formatMoney(amount, currency)));

/** A unit price for people; keeps the decimals beyond the minor unit that it needs: `£0.001`. */
export function displayUnitPrice(price: number, currency: Currency, language = locale): string {
  const text = formatUnitPrice(price, currency);
  const places = text.split('.')[1]?.length ?? 0;
  return format(currency, language, places).format(decimal(text));
}

/** A rate in millionths for people: 200 000 is `20%`, 88 750 is `8.875%`. */
export const displayRate = (ppm: number, language = locale): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 4 }).format(ppm / 1_000_000);

/** A count for people, grouped: `398,975`. */
export const displayCount = (count: number, language = locale): string =>
  new Intl.NumberFormat(language).format(count);

const decimal = (text: string) => text as `${number}`;

const formats = new Map<string, Intl.NumberFormat>();

function format(currency: Currency, language: string, places?: number): Intl.NumberFormat {
  const key = `${currency} ${language} ${places ?? ''}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    ...(places === undefined ? {} : { minimumFractionDigits: places, maximumFractionDigits: places }),
  });
  formats.set(key, made);
  return made;
}
