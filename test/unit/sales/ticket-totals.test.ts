import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minor, ratePpm, unitPrice } from '#shared/sales/money.ts';
import { computeTicket, type PricedLine, sumLines, type TicketTotals } from '#shared/sales/ticket-totals.ts';
import {
  amountDiscount,
  basket,
  EVERYTHING,
  percentDiscount,
  shuffled,
  taxSettings,
} from './arbitrary-tickets.ts';

const ticketDiscount = fc.option(percentDiscount, { nil: undefined });

function priced(...args: Parameters<typeof computeTicket>): TicketTotals {
  const result = computeTicket(...args);
  if (!result.ok) throw new Error(`refused: ${result.error.code}`);
  return result.value;
}

const line = (
  line_id: string,
  pieces: number,
  pence: number,
  rest: Partial<PricedLine> = {},
): PricedLine => ({
  line_id,
  quantity_milli: pieces * 1000,
  unit_price_micro: unitPrice(pence * 1_000_000),
  tax_class: 'standard',
  rates: [{ code: 'VAT', rate_ppm: ratePpm(200_000) }],
  ...rest,
});
const inclusive = { prices_include_tax: true, tax_rounding: 'line' } as const;
const exclusive = { prices_include_tax: false, tax_rounding: 'ticket' } as const;

test('two lanterns and a holder at tax-inclusive prices', () => {
  expect(priced([line('a', 2, 339), line('b', 1, 255)], undefined, inclusive)).toEqual({
    lines: [
      { gross_minor: 678, line_discount_minor: 0, ticket_discount_minor: 0, net_minor: 565, tax_minor: 113 },
      { gross_minor: 255, line_discount_minor: 0, ticket_discount_minor: 0, net_minor: 212, tax_minor: 43 },
    ],
    taxes: [{ code: 'VAT', rate_ppm: 200_000, net_minor: 777, tax_minor: 156 }],
    gross_minor: 933,
    discount_minor: 0,
    net_minor: 777,
    tax_minor: 156,
    total_minor: 933,
  });
});

test('the discount of a line comes before the discount of the ticket, and tax after both', () => {
  const half = { kind: 'percent', rate_ppm: ratePpm(500_000) } as const;
  const totals = priced(
    [line('a', 1, 1000, { discount: half }), line('b', 1, 500)],
    amountDiscount(100),
    exclusive,
  );
  expect(
    totals.lines.map((entry) => [entry.line_discount_minor, entry.ticket_discount_minor, entry.net_minor]),
  ).toEqual([
    [500, 50, 450],
    [0, 50, 450],
  ]);
  expect([totals.net_minor, totals.tax_minor, totals.total_minor]).toEqual([900, 180, 1080]);
});

test('a discount that is larger than its line names the line; one larger than the ticket names none', () => {
  const tooMuch = line('a', 1, 100, { discount: amountDiscount(101) });
  expect(computeTicket([tooMuch], undefined, inclusive)).toEqual({
    ok: false,
    error: { code: 'discount_exceeds_amount', line_id: 'a' },
  });
  expect(computeTicket([line('a', 1, 100)], amountDiscount(101), inclusive)).toEqual({
    ok: false,
    error: { code: 'discount_exceeds_amount' },
  });
});

test('an empty cart comes to nothing', () => {
  expect(priced([], undefined, inclusive)).toMatchObject({ lines: [], taxes: [], total_minor: 0 });
});

test('amounts past what a number holds exactly are an error, never silent', () => {
  const huge = line('a', 1, 9_000_000_000, { quantity_milli: 1_000_000_000_000 });
  expect(() => computeTicket([huge, { ...huge, line_id: 'b' }], undefined, inclusive)).toThrow(RangeError);
});

describe('for every basket', () => {
  test('each line and the whole ticket add up', () => {
    fc.assert(
      fc.property(basket, ticketDiscount, taxSettings, (lines, discount, settings) => {
        const totals = priced(lines, discount, settings);
        for (const entry of totals.lines) {
          const amount = entry.gross_minor - entry.line_discount_minor - entry.ticket_discount_minor;
          expect(amount).toBe(entry.net_minor + (settings.prices_include_tax ? entry.tax_minor : 0));
        }
        expect(totals).toMatchObject(sumLines(totals.lines));
        expect(totals.total_minor).toBe(totals.net_minor + totals.tax_minor);
        expect(totals.taxes.reduce((sum, rate) => sum + rate.tax_minor, 0)).toBe(totals.tax_minor);
      }),
    );
  });

  test('at inclusive prices the total is what the price labels say, less the discounts', () => {
    fc.assert(
      fc.property(basket, ticketDiscount, taxSettings, (lines, discount, settings) => {
        const totals = priced(lines, discount, { ...settings, prices_include_tax: true });
        expect(totals.total_minor).toBe(totals.gross_minor - totals.discount_minor);
      }),
    );
  });

  test('nothing depends on the order in which the lines were rung', () => {
    const reordered = basket.chain((lines) => fc.tuple(fc.constant(lines), shuffled(lines)));
    fc.assert(
      fc.property(reordered, ticketDiscount, taxSettings, ([lines, other], discount, settings) => {
        const { lines: before, ...sums } = priced(lines, discount, settings);
        const { lines: after, ...otherSums } = priced(other, discount, settings);
        expect(otherSums).toEqual(sums);
        const byId = new Map(other.map((entry, index) => [entry.line_id, after[index]]));
        lines.forEach((entry, index) => {
          expect(byId.get(entry.line_id)).toEqual(before[index]);
        });
      }),
    );
  });

  test('100 % off the ticket leaves exactly 0, line by line', () => {
    fc.assert(
      fc.property(basket, taxSettings, (lines, settings) => {
        const totals = priced(lines, EVERYTHING, settings);
        expect([totals.net_minor, totals.tax_minor, totals.total_minor]).toEqual([0, 0, 0]);
        for (const entry of totals.lines) expect([entry.net_minor, entry.tax_minor]).toEqual([0, 0]);
      }),
    );
  });

  test('100 % off each line leaves exactly 0 too', () => {
    fc.assert(
      fc.property(basket, ticketDiscount, taxSettings, (lines, discount, settings) => {
        const free = lines.map((entry) => ({ ...entry, discount: EVERYTHING }));
        const totals = priced(free, discount, settings);
        expect([totals.net_minor, totals.tax_minor, totals.total_minor]).toEqual([0, 0, 0]);
      }),
    );
  });

  test('returning everything is exactly the opposite of the sale', () => {
    const opposite = (value: unknown): unknown => {
      if (typeof value === 'number') return value === 0 ? 0 : -value;
      if (Array.isArray(value)) return value.map(opposite);
      if (value === null || typeof value !== 'object') return value;
      const entries = Object.entries(value).map(([name, entry]) => [
        name,
        name.endsWith('_minor') || typeof entry === 'object' ? opposite(entry) : entry,
      ]);
      return Object.fromEntries(entries);
    };
    fc.assert(
      fc.property(basket, ticketDiscount, taxSettings, (lines, discount, settings) => {
        const back = lines.map((entry) => ({ ...entry, quantity_milli: minor(-entry.quantity_milli) }));
        expect(priced(back, discount, settings)).toEqual(opposite(priced(lines, discount, settings)));
      }),
    );
  });
});
