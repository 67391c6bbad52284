import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  currencySchema,
  extendedPrice,
  formatMoney,
  formatUnitPrice,
  minor,
  minorPlaces,
  parseMoney,
  parseUnitPrice,
  unitPrice,
} from '#shared/sales/money.ts';

const GBP = currencySchema.parse('GBP');
const currency = fc.constantFrom('GBP', 'JPY', 'KWD', 'HUF', 'CLF').map((code) => currencySchema.parse(code));

describe('currencies', () => {
  test.each([
    ['GBP', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['IQD', 3],
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
    ['ISK', 0],
    ['XYZ', 2],
  ])('%s has %i decimals, as ISO 4217 says and whatever the runtime shows people', (code, places) => {
    expect(minorPlaces(currencySchema.parse(code))).toBe(places);
  });

  test('a currency is three capital letters', () => {
    for (const code of ['gbp', 'GB', 'GBPX', '£', '', 'GB1', 'GBP\n']) {
      expect(currencySchema.safeParse(code).success).toBe(false);
    }
  });
});

describe('amounts as text', () => {
  test('every amount survives being written and read again', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), currency, (amount, code) => {
        expect(parseMoney(formatMoney(amount, code), code)).toEqual({ ok: true, value: amount });
      }),
    );
  });

  test('every unit price survives being written and read again', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), currency, (price, code) => {
        expect(parseUnitPrice(formatUnitPrice(price, code), code)).toEqual({ ok: true, value: price });
      }),
    );
  });

  test.each([
    [255_000_000, 'GBP', '2.55'],
    [100_000, 'GBP', '0.001'],
    [250_000_000, 'GBP', '2.50'],
    [0, 'GBP', '0.00'],
    [-1, 'GBP', '-0.00000001'],
    [120_000_000, 'JPY', '120'],
    [120_500_000, 'JPY', '120.5'],
    [0, 'JPY', '0'],
  ])('the unit price %i in %s is shown as %s', (price, code, text) => {
    expect(formatUnitPrice(price, currencySchema.parse(code))).toBe(text);
  });

  test('an amount finer than its currency is refused, a price may be finer by six decimals', () => {
    expect(parseMoney('1.005', GBP)).toEqual({ ok: false, error: 'too_fine' });
    expect(parseUnitPrice('0.00000001', GBP)).toEqual({ ok: true, value: 1 });
    expect(parseUnitPrice('0.000000001', GBP)).toEqual({ ok: false, error: 'too_fine' });
    expect(parseMoney('12,50', GBP)).toEqual({ ok: false, error: 'not_a_number' });
  });
});

describe('quantity times price', () => {
  test('is rounded half away from zero, as an independent calculation says', () => {
    const quantity = fc.oneof(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.maxSafeInteger());
    fc.assert(
      fc.property(quantity, fc.maxSafeInteger(), (milli, micro) => {
        const product = BigInt(milli) * BigInt(micro);
        const magnitude = product < 0n ? -product : product;
        const rounded = magnitude / 10n ** 9n + (magnitude % 10n ** 9n >= 500_000_000n ? 1n : 0n);
        if (rounded > BigInt(Number.MAX_SAFE_INTEGER)) {
          expect(() => extendedPrice(milli, unitPrice(micro))).toThrow(RangeError);
        } else {
          expect(extendedPrice(milli, unitPrice(micro))).toBe(Number(product < 0n ? -rounded : rounded));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['six lanterns at 3.39', 6000, 339_000_000, 2034],
    ['half a penny', 1000, 500_000, 1],
    ['half a penny back', -1000, 500_000, -1],
    ['just below half a penny', 1000, 499_999, 0],
    ['250 g at 9.99 a kilo', 250, 999_000_000, 250],
    ['nothing', 0, 339_000_000, 0],
  ])('%s', (_, milli, micro, amount) => {
    expect(extendedPrice(milli, unitPrice(micro))).toBe(amount);
  });

  test('an amount that a number cannot hold is an error, never silent', () => {
    expect(() => minor(2 ** 53)).toThrow(RangeError);
    expect(() => minor(0.1)).toThrow(RangeError);
    expect(() => unitPrice(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});
