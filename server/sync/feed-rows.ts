/**
 * The feed after a place, in commit order, each entry with its row as JSON (null: gone, or not for this
 * location). One statement, so that entries and rows are of one moment. Walks the index `feed_order` and joins
 * each entity by its primary key.
 *
 * $1 company, $2 feed_seq to begin after, $3 limit, $4 location
 */
export const FEED_ROWS = `
with page as materialized (
  select feed_seq, entity, key, gone from feed
  where company_id = $1 and feed_seq > $2
  order by feed_seq limit $3
), found as (
  select p.feed_seq, json_build_object(
    'variant_id', v.variant_id, 'sku', v.sku, 'name', v.name, 'unit_price_micro', v.unit_price_micro,
    'category', v.category_code, 'tax_class', v.tax_class_code, 'active', v.active,
    'barcodes', array(select b.code from barcode b
                      where b.company_id = $1 and b.variant_id = v.variant_id order by b.code)) as row
  from page p join variant v on v.company_id = $1 and v.variant_id = p.key::uuid
  where p.entity = 'item'
  union all
  select p.feed_seq, json_build_object('code', d.code, 'name', d.name)
  from page p join department d on d.company_id = $1 and d.code = p.key
  where p.entity = 'department'
  union all
  select p.feed_seq, json_build_object('code', c.code, 'name', c.name, 'department', c.department_code)
  from page p join sales_category c on c.company_id = $1 and c.code = p.key
  where p.entity = 'category'
  union all
  select p.feed_seq, json_build_object('code', t.code, 'name', t.name, 'rates', t.rates)
  from page p join tax_class t on t.company_id = $1 and t.code = p.key
  where p.entity = 'tax_class'
  union all
  select p.feed_seq, json_build_object('code', t.code, 'name', t.name, 'kind', t.kind)
  from page p join payment_type t on t.company_id = $1 and t.code = p.key
  where p.entity = 'payment_type'
  union all
  select p.feed_seq, json_build_object(
    'company_id', l.company_id, 'location_id', l.location_id, 'code', l.code, 'name', l.name,
    'currency', l.currency, 'zone', l.zone, 'day_change_hour', l.day_change_hour,
    'cash_step_minor', l.cash_step_minor, 'denominations', l.denominations,
    'prices_include_tax', l.prices_include_tax, 'tax_rounding', l.tax_rounding)
  from page p join location l on l.company_id = $1 and l.location_id = p.key::uuid and l.location_id = $4
  where p.entity = 'location'
  union all
  select p.feed_seq, json_strip_nulls(json_build_object(
    'user_id', u.user_id, 'name', u.name, 'pin_hash', u.pin_hash, 'active', u.status = 'ACTIVE',
    'permissions', array(
      select distinct rp.permission_code from user_role ur
      join role_permission rp on rp.company_id = ur.company_id and rp.role_code = ur.role_code
      where ur.company_id = $1 and ur.user_id = u.user_id order by rp.permission_code)))
  from page p join app_user u on u.company_id = $1 and u.user_id = p.key::uuid
    and (u.location_id is null or u.location_id = $4)
  where p.entity = 'user'
)
select p.feed_seq, json_build_object('entity', p.entity, 'key', p.key,
  'row', case when p.gone then null else f.row end)::text as change
from page p left join found f using (feed_seq)
order by p.feed_seq`;
