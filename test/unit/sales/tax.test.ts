import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minor, ratePpm } from '#shared/sales/money.ts';
import { computeTax, type TaxedAmount, type TaxSettings } from '#shared/sales/tax.ts';
import { taxSettings } from './arbitrary-tickets.ts';

const vat = (percent: number) => [{ code: 'VAT', rate_ppm: ratePpm(percent * 10_000) }];
const quebec = [
  { code: 'QST', rate_ppm: ratePpm(99_750) },
  { code: 'GST', rate_ppm: ratePpm(50_000) },
];
const taxed = (amount: number, rates: TaxedAmount['rates'], key = 'line'): TaxedAmount => ({
  key,
  amount_minor: minor(amount),
  tax_class: rates.map((rate) => `${rate.code} ${rate.rate_ppm}`).join(' and '),
  rates,
});
const settings = (prices_include_tax: boolean, tax_rounding: 'line' | 'ticket'): TaxSettings => ({
  prices_include_tax,
  tax_rounding,
});

describe('tax on a single line', () => {
  test.each([
    ['20 % within 1.20', 120, vat(20), true, 20],
    ['20 % within 1.00', 100, vat(20), true, 17],
    ['20 % on 1.00', 100, vat(20), false, 20],
    ['5 % on 0.10, a half penny', 10, vat(5), false, 1],
    ['5 % on −0.10', -10, vat(5), false, -1],
    ['no tax', 100, [], true, 0],
    ['a rate of nothing', 100, vat(0), false, 0],
    ['8.875 % on 19.99', 1999, [{ code: 'NYC', rate_ppm: ratePpm(88_750) }], false, 177],
    ['GST and QST on 100.00', 10_000, quebec, false, 1498],
    ['GST and QST within 114.98', 11_498, quebec, true, 1498],
  ])('%s', (_, amount, rates, inclusive, tax) => {
    for (const rounding of ['line', 'ticket'] as const) {
      expect(computeTax([taxed(amount, rates)], settings(inclusive, rounding)).taxes).toEqual([tax]);
    }
  });
});

describe('where the rounding happens', () => {
  const three = ['a', 'b', 'c'].map((key) => taxed(10, vat(5), key));

  test('per line, each line rounds its half penny up by itself', () => {
    expect(computeTax(three, settings(false, 'line'))).toEqual({
      taxes: [1, 1, 1],
      totals: [{ code: 'VAT', rate_ppm: 50_000, net_minor: 30, tax_minor: 3 }],
    });
  });

  test('per ticket, the sum is rounded once and spread back over the lines', () => {
    expect(computeTax(three, settings(false, 'ticket'))).toEqual({
      taxes: [1, 1, 0],
      totals: [{ code: 'VAT', rate_ppm: 50_000, net_minor: 30, tax_minor: 2 }],
    });
  });
});

describe('several rates', () => {
  test('side by side share the tax of the line, and each names the same net amount', () => {
    const { totals } = computeTax([taxed(10_000, quebec)], settings(false, 'line'));
    expect(totals).toEqual([
      { code: 'GST', rate_ppm: 50_000, net_minor: 10_000, tax_minor: 500 },
      { code: 'QST', rate_ppm: 99_750, net_minor: 10_000, tax_minor: 998 },
    ]);
  });

  test('the same rate in two tax classes is one total', () => {
    const food = { ...taxed(105, vat(5), 'food'), tax_class: 'food' };
    const books = { ...taxed(210, vat(5), 'books'), tax_class: 'books' };
    expect(computeTax([food, books], settings(true, 'ticket')).totals).toEqual([
      { code: 'VAT', rate_ppm: 50_000, net_minor: 300, tax_minor: 15 },
    ]);
  });

  test('classes whose names contain line breaks and equal signs are still told apart', () => {
    const plain = { ...taxed(1000, [...vat(20), ...quebec], 'plain'), tax_class: 'X' };
    const odd = { ...taxed(1000, quebec, 'odd'), tax_class: 'X\nVAT=200000' };
    const apart = computeTax([odd], settings(false, 'ticket')).taxes;
    expect(computeTax([plain, odd], settings(false, 'ticket')).taxes.slice(1)).toEqual(apart);
  });
});

describe('for every ticket', () => {
  const rates = fc.constantFrom([], vat(0), vat(5), vat(20), quebec);
  const amounts = fc
    .array(fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), rates), { minLength: 1, maxLength: 12 })
    .map((list) => list.map(([amount, of], index) => taxed(amount, of, `line ${index}`)));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

  test('the taxes of the lines and the taxes of the rates have the same sum', () => {
    fc.assert(
      fc.property(amounts, taxSettings, (lines, how) => {
        const { taxes, totals } = computeTax(lines, how);
        expect(sum(totals.map((rate) => rate.tax_minor))).toBe(sum(taxes));
      }),
    );
  });

  test('per line, each tax is the exact tax rounded half away from zero', () => {
    fc.assert(
      fc.property(amounts, fc.boolean(), (lines, inclusive) => {
        const { taxes } = computeTax(lines, settings(inclusive, 'line'));
        lines.forEach((line, index) => {
          const combined = sum(line.rates.map((rate) => rate.rate_ppm));
          const doubled = 2n * BigInt(Math.abs(line.amount_minor)) * BigInt(combined);
          const by = BigInt(inclusive ? 1_000_000 + combined : 1_000_000);
          const expected = Number((doubled + by) / (2n * by));
          expect(Math.abs(taxes[index] ?? Number.NaN)).toBe(expected);
        });
      }),
    );
  });

  test('per ticket, the tax of a class is off by no more than half a unit', () => {
    fc.assert(
      fc.property(amounts, fc.boolean(), (lines, inclusive) => {
        const one = lines.map((line) => ({ ...line, tax_class: 'all', rates: vat(20) }));
        const base = sum(one.map((line) => line.amount_minor));
        const tax = sum(computeTax(one, settings(inclusive, 'ticket')).taxes);
        const divisor = inclusive ? 1_200_000 : 1_000_000;
        expect(2 * Math.abs(tax * divisor - base * 200_000)).toBeLessThanOrEqual(divisor);
      }),
    );
  });

  test('what comes back bears exactly the tax it was sold with', () => {
    fc.assert(
      fc.property(amounts, taxSettings, (lines, how) => {
        const back = lines.map((line) => ({ ...line, amount_minor: minor(-line.amount_minor) }));
        expect(computeTax(back, how).taxes).toEqual(computeTax(lines, how).taxes.map((tax) => minor(-tax)));
      }),
    );
  });
});
