import fc from 'fast-check';
import type { Discount } from '#shared/sales/discount.ts';
import { minor, ratePpm, unitPrice } from '#shared/sales/money.ts';
import type { TaxRate, TaxSettings } from '#shared/sales/tax.ts';
import type { PricedLine } from '#shared/sales/ticket-totals.ts';

/** Tax classes as different countries know them: no tax, one rate, a fine rate, two rates side by side. */
const TAX_CLASSES: readonly { code: string; rates: TaxRate[] }[] = [
  { code: 'exempt', rates: [] },
  { code: 'zero', rates: [{ code: 'VAT', rate_ppm: ratePpm(0) }] },
  { code: 'reduced', rates: [{ code: 'VAT', rate_ppm: ratePpm(50_000) }] },
  { code: 'standard', rates: [{ code: 'VAT', rate_ppm: ratePpm(200_000) }] },
  { code: 'new york', rates: [{ code: 'NYC', rate_ppm: ratePpm(88_750) }] },
  {
    code: 'quebec',
    rates: [
      { code: 'GST', rate_ppm: ratePpm(50_000) },
      { code: 'QST', rate_ppm: ratePpm(99_750) },
    ],
  },
];

export const taxSettings: fc.Arbitrary<TaxSettings> = fc.record({
  prices_include_tax: fc.boolean(),
  tax_rounding: fc.constantFrom('line', 'ticket'),
});

export const percentDiscount: fc.Arbitrary<Discount> = fc
  .integer({ min: 0, max: 1_000_000 })
  .map((ppm) => ({ kind: 'percent', rate_ppm: ratePpm(ppm) }));

export const EVERYTHING: Discount = { kind: 'percent', rate_ppm: ratePpm(1_000_000) };

export const amountDiscount = (amount: number): Discount => ({ kind: 'amount', amount_minor: minor(amount) });

/** Whole pieces mostly, weighed goods sometimes, now and then something that comes back. */
const quantity = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 100 }).map((pieces) => pieces * 1000) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 50_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -20_000, max: 0 }) },
);

/** Prices in pence mostly, wholesale prices finer than that, zero and negative ones. */
const price = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 50_000 }).map((pence) => unitPrice(pence * 1_000_000)) },
  { weight: 2, arbitrary: fc.integer({ min: -1_000_000_000, max: 5_000_000_000 }).map(unitPrice) },
  { weight: 1, arbitrary: fc.constant(unitPrice(0)) },
);

const pricedLine = (goods: {
  quantity: fc.Arbitrary<number>;
  discount: fc.Arbitrary<Discount | undefined>;
}) =>
  fc
    .record({
      line_id: fc.uuid(),
      quantity_milli: goods.quantity,
      unit_price_micro: price,
      tax: fc.constantFrom(...TAX_CLASSES),
      discount: goods.discount,
    })
    .map(({ tax, ...line }): PricedLine => ({ ...line, tax_class: tax.code, rates: tax.rates }));

/** A basket as a till may hold it: up to a dozen lines of mixed classes, some with a discount. */
export const basket: fc.Arbitrary<PricedLine[]> = fc.uniqueArray(
  pricedLine({ quantity, discount: fc.option(percentDiscount, { nil: undefined }) }),
  { minLength: 1, maxLength: 12, selector: (line) => line.line_id },
);

/** The same numbers in another order, as a permutation of 0..length-1. */
export const shuffled = <Entry>(entries: readonly Entry[]): fc.Arbitrary<Entry[]> =>
  fc.shuffledSubarray([...entries], { minLength: entries.length });
