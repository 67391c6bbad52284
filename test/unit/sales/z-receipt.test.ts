import { expect, test } from 'vitest';
import { type ZReport, zReportSchema } from '#shared/sales/day.ts';
import { receiptText } from '#shared/sales/receipt-text.ts';
import { zReceiptOf } from '#shared/sales/z-receipt.ts';
import { somePlace } from './some-receipt.ts';

const ID = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6a7b';
const place = { ...somePlace, opened_by_name: 'Zoë', closed_by_name: 'Ada' };

const z: ZReport = zReportSchema.parse({
  day_id: ID,
  z_number: 12,
  business_date: '2026-07-01',
  currency: 'GBP',
  opened_at: '2026-07-01T07:55:00.000Z',
  closed_at: '2026-07-01T17:10:00.000Z',
  opened_by: ID,
  closed_by: ID,
  sums: {
    sales: 2,
    refunds: 1,
    lines: 5,
    aborted: 1,
    first_number: 41,
    last_number: 43,
    gross_minor: 12_000,
    discount_minor: 500,
    net_minor: 9_583,
    tax_minor: 1_917,
    total_minor: 11_500,
    rounding_minor: 2,
    refunded_minor: -255,
    taxes: [{ code: 'VAT', rate_ppm: 200_000, net_minor: 9_583, tax_minor: 1_917 }],
    tenders: [
      { payment_type: 'CARD', kind: 'card', count: 1, amount_minor: 10_000 },
      { payment_type: 'CASH', kind: 'cash', count: 2, amount_minor: 1_502 },
    ],
  },
  drawer: {
    float_minor: 10_000,
    cash_minor: 1_502,
    expected_minor: 11_502,
    counted_minor: 11_500,
    over_short_minor: -2,
  },
  perpetual_minor: 1_234_500,
  unsent: 4,
});

const text = (report: ZReport) => receiptText(zReceiptOf(report, place), 42);

test('a closing as the bookkeeper reads it', () => {
  expect(text(z)).toBe(`\
               Ёлка & Sons
              Market Street
               Z REPORT 12
------------------------------------------
Business date                   2026-07-01
Till                                Till 1
Opened                    2026-07-01 08:55
  Zoë
Closed                    2026-07-01 18:10
  Ada
Tickets                            41 – 43
------------------------------------------
Sales                                    2
Refunds                                  1
Lines                                    5
Aborted                                  1
Gross                               120.00
Discounts                             5.00
Net                                  95.83
Tax                                  19.17
TOTAL GBP                           115.00
of which refunded                    -2.55
Rounding                              0.02
------------------------------------------
Paid by                  Count      Amount
Debit card                   1      100.00
Cash                         2       15.02
------------------------------------------
Tax                        Net         Tax
VAT 20 %                 95.83       19.17
------------------------------------------
Float                               100.00
Cash taken                           15.02
Expected                            115.02
Counted                             115.00
SHORT                                 0.02
------------------------------------------
Grand total GBP                   12345.00
Not yet sent                             4
`);
});

test('a day without a sale closes too, and what is over is called over', () => {
  const empty = { ...z, sums: { ...z.sums, first_number: null, last_number: null, taxes: [], tenders: [] } };
  expect(text(empty)).toMatch(/Tickets +none/);
  const drawer = { ...z.drawer, over_short_minor: zReportSchema.shape.perpetual_minor.parse(150) };
  expect(text({ ...z, drawer })).toMatch(/OVER +1\.50/);
});
