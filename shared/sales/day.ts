import { z } from 'zod';
import { dayIdSchema, userIdSchema } from '../ids.ts';
import { codeSchema } from '../text.ts';
import { currencySchema, type Minor, minor, minorSchema } from './money.ts';
import { exactSum } from './rounding.ts';
import { tenderKindSchema } from './tender.ts';
import { ticketTaxSchema } from './ticket.ts';
import { dateSchema, instantSchema } from './zone.ts';

/** A drawer counted by note and coin: how many of each denomination (minor units). */
export const cashCountSchema = z
  .array(z.strictObject({ denomination_minor: z.int().min(1), pieces: z.int().min(0).max(1_000_000) }))
  .max(40);
export type CashCount = z.infer<typeof cashCountSchema>;

export const countedTotal = (count: CashCount): Minor =>
  minor(count.reduce((sum, entry) => sum + entry.denomination_minor * entry.pieces, 0));

/** What all completed tickets of one sales day add up to. Till and server each compute it from their rows. */
export const daySumsSchema = z.strictObject({
  sales: z.int().min(0),
  refunds: z.int().min(0),
  lines: z.int().min(0),
  aborted: z.int().min(0),
  first_number: z.int().min(1).nullable(),
  last_number: z.int().min(1).nullable(),
  gross_minor: minorSchema,
  discount_minor: minorSchema,
  net_minor: minorSchema,
  tax_minor: minorSchema,
  total_minor: minorSchema,
  rounding_minor: minorSchema,
  /** The part of `total_minor` that refund tickets make; negative or 0. */
  refunded_minor: minorSchema,
  /** Per rate, ordered by code and rate. */
  taxes: z.array(ticketTaxSchema),
  /** Per payment type, ordered by code; amounts are net of change. */
  tenders: z.array(
    z.strictObject({
      payment_type: codeSchema,
      kind: tenderKindSchema,
      count: z.int().min(0),
      amount_minor: minorSchema,
    }),
  ),
});
export type DaySums = z.infer<typeof daySumsSchema>;

/** The drawer at the end of a day: what should be in it, what was counted, and the difference. */
const drawerSchema = z.strictObject({
  float_minor: minorSchema,
  cash_minor: minorSchema,
  expected_minor: minorSchema,
  counted_minor: minorSchema,
  over_short_minor: minorSchema,
});
export type Drawer = z.infer<typeof drawerSchema>;

/** Expected cash = float + cash taken − change − cash refunded (the tenders are already net of change). */
export function balanceDrawer(float: Minor, sums: DaySums, counted: Minor): Drawer {
  const cash = exactSum(
    sums.tenders.filter((tender) => tender.kind === 'cash').map((tender) => tender.amount_minor),
  );
  const expected = float + cash;
  return {
    float_minor: float,
    cash_minor: minor(cash),
    expected_minor: minor(expected),
    counted_minor: counted,
    over_short_minor: minor(counted - expected),
  };
}

/**
 * The Z report: the closing of one sales day. `z_number` counts up per terminal and is never reset; the
 * perpetual total is the terminal's grand total since its enrolment.
 */
export const zReportSchema = z.strictObject({
  day_id: dayIdSchema,
  z_number: z.int().min(1),
  business_date: dateSchema,
  currency: currencySchema,
  opened_at: instantSchema,
  closed_at: instantSchema,
  opened_by: userIdSchema,
  closed_by: userIdSchema,
  sums: daySumsSchema,
  drawer: drawerSchema,
  perpetual_minor: minorSchema,
  /** Operations that waited to be sent when the day was closed, this closing not counted. */
  unsent: z.int().min(0),
});
export type ZReport = z.infer<typeof zReportSchema>;
