import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discountOf, discountSchema, spreadDiscount } from '#shared/sales/discount.ts';
import { minor, ratePpm } from '#shared/sales/money.ts';
import { amountDiscount, EVERYTHING, percentDiscount } from './arbitrary-tickets.ts';

const amount = fc.integer({ min: -10_000_000, max: 10_000_000 }).map(minor);
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

function value<Value>(result: { ok: true; value: Value } | { ok: false; error: unknown }): Value {
  if (!result.ok) throw new Error(`refused: ${String(result.error)}`);
  return result.value;
}

describe('a discount on one amount', () => {
  test('of 100 % is the whole amount, whatever it is', () => {
    fc.assert(
      fc.property(amount, (base) => {
        expect(discountOf(base, EVERYTHING)).toEqual({ ok: true, value: base });
      }),
    );
  });

  test('never exceeds the amount and has its sign', () => {
    fc.assert(
      fc.property(amount, percentDiscount, (base, discount) => {
        const taken = value(discountOf(base, discount));
        expect(Math.abs(taken)).toBeLessThanOrEqual(Math.abs(base));
        expect(taken * base).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('of a returned line is given back exactly', () => {
    fc.assert(
      fc.property(amount, percentDiscount, (base, discount) => {
        expect(value(discountOf(minor(-base), discount))).toBe(minor(-value(discountOf(base, discount))));
      }),
    );
  });

  test('of money larger than the amount is refused', () => {
    expect(discountOf(minor(500), amountDiscount(501))).toEqual({
      ok: false,
      error: 'discount_exceeds_amount',
    });
    expect(discountOf(minor(-500), amountDiscount(501)).ok).toBe(false);
    expect(discountOf(minor(-500), amountDiscount(500))).toEqual({ ok: true, value: -500 });
    expect(discountOf(minor(0), amountDiscount(0))).toEqual({ ok: true, value: 0 });
  });

  test('a half penny of discount is a penny', () => {
    expect(discountOf(minor(5), { kind: 'percent', rate_ppm: ratePpm(100_000) })).toEqual({
      ok: true,
      value: 1,
    });
  });
});

describe('a discount on the whole ticket', () => {
  const amounts = fc
    .array(amount, { minLength: 1, maxLength: 12 })
    .map((list) => list.map((amount_minor, index) => ({ key: `line ${index}`, amount_minor })));

  test('the shares of a percentage add up to that percentage of the sum', () => {
    fc.assert(
      fc.property(amounts, percentDiscount, (lines, discount) => {
        const whole = minor(total(lines.map((line) => line.amount_minor)));
        expect(total(value(spreadDiscount(lines, discount)))).toBe(value(discountOf(whole, discount)));
      }),
    );
  });

  test('of 100 % leaves exactly nothing on every line', () => {
    fc.assert(
      fc.property(amounts, (lines) => {
        expect(value(spreadDiscount(lines, EVERYTHING))).toEqual(lines.map((line) => line.amount_minor));
      }),
    );
  });

  test('the shares of an amount of money add up to it, and all of the sum leaves nothing', () => {
    fc.assert(
      fc.property(amounts, fc.double({ min: 0, max: 1, noNaN: true }), (lines, share) => {
        const whole = total(lines.map((line) => line.amount_minor));
        const off = Math.floor(Math.abs(whole) * share);
        const shares = value(spreadDiscount(lines, amountDiscount(off)));
        expect(Math.abs(total(shares))).toBe(off);
        if (whole !== 0) {
          expect(value(spreadDiscount(lines, amountDiscount(Math.abs(whole))))).toEqual(
            lines.map((line) => line.amount_minor),
          );
        }
      }),
    );
  });

  test('larger than the sum is refused, also where the sum is nothing', () => {
    const lines = [
      { key: 'a', amount_minor: minor(300) },
      { key: 'b', amount_minor: minor(-300) },
    ];
    expect(spreadDiscount(lines, amountDiscount(1))).toEqual({ ok: false, error: 'discount_exceeds_amount' });
    expect(spreadDiscount(lines, amountDiscount(0))).toEqual({ ok: true, value: [0, 0] });
    expect(spreadDiscount([], amountDiscount(0))).toEqual({ ok: true, value: [] });
  });
});

test('a discount is at most 100 % and never a negative amount', () => {
  expect(discountSchema.safeParse({ kind: 'percent', rate_ppm: 1_000_001 }).success).toBe(false);
  expect(discountSchema.safeParse({ kind: 'amount', amount_minor: -1 }).success).toBe(false);
  expect(discountSchema.safeParse({ kind: 'amount', amount_minor: 0.5 }).success).toBe(false);
  expect(discountSchema.safeParse({ kind: 'percent', rate_ppm: 1_000_000 }).success).toBe(true);
});
