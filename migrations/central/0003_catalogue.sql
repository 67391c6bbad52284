-- What is sold: family, identity and variant, with departments, sales categories and tax classes.

create table department (
  company_id uuid not null references company,
  code text not null check (length(code) between 1 and 150),
  name text not null check (length(name) between 1 and 150),
  version integer not null default 1,
  primary key (company_id, code)
);
call isolate('department');
grant select, insert, update (name), delete on department to tilldock_app;
create trigger department_version before update on department for each row execute function bump_version();
call feed_from('department', 'department', 'code');

create table sales_category (
  company_id uuid not null,
  code text not null check (length(code) between 1 and 150),
  name text not null check (length(name) between 1 and 150),
  department_code text not null,
  version integer not null default 1,
  primary key (company_id, code),
  constraint sales_category_department foreign key (company_id, department_code) references department
);
call isolate('sales_category');
grant select, insert, update (name, department_code), delete on sales_category to tilldock_app;
create trigger sales_category_version before update on sales_category for each row execute function bump_version();
call feed_from('sales_category', 'category', 'code');

create table tax_class (
  company_id uuid not null references company,
  code text not null check (length(code) between 1 and 150),
  name text not null check (length(name) between 1 and 100),
  -- [{"code": "VAT", "rate_ppm": 200000}], as shared/sales/tax.ts reads it
  rates jsonb not null,
  version integer not null default 1,
  primary key (company_id, code)
);
call isolate('tax_class');
grant select, insert, update (name, rates), delete on tax_class to tilldock_app;
create trigger tax_class_version before update on tax_class for each row execute function bump_version();
call feed_from('tax_class', 'tax_class', 'code');

-- The codes of a full SKU. Enumerations, not tables: a foreign key to each costs 8 µs for every variant written.
create type colour_code as enum (
  'BK', -- black
  'BL', -- blue
  'BR', -- brown
  'GD', -- gold
  'GN', -- green
  'GY', -- grey
  'OR', -- orange
  'PK', -- pink
  'PU', -- purple
  'RD', -- red
  'SV', -- silver
  'WH', -- white
  'WY', -- white and grey
  'XX', -- not said
  'YL' -- yellow
);
create type condition_code as enum (
  'N', -- new
  'U', -- used
  'R', -- refurbished
  'D' -- damaged
);

create table product_family (
  company_id uuid not null references company,
  product_id integer not null check (product_id between 1 and 16777215),
  base_name text not null check (length(base_name) between 1 and 300),
  primary key (company_id, product_id)
);
call isolate('product_family');
grant select, insert, update (base_name) on product_family to tilldock_app;

create table product_identity (
  company_id uuid not null,
  product_id integer not null,
  type text not null check (type ~ '^[A-Z]$'),
  lci integer not null check (lci between 0 and 65535),
  physical_class text not null check (physical_class ~ '^[A-Z]$'),
  identity_id bigint generated always as identity,
  generated_upis_h text not null,
  hex_signature text not null,
  primary key (company_id, product_id, type, lci),
  foreign key (company_id, product_id) references product_family
);
call isolate('product_identity');
grant select, insert on product_identity to tilldock_app;

-- The two derived names; shared/catalogue/identity.ts computes the same, and a test holds them together.
create function name_identity() returns trigger
language plpgsql as $$
begin
  new.generated_upis_h := lpad(new.product_id::text, greatest(5, length(new.product_id::text)), '0')
    || '-' || new.type || '-' || new.lci;
  new.hex_signature := upper(lpad(to_hex(new.product_id), 6, '0') || lpad(to_hex(ascii(new.type)), 2, '0')
    || lpad(to_hex(ascii(new.physical_class)), 2, '0') || lpad(to_hex(new.lci), 4, '0'));
  return new;
end
$$;
create trigger identity_named before insert on product_identity
  for each row execute function name_identity();

-- What a thing is does not change, whoever asks.
create function refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception '% of % is refused: its rows are never changed', lower(tg_op), tg_table_name
    using errcode = 'restrict_violation';
end
$$;
create trigger identity_is_immutable before update or delete or truncate on product_identity
  for each statement execute function refuse_change();

create table variant (
  company_id uuid not null,
  variant_id uuid not null,
  product_id integer not null,
  type text not null,
  lci integer not null,
  colour_code colour_code not null,
  condition_code condition_code not null,
  -- the code people use: of the imported file, or the full SKU
  sku text not null check (length(sku) between 1 and 150),
  name text not null check (length(name) between 1 and 300),
  unit_price_micro bigint not null,
  category_code text not null,
  tax_class_code text not null,
  active boolean not null default true,
  primary key (company_id, variant_id),
  unique (company_id, sku),
  foreign key (company_id, product_id, type, lci) references product_identity,
  foreign key (company_id, category_code) references sales_category,
  foreign key (company_id, tax_class_code) references tax_class
);
call isolate('variant');
grant select, insert, update (sku, name, unit_price_micro, category_code, tax_class_code, active)
  on variant to tilldock_app;

-- `00845-P-1-WY-N`: identity, colour, condition.
create function full_sku(v variant) returns text
language sql immutable
return lpad(v.product_id::text, greatest(5, length(v.product_id::text)), '0')
  || '-' || v.type || '-' || v.lci || '-' || v.colour_code || '-' || v.condition_code;

create table barcode (
  company_id uuid not null,
  code text not null check (length(code) between 1 and 48),
  variant_id uuid not null,
  primary key (company_id, code),
  foreign key (company_id, variant_id) references variant
);
create index barcode_of_variant on barcode (company_id, variant_id) include (code);
call isolate('barcode');
-- A barcode that goes to another variant is deleted and inserted, so that both variants are told.
grant select, insert, delete on barcode to tilldock_app;

call feed_from('variant', 'item', 'variant_id');
call feed_from('barcode', 'item', 'variant_id', 'part');
