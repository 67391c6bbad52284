import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minor } from '#shared/sales/money.ts';
import { type Ticket, ticketSchema } from '#shared/sales/ticket.ts';
import { ticketFaults } from '#shared/sales/ticket-check.ts';
import { basket, percentDiscount, taxSettings } from './arbitrary-tickets.ts';
import { someTicket } from './some-ticket.ts';

describe('a ticket whose figures agree', () => {
  test('has no fault, whatever was sold, discounted, taxed and rounded', () => {
    const discount = fc.option(percentDiscount, { nil: undefined });
    fc.assert(
      fc.property(basket, discount, taxSettings, fc.constantFrom(1, 5), (lines, off, settings, cash_step) => {
        const ticket = someTicket({ lines, ...(off ? { discount: off } : {}), ...settings, cash_step });
        expect(ticketFaults(ticket)).toEqual([]);
      }),
    );
  });
});

describe('a ticket whose figures were bent', () => {
  const ticket = someTicket({
    lines: [{}, { quantity_milli: 3000 }],
    tenders: [{ payment_type: 'CASH', kind: 'cash', amount_minor: 2000 }],
  });
  const plus = (amount: number) => minor(amount + 1);
  const first = ticket.lines[0];
  if (first === undefined) throw new Error('no line');
  const withFirst = (change: Partial<typeof first>): Ticket => ({
    ...ticket,
    lines: [{ ...first, ...change }, ...ticket.lines.slice(1)],
  });

  test.each([
    [
      'a line that does not add up',
      withFirst({ gross_minor: plus(first.gross_minor) }),
      ['line_total', 'ticket_total'],
    ],
    [
      'a total that is not the sum of the lines',
      { ...ticket, total_minor: plus(ticket.total_minor) },
      ['ticket_total', 'tender_total'],
    ],
    ['a discount nobody gave', { ...ticket, discount_minor: minor(1) }, ['ticket_total']],
    ['tax that no rate explains', { ...ticket, taxes: [] }, ['tax_total']],
    ['a tender that vanished', { ...ticket, tenders: [] }, ['tender_total']],
    ['change that was kept', { ...ticket, change_minor: plus(ticket.change_minor) }, ['tender_total']],
    ['rounding from nowhere', { ...ticket, rounding_minor: minor(1) }, ['tender_total']],
    ['line numbers with a gap', withFirst({ line_no: 3 }), ['line_numbers']],
    ['lines in another order', { ...ticket, lines: [...ticket.lines].reverse() }, ['line_numbers']],
  ])('%s is named', (_, bent, faults) => {
    expect(ticketFaults(bent)).toEqual(faults);
  });

  test('figures too large to be added are a fault and never stop the server', () => {
    const huge = minor(Number.MAX_SAFE_INTEGER);
    const line = { ...first, gross_minor: huge, net_minor: huge, tax_minor: huge };
    const bent = ticketSchema.parse({ ...ticket, lines: [line, { ...line, line_no: 2 }] });
    expect(ticketFaults(bent)).toEqual(['line_total', 'ticket_total']);
  });
});

test('a receipt without lines, with a foreign field or a fraction of a penny is not a ticket', () => {
  const ticket = someTicket();
  expect(ticketSchema.safeParse({ ...ticket, lines: [] }).success).toBe(false);
  expect(ticketSchema.safeParse({ ...ticket, loyalty: 1 }).success).toBe(false);
  expect(ticketSchema.safeParse({ ...ticket, total_minor: 2.5 }).success).toBe(false);
});
