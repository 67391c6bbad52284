import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minor } from '#shared/sales/money.ts';
import { refundedDiscount } from '#shared/sales/refund.ts';
import { milli } from '#shared/stock/quantity.ts';

const sold = (quantity: number, line: number, ticket: number) => ({
  quantity_milli: milli(quantity),
  line_discount_minor: minor(line),
  ticket_discount_minor: minor(ticket),
});

describe('the discount of a line that comes back', () => {
  test('is all of it when the whole line does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.nat(10 ** 7),
        fc.nat(10 ** 7),
        (quantity, own, share) => {
          expect(refundedDiscount(sold(quantity, own, share), quantity)).toBe(own + share);
        },
      ),
    );
  });

  test('is its part when a part does: never below nothing, never above the whole', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 6 }),
        fc.nat(10 ** 6),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (quantity, own, part) => {
          const back = Math.floor(quantity * part);
          const discount = refundedDiscount(sold(quantity, own, 0), back);
          expect(discount).toBeGreaterThanOrEqual(0);
          expect(discount).toBeLessThanOrEqual(own);
          expect(Math.abs(discount * quantity - own * back) * 2).toBeLessThanOrEqual(quantity);
        },
      ),
    );
  });

  test('two of three pieces with 1.00 off give 0.67 back', () => {
    expect(refundedDiscount(sold(3000, 0, 100), 2000)).toBe(67);
  });
});
