import type { DayId } from '#shared/ids.ts';
import { type DaySums, daySumsSchema } from '#shared/sales/day.ts';
import type { Ledger } from '../open.ts';
import { sql } from '../statement.ts';

const SUMS = sql<Omit<DaySums, 'taxes' | 'tenders' | 'lines' | 'aborted'>, [string]>(
  `SELECT count(*) FILTER (WHERE kind = 'sale') AS sales,
          count(*) FILTER (WHERE kind = 'refund') AS refunds,
          min(number) AS first_number,
          max(number) AS last_number,
          coalesce(sum(gross_minor), 0) AS gross_minor,
          coalesce(sum(discount_minor), 0) AS discount_minor,
          coalesce(sum(net_minor), 0) AS net_minor,
          coalesce(sum(tax_minor), 0) AS tax_minor,
          coalesce(sum(total_minor), 0) AS total_minor,
          coalesce(sum(rounding_minor), 0) AS rounding_minor,
          coalesce(sum(total_minor) FILTER (WHERE kind = 'refund'), 0) AS refunded_minor
   FROM ticket WHERE day_id = ?`,
);
const LINES = sql<{ lines: number }, [string]>(
  'SELECT count(*) AS lines FROM ticket JOIN ticket_line USING (seq) WHERE day_id = ?',
);
const ABORTED = sql<{ aborted: number }, [string]>(
  'SELECT count(*) AS aborted FROM ticket_aborted WHERE day_id = ?',
);
const TAXES = sql<DaySums['taxes'][number], [string]>(
  `SELECT code, rate_ppm, sum(tax.net_minor) AS net_minor, sum(tax.tax_minor) AS tax_minor
   FROM ticket JOIN ticket_tax AS tax USING (seq) WHERE day_id = ?
   GROUP BY code, rate_ppm ORDER BY code, rate_ppm`,
);
const TENDERS = sql<DaySums['tenders'][number], [string]>(
  `SELECT payment_type, tender.kind, count(*) AS count, sum(amount_minor) AS amount_minor
   FROM ticket JOIN tender USING (seq) WHERE day_id = ?
   GROUP BY payment_type, tender.kind ORDER BY payment_type, tender.kind`,
);

/** What the tickets of a day add up to, by this till's own rows. */
export function daySums(ledger: Ledger, dayId: DayId): DaySums {
  return daySumsSchema.parse({
    ...SUMS(ledger).get(dayId),
    ...LINES(ledger).get(dayId),
    ...ABORTED(ledger).get(dayId),
    taxes: TAXES(ledger).all(dayId),
    tenders: TENDERS(ledger).all(dayId),
  });
}
