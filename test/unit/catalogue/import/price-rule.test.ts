import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencySchema, formatUnitPrice } from '#shared/sales/money.ts';
import { readPriceRule } from '../../../../server/catalogue/import/price-rule.ts';

const GBP = currencySchema.parse('GBP');
const JPY = currencySchema.parse('JPY');

test('a fixed price is the same for every item', () => {
  const price = readPriceRule({ fixed: '9.995' }, GBP);
  expect([price('a'), price('b')]).toEqual([999_500_000, 999_500_000]);
});

test('a made-up price ends in 9, lies within its range, and belongs to the key', () => {
  fc.assert(
    fc.property(fc.nat(20_000), fc.integer({ min: 10, max: 20_000 }), fc.string(), (from, width, key) => {
      const range = `${(from / 100).toFixed(2)}..${((from + width) / 100).toFixed(2)}`;
      const price = readPriceRule({ range }, GBP)(key);
      expect(formatUnitPrice(price, GBP)).toMatch(/9$/);
      expect(price).toBeGreaterThanOrEqual(from * 1e6);
      expect(price).toBeLessThanOrEqual((from + width) * 1e6);
      expect(readPriceRule({ range }, GBP)(key)).toBe(price);
    }),
  );
});

test('a made-up price stays the same from release to release', () => {
  const price = readPriceRule({ range: '0.99..99.99' }, GBP);
  expect(formatUnitPrice(price('4006381333931'), GBP)).toBe('47.49');
});

test('made-up prices use the whole range', () => {
  const price = readPriceRule({ range: '0.09..0.99' }, GBP);
  const seen = new Set(Array.from({ length: 500 }, (_, index) => price(`40063813339${index}`)));
  expect(seen.size).toBe(10);
});

test('a currency without decimals has prices that end in 9 too', () => {
  expect(formatUnitPrice(readPriceRule({ range: '100..109' }, JPY)('x'), JPY)).toBe('109');
});

test.each([
  { fixed: '£5' },
  { fixed: '-1' },
  { range: '5' },
  { range: '1..2..3' },
  { range: '0.999..2' },
  { range: '-1..2' },
  { range: '9..1' },
  { range: '1.00..1.05' },
])('%j is refused', (text) => {
  expect(() => readPriceRule(text, GBP)).toThrow(/^--price/);
});
