-- Sales as terminals reported them. Facts are never refused, so they name lookups and people without a
-- foreign key (docs/adr/0005): what is unknown is stored and flagged, and no insert locks a lookup row.

create table payment_type (
  company_id uuid not null references company,
  code text not null check (length(code) between 1 and 150),
  name text not null check (length(name) between 1 and 100),
  kind text not null check (kind in ('cash', 'card', 'voucher', 'account')),
  version integer not null default 1,
  primary key (company_id, code)
);
call isolate('payment_type');
grant select, insert, update (name, kind), delete on payment_type to tilldock_app;
create trigger payment_type_version before update on payment_type for each row execute function bump_version();
call feed_from('payment_type', 'payment_type', 'code');

-- What one unit of a currency bought of another from a date on, in billionths.
create table exchange_rate (
  company_id uuid not null,
  from_currency text not null,
  to_currency text not null,
  valid_from date not null,
  rate_nano bigint not null check (rate_nano > 0),
  version integer not null default 1,
  primary key (company_id, from_currency, to_currency, valid_from),
  constraint exchange_rate_from foreign key (company_id, from_currency) references company_currency,
  constraint exchange_rate_to foreign key (company_id, to_currency) references company_currency,
  check (from_currency <> to_currency)
);
call isolate('exchange_rate');
grant select, insert, update (rate_nano), delete on exchange_rate to tilldock_app;
create trigger exchange_rate_version before update on exchange_rate for each row execute function bump_version();

create table sales_day (
  company_id uuid not null,
  day_id uuid not null,
  terminal_id uuid not null,
  location_id uuid not null,
  business_date date not null,
  currency text not null,
  opened_at timestamptz not null,
  opened_by uuid not null,
  float_minor bigint not null,
  closed_at timestamptz,
  closed_by uuid,
  -- the terminal's Z report, as it was printed
  z jsonb,
  z_agrees boolean,
  primary key (company_id, day_id),
  check ((closed_at is null) = (z is null) and (z is null) = (z_agrees is null))
);
-- A user and a terminal each have at most one open day; a second one, opened offline, is stored and flagged by
-- the server, which finds it through this index.
create index open_day on sales_day (company_id, opened_by, terminal_id) where closed_at is null;
call isolate('sales_day');
grant select, insert, update (closed_at, closed_by, z, z_agrees) on sales_day to tilldock_app;

create table ticket (
  company_id uuid not null,
  ticket_id uuid not null,
  day_id uuid not null,
  terminal_id uuid not null,
  location_id uuid not null,
  kind text not null,
  series text not null,
  number bigint not null,
  receipt_number text not null,
  completed_at timestamptz not null,
  business_date date not null,
  cashier_id uuid not null,
  approver_id uuid,
  currency text not null,
  gross_minor bigint not null,
  discount_minor bigint not null,
  net_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  rounding_minor bigint not null,
  change_minor bigint not null,
  line_count integer not null,
  hash text not null,
  primary key (company_id, ticket_id)
);
create index ticket_of_day on ticket (company_id, day_id);
create index ticket_by_number on ticket (company_id, terminal_id, series, number);
create index ticket_of_location on ticket (company_id, location_id, business_date);
call isolate('ticket');
grant select, insert on ticket to tilldock_app;

-- Lines and tenders repeat their ticket's date and location, which never change: so that what was sold under a
-- category, and taken as a payment type, is read from one index in the order it is shown in. The two indexes cost about
-- a tenth of what bare inserts reach (9,400 tickets of four lines a second without them, 8,500 with).
create table ticket_line (
  company_id uuid not null,
  ticket_id uuid not null,
  business_date date not null,
  location_id uuid not null,
  line_no integer not null,
  line_id uuid not null,
  variant_id uuid not null,
  sku text not null,
  name text not null,
  category_code text not null,
  department_code text not null,
  tax_class_code text not null,
  quantity_milli bigint not null,
  unit_price_micro bigint not null,
  list_price_micro bigint,
  gross_minor bigint not null,
  line_discount_minor bigint not null,
  ticket_discount_minor bigint not null,
  net_minor bigint not null,
  tax_minor bigint not null,
  note text,
  primary key (company_id, ticket_id, line_no)
);
create index line_of_category on ticket_line (company_id, category_code, business_date, ticket_id, line_no)
  include (location_id);
call isolate('ticket_line');
grant select, insert on ticket_line to tilldock_app;

create table ticket_tax (
  company_id uuid not null,
  ticket_id uuid not null,
  tax_code text not null,
  rate_ppm integer not null,
  net_minor bigint not null,
  tax_minor bigint not null,
  primary key (company_id, ticket_id, tax_code, rate_ppm)
);
call isolate('ticket_tax');
grant select, insert on ticket_tax to tilldock_app;

create table tender (
  company_id uuid not null,
  ticket_id uuid not null,
  business_date date not null,
  location_id uuid not null,
  tender_no integer not null,
  payment_type_code text not null,
  kind text not null,
  amount_minor bigint not null,
  reference text,
  primary key (company_id, ticket_id, tender_no)
);
create index tender_of_type on tender (company_id, payment_type_code, business_date, ticket_id, tender_no)
  include (location_id);
call isolate('tender');
grant select, insert on tender to tilldock_app;

create table aborted_ticket (
  company_id uuid not null,
  ticket_id uuid not null,
  day_id uuid not null,
  terminal_id uuid not null,
  lines integer not null,
  total_minor bigint not null,
  reason text not null,
  primary key (company_id, ticket_id)
);
create index aborted_of_day on aborted_ticket (company_id, day_id);
call isolate('aborted_ticket');
grant select, insert on aborted_ticket to tilldock_app;

-- Where each terminal's numbered chains stand.
create table ticket_series (
  company_id uuid not null,
  terminal_id uuid not null,
  series text not null,
  last_number bigint not null,
  last_hash text not null,
  primary key (company_id, terminal_id, series)
);
call isolate('ticket_series');
grant select, insert, update (last_number, last_hash) on ticket_series to tilldock_app;
