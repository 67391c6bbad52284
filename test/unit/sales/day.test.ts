import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceDrawer, cashCountSchema, countedTotal, type DaySums } from '#shared/sales/day.ts';
import { minor } from '#shared/sales/money.ts';

const sums = (tenders: DaySums['tenders']): DaySums => ({
  sales: 0,
  refunds: 0,
  lines: 0,
  aborted: 0,
  first_number: null,
  last_number: null,
  gross_minor: minor(0),
  discount_minor: minor(0),
  net_minor: minor(0),
  tax_minor: minor(0),
  total_minor: minor(0),
  rounding_minor: minor(0),
  refunded_minor: minor(0),
  taxes: [],
  tenders,
});
const tender = (payment_type: string, kind: 'cash' | 'card', amount: number) => ({
  payment_type,
  kind,
  count: 1,
  amount_minor: minor(amount),
});

describe('counting a drawer', () => {
  test('notes and coins add up', () => {
    expect(
      countedTotal([
        { denomination_minor: 2000, pieces: 3 },
        { denomination_minor: 5, pieces: 7 },
      ]),
    ).toBe(6035);
    expect(countedTotal([])).toBe(0);
  });

  test('a count so large that it cannot be exact is an error', () => {
    const count = [{ denomination_minor: Number.MAX_SAFE_INTEGER, pieces: 2 }];
    expect(() => countedTotal(count)).toThrow(RangeError);
  });

  test('there are no negative pieces and no worthless coins', () => {
    expect(cashCountSchema.safeParse([{ denomination_minor: 5, pieces: -1 }]).success).toBe(false);
    expect(cashCountSchema.safeParse([{ denomination_minor: 0, pieces: 1 }]).success).toBe(false);
    expect(cashCountSchema.safeParse([{ denomination_minor: 5, pieces: 0.5 }]).success).toBe(false);
  });
});

describe('balancing a drawer', () => {
  test('only cash belongs into it', () => {
    const day = sums([
      tender('CASH', 'cash', 12_345),
      tender('CARD', 'card', 99_999),
      tender('EURO', 'cash', -345),
    ]);
    expect(balanceDrawer(minor(10_000), day, minor(21_990))).toEqual({
      float_minor: 10_000,
      cash_minor: 12_000,
      expected_minor: 22_000,
      counted_minor: 21_990,
      over_short_minor: -10,
    });
  });

  test('whatever was counted, expected plus over or short is what was counted', () => {
    const amount = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(amount, amount, amount, (float, cash, counted) => {
        const drawer = balanceDrawer(minor(float), sums([tender('CASH', 'cash', cash)]), minor(counted));
        expect(drawer.expected_minor + drawer.over_short_minor).toBe(counted);
        expect(drawer.expected_minor).toBe(float + cash);
      }),
    );
  });
});
