import { fail, ok, type Result } from './result.ts';

/** Why a text is not the number that was asked for. */
export type DecimalError = 'not_a_number' | 'too_fine' | 'too_large';

const PLAIN = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads a decimal text exactly, without floating point, as an integer of 10^-places.
 *
 * `parseDecimal('2.55', 2)` is 255. Scientific notation is understood, since spreadsheets write it. Digits
 * beyond `places` are an error unless they are zeros: a rule that wants rounding must say so itself.
 */
export function parseDecimal(text: string, places: number): Result<number, DecimalError> {
  const match = PLAIN.exec(text.trim());
  if (!match) return fail('not_a_number');
  const [, sign, digits = '', exponentText] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const exponent = exponentText === undefined ? 0 : Number(exponentText);
  const shift = places + exponent - fraction.length;
  let value = BigInt(whole + fraction);
  if (shift >= 0) value *= 10n ** BigInt(shift);
  else {
    const divisor = 10n ** BigInt(-shift);
    if (value % divisor !== 0n) return fail('too_fine');
    value /= divisor;
  }
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return fail('too_large');
  const number = Number(value);
  return ok(sign === '-' && number !== 0 ? -number : number);
}

/** Writes an integer of 10^-places as a plain decimal: `formatDecimal(-255, 2)` is `-2.55`. */
export function formatDecimal(value: number, places: number): string {
  const digits = Math.abs(value)
    .toString()
    .padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return value < 0 ? `-${text}` : text;
}
