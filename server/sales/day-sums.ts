import type { DayId } from '#shared/ids.ts';
import { type DaySums, daySumsSchema } from '#shared/sales/day.ts';
import { rows, type Tx } from '../db.ts';

/** What the server's own rows of a sales day add up to, to be held against the terminal's Z report. */
export async function daySums(tx: Tx, dayId: DayId): Promise<DaySums> {
  const [totals] = await rows(
    tx,
    `select
       count(*) filter (where kind = 'sale')::integer as sales,
       count(*) filter (where kind = 'refund')::integer as refunds,
       coalesce(sum(line_count), 0)::integer as lines,
       (select count(*)::integer from aborted_ticket where company_id = $1 and day_id = $2) as aborted,
       min(number) as first_number,
       max(number) as last_number,
       coalesce(sum(gross_minor), 0)::bigint as gross_minor,
       coalesce(sum(discount_minor), 0)::bigint as discount_minor,
       coalesce(sum(net_minor), 0)::bigint as net_minor,
       coalesce(sum(tax_minor), 0)::bigint as tax_minor,
       coalesce(sum(total_minor), 0)::bigint as total_minor,
       coalesce(sum(rounding_minor), 0)::bigint as rounding_minor,
       coalesce(sum(total_minor) filter (where kind = 'refund'), 0)::bigint as refunded_minor
     from ticket where company_id = $1 and day_id = $2`,
    [tx.company_id, dayId],
  );
  const taxes = await rows(
    tx,
    `select tax_code as code, rate_ppm, sum(x.net_minor)::bigint as net_minor, sum(x.tax_minor)::bigint as tax_minor
     from ticket t join ticket_tax x using (company_id, ticket_id)
     where t.company_id = $1 and t.day_id = $2
     group by tax_code, rate_ppm
     order by tax_code collate "C", rate_ppm`,
    [tx.company_id, dayId],
  );
  // Change is always cash; it leaves the drawer from the first cash tender's payment type.
  const tenders = await rows(
    tx,
    `with given as (
       select x.payment_type_code, x.kind, x.amount_minor - case
           when x.kind = 'cash' and x.tender_no = min(x.tender_no) filter (where x.kind = 'cash')
             over (partition by x.ticket_id) then t.change_minor else 0 end as amount_minor
       from ticket t join tender x using (company_id, ticket_id)
       where t.company_id = $1 and t.day_id = $2
     )
     select payment_type_code as payment_type, kind, count(*)::integer as count,
       sum(amount_minor)::bigint as amount_minor
     from given group by payment_type_code, kind
     order by payment_type_code collate "C", kind collate "C"`,
    [tx.company_id, dayId],
  );
  return daySumsSchema.parse({ ...totals, taxes, tenders });
}
