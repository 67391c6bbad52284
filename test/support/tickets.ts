import { v7 as uuid } from 'uuid';
import type { EnrolReply } from '#shared/contract/central.ts';
import {
  type DayId,
  dayIdSchema,
  lineIdSchema,
  ticketIdSchema,
  type UserId,
  variantIdSchema,
} from '#shared/ids.ts';
import { balanceDrawer, type DaySums } from '#shared/sales/day.ts';
import { minor, ratePpm, unitPrice } from '#shared/sales/money.ts';
import type { DayClosed, DayOpened, TicketCompleted } from '#shared/sales/operations.ts';
import { settle } from '#shared/sales/tender.ts';
import { receiptNumber, type Ticket } from '#shared/sales/ticket.ts';
import { computeTicket } from '#shared/sales/ticket-totals.ts';
import { milli } from '#shared/stock/quantity.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { GENESIS, linkHash } from '#shared/sync/chain.ts';
import { sha256 } from '../../server/sync/received.ts';

const VAT = [{ code: 'VAT20', rate_ppm: ratePpm(200_000) }];
const DATE = '2026-03-02';

/** A shift at one drawer, as a terminal would compute it: tickets that are right down to their chain. */
export type Shift = {
  readonly day_id: DayId;
  readonly opened: DayOpened;
  readonly ticket: (options?: TicketOptions) => TicketCompleted;
  readonly closed: (counted?: number) => DayClosed;
  /** The same shift on a copy of the terminal's disk: both go on from here, each by itself. */
  readonly copy: () => Shift;
};

type TicketOptions = {
  readonly lines?: readonly { variant_id?: string; quantity?: number; price?: number }[];
  readonly kind?: Ticket['kind'];
  /** What the ticket says instead; it is linked as it then is. */
  readonly change?: Partial<Ticket>;
};

export function shift(
  enrolment: Pick<EnrolReply, 'location' | 'terminal_code'>,
  user: UserId,
  float = 10_000,
  past = { dayId: dayIdSchema.parse(uuid()), tickets: [] as Ticket[], last: GENESIS, perpetual: 0 },
): Shift {
  const { dayId } = past;
  const { location } = enrolment;
  const currency = location.currency;
  const tickets = [...past.tickets];
  let { last, perpetual } = past;
  const opened: DayOpened = { day_id: dayId, business_date: DATE, currency, float_minor: minor(float) };

  const ticket = ({
    lines = [{}, {}, {}, {}],
    kind = 'sale',
    change = {},
  }: TicketOptions = {}): TicketCompleted => {
    const priced = lines.map((line) => ({
      line_id: lineIdSchema.parse(uuid()),
      variant_id: variantIdSchema.parse(line.variant_id ?? uuid()),
      quantity_milli: milli((kind === 'refund' ? -1000 : 1000) * (line.quantity ?? 1)),
      unit_price_micro: unitPrice((line.price ?? 255) * 1_000_000),
      tax_class: 'STD',
      rates: VAT,
    }));
    const computed = computeTicket(priced, undefined, location);
    if (!computed.ok) throw new Error(computed.error.code);
    const { lines: money, ...totals } = computed.value;
    const tenders = [
      { tender_no: 1, payment_type: 'CASH', kind: 'cash' as const, amount_minor: totals.total_minor },
    ];
    const settled = settle(totals.total_minor, tenders, location.cash_step_minor);
    if (!settled.ok) throw new Error(settled.error.code);
    perpetual += totals.total_minor;
    const made: Ticket = {
      ticket_id: ticketIdSchema.parse(uuid()),
      day_id: dayId,
      kind,
      series: 'T',
      number: tickets.length + 1,
      receipt_number: receiptNumber(location.code, enrolment.terminal_code, 'T', tickets.length + 1),
      opened_at: new Date().toISOString(),
      completed_at: new Date().toISOString(),
      business_date: DATE,
      cashier_id: user,
      currency,
      prices_include_tax: location.prices_include_tax,
      tax_rounding: location.tax_rounding,
      lines: priced.map(({ rates: _, ...line }, index) => ({
        line_no: index + 1,
        ...line,
        sku: `SKU-${index}`,
        name: 'Lantern, white metal',
        category: 'UNSORTED',
        department: 'GENERAL',
        ...(money[index] as (typeof money)[number]),
      })),
      tenders,
      ...totals,
      ...settled.value,
      perpetual_minor: minor(perpetual),
      ...change,
    };
    const ticket_prev_hash = last;
    last = linkHash(last, canonicalJson(made), sha256);
    tickets.push(made);
    return { ticket: made, ticket_prev_hash, ticket_hash: last };
  };

  const closed = (counted?: number): DayClosed => {
    const sums = sumsOf(tickets);
    const expected = balanceDrawer(minor(float), sums, minor(0)).expected_minor;
    return {
      z: {
        day_id: dayId,
        z_number: 1,
        business_date: DATE,
        currency,
        opened_at: new Date().toISOString(),
        closed_at: new Date().toISOString(),
        opened_by: user,
        closed_by: user,
        sums,
        drawer: balanceDrawer(minor(float), sums, minor(counted ?? expected)),
        perpetual_minor: minor(perpetual),
        unsent: 0,
      },
    };
  };
  const copy = () => shift(enrolment, user, float, { dayId, tickets, last, perpetual });
  return { day_id: dayId, opened, ticket, closed, copy };
}

/** The sums of a day in plain JavaScript: an oracle for the SQL of till and server. */
function sumsOf(tickets: readonly Ticket[]): DaySums {
  const total = (of: (ticket: Ticket) => number) => minor(tickets.reduce((sum, entry) => sum + of(entry), 0));
  const taxes = tickets.flatMap((entry) => entry.taxes);
  const rates = [...new Set(taxes.map((tax) => tax.code))].sort();
  const tenders = tickets.flatMap((entry) => entry.tenders);
  const types = [...new Set(tenders.map((tender) => tender.payment_type))].sort();
  return {
    sales: tickets.filter((entry) => entry.kind === 'sale').length,
    refunds: tickets.filter((entry) => entry.kind === 'refund').length,
    lines: total((entry) => entry.lines.length),
    aborted: 0,
    first_number: tickets[0]?.number ?? null,
    last_number: tickets.at(-1)?.number ?? null,
    gross_minor: total((entry) => entry.gross_minor),
    discount_minor: total((entry) => entry.discount_minor),
    net_minor: total((entry) => entry.net_minor),
    tax_minor: total((entry) => entry.tax_minor),
    total_minor: total((entry) => entry.total_minor),
    rounding_minor: total((entry) => entry.rounding_minor),
    refunded_minor: total((entry) => (entry.kind === 'refund' ? entry.total_minor : 0)),
    taxes: rates.map((code) => {
      const own = taxes.filter((tax) => tax.code === code);
      return {
        code,
        rate_ppm: own[0]?.rate_ppm ?? ratePpm(0),
        net_minor: minor(own.reduce((sum, tax) => sum + tax.net_minor, 0)),
        tax_minor: minor(own.reduce((sum, tax) => sum + tax.tax_minor, 0)),
      };
    }),
    tenders: types.map((type) => {
      const own = tenders.filter((tender) => tender.payment_type === type);
      const kind = own[0]?.kind ?? 'cash';
      const change = kind === 'cash' ? total((entry) => entry.change_minor) : 0;
      return {
        payment_type: type,
        kind,
        count: own.length,
        amount_minor: minor(own.reduce((sum, tender) => sum + tender.amount_minor, 0) - change),
      };
    }),
  };
}
