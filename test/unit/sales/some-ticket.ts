import type { Discount } from '#shared/sales/discount.ts';
import { minor, ratePpm, unitPrice } from '#shared/sales/money.ts';
import { settle } from '#shared/sales/tender.ts';
import { type Ticket, ticketSchema } from '#shared/sales/ticket.ts';
import { computeTicket, type PricedLine } from '#shared/sales/ticket-totals.ts';

const ID = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6a7b';
const VAT = { code: 'VAT', rate_ppm: ratePpm(200_000) };

type SomeLine = Partial<PricedLine> & { name?: string; note?: string };
export type SomeTicket = {
  lines?: readonly SomeLine[];
  discount?: Discount;
  prices_include_tax?: boolean;
  tax_rounding?: 'line' | 'ticket';
  cash_step?: number;
  /** Tenders as code, kind and amount; the default pays everything in cash, exactly. */
  tenders?: readonly {
    payment_type: string;
    kind: 'cash' | 'card' | 'voucher' | 'account';
    amount_minor: number;
  }[];
  rest?: Partial<Ticket>;
};

/** A completed ticket whose figures were computed by the same rules as at a till. */
export function someTicket(some: SomeTicket = {}): Ticket {
  const settings = {
    prices_include_tax: some.prices_include_tax ?? true,
    tax_rounding: some.tax_rounding ?? 'line',
  } as const;
  const lines = (some.lines ?? [{}]).map((line, index) => ({
    line_id: `019ab3c4-5d6e-7f80-9a1b-${String(index).padStart(12, '0')}`,
    quantity_milli: 1000,
    unit_price_micro: unitPrice(255_000_000),
    tax_class: 'standard',
    rates: [VAT],
    ...line,
  }));
  const priced = computeTicket(lines, some.discount, settings);
  if (!priced.ok) throw new Error(`cannot be priced: ${priced.error.code}`);
  const { lines: money, ...sums } = priced.value;
  const step = some.cash_step ?? 1;
  const tenders = some.tenders ?? [
    { payment_type: 'CASH', kind: 'cash' as const, amount_minor: Math.round(sums.total_minor / step) * step },
  ];
  const given = tenders.map((tender) => ({ ...tender, amount_minor: minor(tender.amount_minor) }));
  const paid = settle(sums.total_minor, given, step);
  if (!paid.ok) throw new Error(`cannot be settled: ${paid.error.code}`);
  return ticketSchema.parse({
    ticket_id: ID,
    day_id: ID,
    kind: sums.total_minor < 0 ? 'refund' : 'sale',
    series: 'T',
    number: 42,
    receipt_number: 'SHOP1-T1-T-000042',
    opened_at: '2026-07-01T11:29:00.000Z',
    completed_at: '2026-07-01T11:30:00.000Z',
    business_date: '2026-07-01',
    cashier_id: ID,
    currency: 'GBP',
    ...settings,
    lines: lines.map(({ discount: _, rates: __, name, ...line }, index) => ({
      ...line,
      ...money[index],
      line_no: index + 1,
      variant_id: ID,
      sku: `SKU${index + 1}`,
      name: name ?? `White lantern ${index + 1}`,
      category: 'home',
      department: 'house',
    })),
    ...sums,
    tenders: given.map((tender, index) => ({ ...tender, tender_no: index + 1 })),
    ...paid.value,
    perpetual_minor: 100_000,
    ...some.rest,
  });
}
