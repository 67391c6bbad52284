import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatQuantity, milli, milliSchema, ONE, parseQuantity } from '#shared/stock/quantity.ts';

test('every quantity survives being written and read again', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (quantity) => {
      expect(parseQuantity(formatQuantity(quantity))).toEqual({ ok: true, value: quantity });
    }),
  );
});

test.each([
  [ONE, '1'],
  [1500, '1.5'],
  [-250, '-0.25'],
  [0, '0'],
  [10_000, '10'],
  [100_010, '100.01'],
])('%i thousandths are shown as %s', (quantity, text) => {
  expect(formatQuantity(quantity)).toBe(text);
});

test('a quantity finer than a thousandth, too large or not a number is refused', () => {
  expect(parseQuantity('0.3333')).toEqual({ ok: false, error: 'too_fine' });
  expect(parseQuantity('1e15')).toEqual({ ok: false, error: 'too_large' });
  expect(parseQuantity('six')).toEqual({ ok: false, error: 'not_a_number' });
  expect(parseQuantity('6.000000')).toEqual({ ok: true, value: 6000 });
  expect(() => milli(0.5)).toThrow(RangeError);
  expect(milliSchema.safeParse(2 ** 53).success).toBe(false);
});
