import fc from 'fast-check';
import { expect, test } from 'vitest';
import { receiptNumber } from '#shared/sales/ticket.ts';

test('a receipt number names location, terminal, series and number', () => {
  expect(receiptNumber('SHOP1', 'T1', 'T', 42)).toBe('SHOP1-T1-T-000042');
  expect(receiptNumber('SHOP1', 'T1', 'T', 1_234_567)).toBe('SHOP1-T1-T-1234567');
});

test('two tickets never share a receipt number', () => {
  const place = fc.string({ unit: fc.constantFrom(...'ABZ019'), minLength: 1, maxLength: 12 });
  const parts = fc.tuple(
    place,
    place,
    fc.constantFrom('T', 'R'),
    fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  );
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      fc.pre(left.join() !== right.join());
      expect(receiptNumber(...left)).not.toBe(receiptNumber(...right));
      expect(receiptNumber(...left).length).toBeLessThanOrEqual(50);
    }),
  );
});
