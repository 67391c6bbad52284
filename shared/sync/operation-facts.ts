import { z } from 'zod';
import { type Minor, minor, minorSchema } from '../sales/money.ts';
import type { DayClosed } from '../sales/operations.ts';
import type { Ticket } from '../sales/ticket.ts';
import type { StockAdjusted } from '../stock/operations.ts';
import { milliSchema } from '../stock/quantity.ts';
import { readBody } from './kind-versions.ts';
import { type BodyOf, isOperationKind, OPERATION_KINDS, type OperationKind } from './operation.ts';

/** An amount of an operation, in minor units of its currency. */
const amountSchema = z.strictObject({
  of: z.enum([
    'total',
    'net',
    'tax',
    'discount',
    'rounding',
    'change',
    'float',
    'expected',
    'counted',
    'difference',
  ]),
  minor: minorSchema,
});
type Amount = z.infer<typeof amountSchema>;

/** What an operation tells of goods and money, in the same shape for every kind. */
export const operationFactsSchema = z.strictObject({
  receipt_number: z.string().nullable(),
  business_date: z.string().nullable(),
  currency: z.string().nullable(),
  /** The most telling one first. */
  amounts: z.array(amountSchema),
  lines: z.array(
    z.strictObject({
      name: z.string(),
      sku: z.string(),
      quantity_milli: milliSchema,
      /** As it was paid: after discounts, with the tax that its price contains. Null where the line has no price. */
      amount_minor: minorSchema.nullable(),
    }),
  ),
  tenders: z.array(z.strictObject({ payment_type: z.string(), minor: minorSchema })),
  /** What people gave as the reason, or noted. */
  reason: z.string().nullable(),
});
export type OperationFacts = z.infer<typeof operationFactsSchema>;

const NOTHING: OperationFacts = {
  receipt_number: null,
  business_date: null,
  currency: null,
  amounts: [],
  lines: [],
  tenders: [],
  reason: null,
};

/** A kind with a body that was checked against it. */
type Told = { [Kind in OperationKind]: { kind: Kind; body: BodyOf<Kind> } }[OperationKind];

const toldSchema = z.object({ kind: z.string(), kind_version: z.int().min(1), body: z.unknown() });

/** The facts of an operation as it came; null where this version cannot read its kind or its body. */
export function readFacts(raw: unknown): OperationFacts | null {
  const envelope = toldSchema.safeParse(raw);
  if (!envelope.success || !isOperationKind(envelope.data.kind)) return null;
  const { kind, kind_version, body } = envelope.data;
  const read = readBody<z.ZodType>(OPERATION_KINDS[kind], kind_version, body);
  return read.is === 'body' ? factsOf({ kind, body: read.body } as Told) : null;
}

/** The facts of an operation whose body has been checked. */
function factsOf({ kind, body }: Told): OperationFacts {
  switch (kind) {
    case 'ticket.completed':
      return factsOfTicket(body.ticket);
    case 'ticket.aborted':
      return { ...NOTHING, amounts: [amount('total', body.total_minor)], reason: body.reason };
    case 'day.opened': {
      const { business_date, currency, float_minor } = body;
      return { ...NOTHING, business_date, currency, amounts: [amount('float', float_minor)] };
    }
    case 'day.closed':
      return factsOfClosing(body);
    case 'stock.adjusted':
      return { ...NOTHING, reason: body.reason, lines: body.lines.map(lineOfAdjustment) };
    case 'exception.accepted':
    case 'exception.corrected':
      return { ...NOTHING, reason: body.note };
    case 'clock.jumped':
      return NOTHING;
    default:
      return kind satisfies never;
  }
}

function factsOfTicket(ticket: Ticket): OperationFacts {
  const { receipt_number, business_date, currency, lines, tenders, note } = ticket;
  return {
    ...{ receipt_number, business_date, currency },
    amounts: [
      amount('total', ticket.total_minor),
      amount('discount', ticket.discount_minor),
      amount('net', ticket.net_minor),
      amount('tax', ticket.tax_minor),
      amount('rounding', ticket.rounding_minor),
      amount('change', ticket.change_minor),
    ],
    lines: lines.map((line) => ({
      ...{ name: line.name, sku: line.sku, quantity_milli: line.quantity_milli },
      amount_minor: exact(line.gross_minor - line.line_discount_minor - line.ticket_discount_minor),
    })),
    tenders: tenders.map(({ payment_type, amount_minor }) => ({ payment_type, minor: amount_minor })),
    reason: note ?? null,
  };
}

function factsOfClosing({ z: report, reason }: DayClosed): OperationFacts {
  const { business_date, currency, sums, drawer } = report;
  return {
    ...NOTHING,
    ...{ business_date, currency },
    amounts: [
      amount('counted', drawer.counted_minor),
      amount('expected', drawer.expected_minor),
      amount('difference', drawer.over_short_minor),
      amount('total', sums.total_minor),
      amount('net', sums.net_minor),
      amount('tax', sums.tax_minor),
    ],
    tenders: sums.tenders.map(({ payment_type, amount_minor }) => ({ payment_type, minor: amount_minor })),
    reason: reason ?? null,
  };
}

/** What was set aside may tell of amounts that cannot be added up. */
const exact = (sum: number): Minor | null => (Number.isSafeInteger(sum) ? minor(sum) : null);

const amount = (of: Amount['of'], value: Minor): Amount => ({ of, minor: value });

const lineOfAdjustment = ({ sku, quantity_milli }: StockAdjusted['lines'][number]) => ({
  ...{ name: sku, sku, quantity_milli },
  amount_minor: null,
});
