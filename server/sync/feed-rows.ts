/**
 * Entries of the feed, each with its row as JSON (null: gone, or not for this location). One statement, so that
 * entries and rows are of one moment. Looks each row up by its key: as joins of the page, the planner would
 * rather read a whole catalogue for each page (14,000 rows/s instead of the figure in docs/figures.md).
 *
 * $1 company, $2 feed_seq to begin after, $3 limit, $4 location
 */
const rowsOf = (entries: string): string => `
select feed_seq, json_build_object('entity', entity, 'key', key, 'row', case when not gone then case entity
  when 'item' then (
    select json_build_object('variant_id', v.variant_id, 'sku', v.sku, 'name', v.name,
      'unit_price_micro', v.unit_price_micro, 'category', v.category_code, 'tax_class', v.tax_class_code,
      'active', v.active, 'barcodes', array(
        select b.code from barcode b where b.company_id = $1 and b.variant_id = v.variant_id order by b.code))
    from variant v where v.company_id = $1 and v.variant_id = page.key::uuid)
  when 'department' then (
    select json_build_object('code', d.code, 'name', d.name)
    from department d where d.company_id = $1 and d.code = page.key)
  when 'category' then (
    select json_build_object('code', c.code, 'name', c.name, 'department', c.department_code)
    from sales_category c where c.company_id = $1 and c.code = page.key)
  when 'tax_class' then (
    select json_build_object('code', t.code, 'name', t.name, 'rates', t.rates)
    from tax_class t where t.company_id = $1 and t.code = page.key)
  when 'payment_type' then (
    select json_build_object('code', t.code, 'name', t.name, 'kind', t.kind)
    from payment_type t where t.company_id = $1 and t.code = page.key)
  when 'location' then (
    select json_build_object('company_id', l.company_id, 'company_name', (
        select c.name from company c where c.company_id = $1), 'location_id', l.location_id, 'code', l.code,
      'kind', l.kind, 'name', l.name, 'currency', l.currency, 'zone', l.zone, 'day_change_hour', l.day_change_hour,
      'cash_step_minor', l.cash_step_minor, 'denominations', l.denominations,
      'prices_include_tax', l.prices_include_tax, 'tax_rounding', l.tax_rounding)
    from location l where l.company_id = $1 and l.location_id = page.key::uuid and l.location_id = $4)
  when 'user' then (
    select json_strip_nulls(json_build_object('user_id', u.user_id, 'name', u.name, 'pin_hash', u.pin_hash,
      'active', u.status = 'ACTIVE', 'permissions', array(
        select distinct rp.permission_code from user_role ur
        join role_permission rp on rp.company_id = ur.company_id and rp.role_code = ur.role_code
        where ur.company_id = $1 and ur.user_id = u.user_id order by rp.permission_code)))
    from app_user u where u.company_id = $1 and u.user_id = page.key::uuid
      and u.status <> 'INVITED' and (u.sees = 'company' or exists (
        select from user_location ul where ul.company_id = $1 and ul.user_id = u.user_id and ul.location_id = $4)))
  when 'terminal' then (
    select json_build_object('terminal_id', t.terminal_id, 'code', t.code, 'name', t.name)
    from terminal t where t.company_id = $1 and t.terminal_id = page.key::uuid and t.location_id = $4)
  end end)::text as change
from (select feed_seq, entity, key, gone from feed where company_id = $1 and feed_seq > $2 ${entries}
  order by feed_seq limit $3) page
order by feed_seq`;

/** The feed after a place, in commit order: walks the index `feed_order`. */
export const FEED_ROWS = rowsOf('');

/** Of some entities ($5) alone, what there is. */
export const LIVING_ROWS = rowsOf('and entity = any($5) and not gone');

/** Of some entities ($5) alone, up to a place ($6), what is gone included. For entities that have few rows. */
export const EARLIER_ROWS = rowsOf('and entity = any($5) and feed_seq <= $6');
