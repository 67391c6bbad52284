import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minor, parseMoney, ratePpm, unitPrice } from '#shared/sales/money.ts';
import { type ReceiptContext, receiptOf } from '#shared/sales/receipt.ts';
import type { ReceiptRow } from '#shared/sales/receipt-rows.ts';
import { receiptText } from '#shared/sales/receipt-text.ts';
import type { Ticket } from '#shared/sales/ticket.ts';
import { amountDiscount, basket, percentDiscount, taxSettings } from './arbitrary-tickets.ts';
import { somePlace } from './some-receipt.ts';
import { someTicket } from './some-ticket.ts';

const tenPercent = { kind: 'percent', rate_ppm: ratePpm(100_000) } as const;
const printed = (ticket: Ticket, context: Partial<ReceiptContext> = {}) =>
  receiptText(receiptOf(ticket, { ...somePlace, ...context }), 42);

/** The figures of the rows with a label, in minor units. */
function figures(rows: readonly ReceiptRow[], label: RegExp): number[] {
  return rows.flatMap((row) => {
    if (row.kind !== 'columns' || row.cells.length !== 2 || !label.test(row.cells[0])) return [];
    const read = parseMoney(row.cells[1], someTicket().currency);
    return read.ok ? [read.value] : [];
  });
}
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('a receipt as the customer reads it', () => {
  const ticket = someTicket({
    lines: [
      { name: 'White hanging heart' },
      { name: 'Фонарь', quantity_milli: 3000, discount: tenPercent, note: 'gift wrapped' },
      { name: 'Plums, loose', quantity_milli: 250, unit_price_micro: unitPrice(399_000_000) },
    ],
    discount: amountDiscount(50),
    cash_step: 5,
    tenders: [
      { payment_type: 'CARD', kind: 'card', amount_minor: 300 },
      { payment_type: 'CASH', kind: 'cash', amount_minor: 2000 },
    ],
    rest: { customer: '17850', reference: '536365', note: 'Thank you' },
  });
  expect(printed(ticket)).toBe(`\
               Ёлка & Sons
              Market Street
------------------------------------------
Receipt                  SHOP1-T1-T-000042
Date                      2026-07-01 12:30
Till                                Till 1
Cashier                                Zoë
Customer                             17850
Reference                           536365
------------------------------------------
White hanging heart                   2.55
Фонарь
  3 × 2.55                            7.65
  Discount                           -0.77
  gift wrapped
Plums, loose
  0.25 × 3.99                         1.00
------------------------------------------
Subtotal                             10.43
Discount                             -0.50
TOTAL GBP                             9.93
Rounding                              0.02
To pay                                9.95
Debit card                            3.00
Cash                                 20.00
Change                               13.05
------------------------------------------
Tax included               Net         Tax
VAT 20 %                  8.27        1.66
------------------------------------------
Thank you
------------------------------------------
          SHOP1-T1-T-000042|GBP
9.93|9f86d081884c7d659f86d081884c7d659f86d
       081884c7d659f86d081884c7d65
           9f86 d081 884c 7d65
`);
});

describe('a receipt', () => {
  test('of a refund says so and names the receipt it gives back', () => {
    const refund = someTicket({
      lines: [{ quantity_milli: -1000 }],
      rest: { original: { receipt_number: 'SHOP1-T1-T-000007' } },
    });
    expect(printed(refund)).toContain('REFUND');
    expect(printed(refund)).toMatch(/Original receipt +SHOP1-T1-T-000007/);
    expect(printed(refund)).toMatch(/TOTAL GBP +-2\.55/);
    expect(printed(someTicket())).not.toContain('REFUND');
  });

  test('that is a copy says which, at its head and at its foot', () => {
    expect(printed(someTicket(), { copy: 3 }).match(/COPY 3/g)).toHaveLength(2);
    expect(printed(someTicket())).not.toContain('COPY');
  });

  test('tells the time of the shop, not of the server', () => {
    const tokyo = { location: { company_name: 'Ёлка & Sons', name: 'Ginza', zone: 'Asia/Tokyo' } };
    expect(printed(someTicket(), tokyo)).toMatch(/Date +2026-07-01 20:30/);
  });

  test('bears a QR code with number, total and hash', () => {
    expect(receiptOf(someTicket(), somePlace)).toContainEqual({
      kind: 'qr',
      content: `SHOP1-T1-T-000042|GBP 2.55|${somePlace.ticket_hash}`,
    });
  });

  test('calls a means of payment that is no longer known by its code', () => {
    const ticket = someTicket({ tenders: [{ payment_type: 'CHEQUE', kind: 'account', amount_minor: 255 }] });
    expect(printed(ticket)).toMatch(/CHEQUE +2\.55/);
  });

  test('names every rate with its net amount and its tax, and adds the tax where prices do not include it', () => {
    const text = printed(someTicket({ prices_include_tax: false }));
    expect(text).toMatch(/Net +2\.55\nTax +0\.51\nTOTAL GBP +3\.06/);
    expect(text).toMatch(/VAT 20 % +2\.55 +0\.51/);
  });

  test('shows control characters in a name as what they are not: commands to a printer', () => {
    const text = printed(someTicket({ lines: [{ name: 'A\x1b@B\tC\nD' }] }));
    expect(text).toContain('A\ufffd@B C D');
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test('adds up for whoever checks it with a pencil', () => {
    const discount = fc.option(percentDiscount, { nil: undefined });
    fc.assert(
      fc.property(basket, discount, taxSettings, fc.constantFrom(1, 5), (lines, off, settings, cash_step) => {
        const ticket = someTicket({ lines, ...(off ? { discount: off } : {}), ...settings, cash_step });
        const rows = receiptOf(ticket, somePlace);
        const total = sum(figures(rows, /^TOTAL/));
        const rung = sum([...figures(rows, /^White lantern|×/), ...figures(rows, /^ *Discount$/)]);
        expect(rung + sum(figures(rows, settings.prices_include_tax ? /^$/ : /^Tax$/))).toBe(total);
        const paid = sum(figures(rows, /^Cash$/)) - sum(figures(rows, /^Change$/));
        expect(paid).toBe(total + sum(figures(rows, /^Rounding$/)));
        expect(total).toBe(minor(ticket.total_minor));
      }),
    );
  });
});
