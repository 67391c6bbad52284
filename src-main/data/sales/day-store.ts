import type { Day } from '#shared/contract/till.ts';
import type { DayId } from '#shared/ids.ts';
import type { ZReport } from '#shared/sales/day.ts';
import type { Currency } from '#shared/sales/money.ts';
import type { Ledger } from '../open.ts';
import { refused } from '../refusal.ts';
import { sql } from '../statement.ts';

/** The sales day that is open, with the currency that its drawer is in. */
export type OpenDay = Day & { currency: Currency };

/** A day as it is kept; `z` and what was counted only once it is closed. */
export type StoredDay = OpenDay & {
  state: 'open' | 'closed';
  float_count: string | null;
  counted_minor: number | null;
  z: string | null;
};

const COLUMNS =
  'day_id, state, business_date, currency, opened_at, opened_by, float_minor, float_count, counted_minor, z';
const BY_ID = sql<StoredDay, [string]>(`SELECT ${COLUMNS} FROM day WHERE day_id = ?`);
const OPEN = sql<StoredDay>(`SELECT ${COLUMNS} FROM day WHERE state = 'open'`);
const LAST_CLOSED = sql<{ z_number: number; counted_minor: number }>(
  'SELECT z_number, counted_minor FROM day WHERE z_number IS NOT NULL ORDER BY z_number DESC LIMIT 1',
);
const INSERT = sql<never, [string, string, string, string, string, number, string | null]>(
  `INSERT INTO day (day_id, state, business_date, currency, opened_at, opened_by, float_minor, float_count)
   VALUES (?, 'open', ?, ?, ?, ?, ?, ?)`,
);
const CLOSE = sql<never, [number, number, string, string | null, string | null, string]>(
  `UPDATE day SET state = 'closed', z_number = ?, counted_minor = ?, z = ?, closed_count = ?, reason = ?
   WHERE day_id = ?`,
);

export const dayById = (ledger: Ledger, dayId: DayId): StoredDay | undefined => BY_ID(ledger).get(dayId);

export const openDayOf = (ledger: Ledger): StoredDay | undefined => OPEN(ledger).get();

/** The open day. @throws REFUSED `day_not_open` */
export function requireOpenDay(ledger: Ledger): OpenDay {
  const day = openDayOf(ledger);
  if (!day) throw refused('day_not_open', 'The sales day is not open. Count the drawer and open it first.');
  return day;
}

/** The number of the last Z report and what its drawer counted. */
export const lastClosing = (ledger: Ledger): { z_number: number; counted_minor: number } | undefined =>
  LAST_CLOSED(ledger).get();

/** @param count JSON of the count by denomination, where there is one */
export const insertDay = (ledger: Ledger, day: OpenDay, count: string | null): void => {
  INSERT(ledger).run(
    day.day_id,
    day.business_date,
    day.currency,
    day.opened_at,
    day.opened_by,
    day.float_minor,
    count,
  );
};

/** Marks a day as closed by its Z report; from then on the database refuses any change of it. */
export const storeClosing = (
  ledger: Ledger,
  z: ZReport,
  count: string | null,
  reason: string | null,
): void => {
  CLOSE(ledger).run(z.z_number, z.drawer.counted_minor, JSON.stringify(z), count, reason, z.day_id);
};
