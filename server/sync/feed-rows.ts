/** The variants of a page, as one array: an index is walked once for all of it. */
const ITEMS_OF_PAGE = "any(array(select key::uuid from page where entity = 'item' and not gone))";

/**
 * Entries of the feed, each with its row as JSON (null: gone, or not for this location). One statement, so that
 * entries and rows are of one moment.
 *
 * The items of a page come from one walk over an index and their barcodes from another, which takes 6.3 µs a row of
 * PostgreSQL's own time; to look each item up by its key took 10.3 (100,000 items). The planner has to be kept to it:
 * `IN_INDEX_ORDER`. Of everything else there is little, and each is looked up.
 *
 * $1 company, $2 feed_seq to begin after, $3 limit, $4 location
 */
const rowsOf = (entries: string): string => `
with page as materialized (
  select feed_seq, entity, key, gone from feed where company_id = $1 and feed_seq > $2 ${entries}
  order by feed_seq limit $3),
barcodes as (
  select variant_id, array_agg(code order by code) as codes
  from barcode where company_id = $1 and variant_id = ${ITEMS_OF_PAGE} group by variant_id),
item as (
  select variant_id, row_to_json(here)::text as row
  from (
    select v.variant_id, v.sku, v.name, v.unit_price_micro, v.category_code as category, v.tax_class_code as tax_class,
      v.active, coalesce(b.codes, '{}') as barcodes
    from variant v left join barcodes b using (variant_id)
    where v.company_id = $1 and v.variant_id = ${ITEMS_OF_PAGE}) here)
select feed_seq, concat('{"entity":"', entity, '","key":', to_json(key), ',"row":', coalesce(case when not gone then case entity
  when 'item' then item.row
  when 'department' then (
    select json_build_object('code', d.code, 'name', d.name)
    from department d where d.company_id = $1 and d.code = page.key)::text
  when 'category' then (
    select json_build_object('code', c.code, 'name', c.name, 'department', c.department_code)
    from sales_category c where c.company_id = $1 and c.code = page.key)::text
  when 'tax_class' then (
    select json_build_object('code', t.code, 'name', t.name, 'rates', t.rates)
    from tax_class t where t.company_id = $1 and t.code = page.key)::text
  when 'payment_type' then (
    select json_build_object('code', t.code, 'name', t.name, 'kind', t.kind)
    from payment_type t where t.company_id = $1 and t.code = page.key)::text
  when 'location' then (
    select json_build_object('company_id', l.company_id, 'company_name', (
        select c.name from company c where c.company_id = $1), 'location_id', l.location_id, 'code', l.code,
      'kind', l.kind, 'name', l.name, 'currency', l.currency, 'zone', l.zone, 'day_change_hour', l.day_change_hour,
      'cash_step_minor', l.cash_step_minor, 'denominations', l.denominations,
      'prices_include_tax', l.prices_include_tax, 'tax_rounding', l.tax_rounding)
    from location l where l.company_id = $1 and l.location_id = page.key::uuid and l.location_id = $4)::text
  when 'user' then (
    select json_strip_nulls(json_build_object('user_id', u.user_id, 'name', u.name, 'pin_hash', u.pin_hash,
      'active', u.status = 'ACTIVE', 'permissions', array(
        select distinct rp.permission_code from user_role ur
        join role_permission rp on rp.company_id = ur.company_id and rp.role_code = ur.role_code
        where ur.company_id = $1 and ur.user_id = u.user_id order by rp.permission_code)))
    from app_user u where u.company_id = $1 and u.user_id = page.key::uuid
      and u.status <> 'INVITED' and (u.sees = 'company' or exists (
        select from user_location ul where ul.company_id = $1 and ul.user_id = u.user_id and ul.location_id = $4)))::text
  when 'terminal' then (
    select json_build_object('terminal_id', t.terminal_id, 'code', t.code, 'name', t.name)
    from terminal t where t.company_id = $1 and t.terminal_id = page.key::uuid and t.location_id = $4)::text
  end end, 'null'), '}') as change
from page left join item on page.entity = 'item' and page.key = item.variant_id::text
order by feed_seq`;

/** The feed after a place, in commit order: walks the index `feed_order`. */
export const FEED_ROWS = rowsOf('');

/** Of some entities ($5) alone, what there is. */
export const LIVING_ROWS = rowsOf('and entity = any($5) and not gone');

/** Of some entities ($5) alone, up to a place ($6), what is gone included. For entities that have few rows. */
export const EARLIER_ROWS = rowsOf('and entity = any($5) and feed_seq <= $6');
