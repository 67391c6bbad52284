import type { DayId, TerminalId } from '#shared/ids.ts';
import { type DaySums, daySumsSchema } from '#shared/sales/day.ts';
import { rows, type Tx } from '../db.ts';

/**
 * What the server's own rows of a terminal's sales day add up to, to be held against its Z report; undefined where
 * a sum passes 2^53 and can no longer be told exactly.
 */
export async function daySums(tx: Tx, terminalId: TerminalId, dayId: DayId): Promise<DaySums | undefined> {
  const [row] = await rows<{ sums: unknown }>(tx, DAY_SUMS, [tx.company_id, dayId, terminalId]);
  return daySumsSchema.safeParse(row?.sums).data;
}

/**
 * One JSON object in the shape of `daySumsSchema`, so that a sum of any size can leave the database. Change is
 * always cash; it leaves the drawer from the first cash tender's payment type.
 *
 * $1 company, $2 day, $3 terminal; uses `ticket_of_day`, `aborted_of_day` and the primary keys of tax and tender.
 */
const DAY_SUMS = `
with of_day as materialized (
  -- Without the terminal: before its statistics are made the planner would take the index of that, and read it all.
  select * from ticket where company_id = $1 and day_id = $2
), sold as (
  select * from of_day where terminal_id = $3
), totals as (
  select
    count(*) filter (where kind = 'sale') as sales,
    count(*) filter (where kind = 'refund') as refunds,
    coalesce(sum(line_count), 0) as lines,
    (select count(*) from aborted_ticket where company_id = $1 and day_id = $2 and terminal_id = $3) as aborted,
    min(number) as first_number,
    max(number) as last_number,
    coalesce(sum(gross_minor), 0) as gross_minor,
    coalesce(sum(discount_minor), 0) as discount_minor,
    coalesce(sum(net_minor), 0) as net_minor,
    coalesce(sum(tax_minor), 0) as tax_minor,
    coalesce(sum(total_minor), 0) as total_minor,
    coalesce(sum(rounding_minor), 0) as rounding_minor,
    coalesce(sum(total_minor) filter (where kind = 'refund'), 0) as refunded_minor
  from sold
), taxes as (
  select tax_code as code, rate_ppm, sum(x.net_minor) as net_minor, sum(x.tax_minor) as tax_minor
  from sold join ticket_tax x on x.company_id = $1 and x.ticket_id = sold.ticket_id
  group by tax_code, rate_ppm
  order by tax_code collate "C", rate_ppm
), given as (
  select x.payment_type_code, x.kind, x.amount_minor - case
      when x.kind = 'cash' and x.tender_no = min(x.tender_no) filter (where x.kind = 'cash')
        over (partition by x.ticket_id) then sold.change_minor else 0 end as amount_minor
  from sold join tender x on x.company_id = $1 and x.ticket_id = sold.ticket_id
), tenders as (
  select payment_type_code as payment_type, kind, count(*) as count, sum(amount_minor) as amount_minor
  from given group by payment_type_code, kind
  order by payment_type_code collate "C", kind collate "C"
)
select jsonb_build_object(
    'taxes', (select coalesce(json_agg(taxes), '[]') from taxes),
    'tenders', (select coalesce(json_agg(tenders), '[]') from tenders)
  ) || to_jsonb(totals) as sums
from totals`;
