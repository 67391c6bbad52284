-- Tenancy, roles of the database, and the feed that terminals pull.
--
-- tilldock_app  the server's role: owns nothing, cannot bypass row-level security, sees one company a transaction
-- tilldock_gate looks up, before a company is known, which company a credential belongs to; column grants only
--
-- Columns of primary keys are never granted for update: the feed tells terminals of a row under its key, and a
-- key that changed would leave the old one with them for ever.

do $$
begin
  if not exists (select from pg_roles where rolname = 'tilldock_app') then
    create role tilldock_app nologin nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'tilldock_gate') then
    create role tilldock_gate nologin nobypassrls;
  end if;
end
$$;

-- The owner may take both roles: a small installation runs the server with the owner's own login.
grant tilldock_app, tilldock_gate to current_user;
grant usage on schema public to tilldock_app, tilldock_gate;

-- How people compare and sort words, in every script: by Unicode's rules, whatever the database's own are. Needs a
-- PostgreSQL with ICU, which Debian's and the embedded one are.
create collation words (provider = icu, locale = 'und');

-- One row: changes when this database is restored to an earlier moment, so that terminals notice.
create table server_epoch (
  only_row boolean primary key default true check (only_row),
  epoch uuid not null default gen_random_uuid(),
  since timestamptz not null default now()
);
insert into server_epoch default values;
grant select on server_epoch to tilldock_app;

-- The company of this transaction. Raises where none was set: nothing is visible without a company.
create function current_company() returns uuid
language sql stable
return current_setting('tilldock.company_id')::uuid;

-- Puts a table under row-level security, for its owner too.
create procedure isolate(target regclass)
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy company on %s using (company_id = (select current_company())) '
    'with check (company_id = (select current_company()))', target);
end
$$;

-- Counts the changes of a row: what `If-Match` names. For the columns that are decided by people.
create function bump_version() returns trigger
language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end
$$;

create table company (
  company_id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  created_at timestamptz not null default now()
);
call isolate('company');
grant select, insert, update (name) on company to tilldock_app;
create policy gate on company for select to tilldock_gate using (true);
grant select (company_id, name) on company to tilldock_gate;

-- What the company keeps books or takes money in.
create table company_currency (
  company_id uuid not null references company,
  code text not null check (code ~ '^[A-Z]{3}$'),
  name text not null check (length(name) between 1 and 100),
  version integer not null default 1,
  primary key (company_id, code)
);
call isolate('company_currency');
grant select, insert, update (name), delete on company_currency to tilldock_app;
create trigger company_currency_version before update on company_currency
  for each row execute function bump_version();

create table location (
  company_id uuid not null references company,
  location_id uuid not null,
  code text not null check (code ~ '^[A-Z0-9]{1,12}$'),
  kind text not null check (kind in ('store', 'warehouse')),
  name text not null check (length(name) between 1 and 100),
  currency text not null,
  zone text not null,
  day_change_hour smallint not null default 0 check (day_change_hour between 0 and 12),
  cash_step_minor integer not null default 1 check (cash_step_minor > 0),
  denominations integer[] not null,
  prices_include_tax boolean not null,
  tax_rounding text not null check (tax_rounding in ('line', 'ticket')),
  version integer not null default 1,
  primary key (company_id, location_id),
  constraint location_code unique (company_id, code),
  constraint location_currency foreign key (company_id, currency) references company_currency
);
call isolate('location');
grant select, insert, update (code, kind, name, currency, zone, day_change_hour, cash_step_minor, denominations,
  prices_include_tax, tax_rounding), delete on location to tilldock_app;
create trigger location_version before update on location for each row execute function bump_version();
create policy gate on location for select to tilldock_gate using (true);
grant select (company_id, location_id, code, zone) on location to tilldock_gate;

-- The feed ---------------------------------------------------------------------------------------------

-- Which line of history writes here: cluster, database, and PostgreSQL's timeline, which is another one from the
-- moment on which a replica takes over or a backup is rolled forward to a moment. Nobody need say that it happened.
create function database_timeline() returns text
language sql volatile
return (
  select system_identifier || '.' || (select oid from pg_database where datname = current_database()) || '.'
    || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
  from pg_control_system()
);

-- A transaction that marks a change holds this row until it commits, so numbers are seen in commit order.
create table feed_counter (
  company_id uuid primary key references company,
  last_seq bigint not null default 0,
  -- Tombstones up to here may have been pruned: whoever pulled less far must begin anew.
  min_seq bigint not null default 0,
  -- The course that the numbers follow: a new one from the first change on another timeline on, since the timeline
  -- before may have given the same numbers to changes that were lost with it.
  course uuid not null default gen_random_uuid(),
  timeline text not null default database_timeline()
);
call isolate('feed_counter');
grant select, insert, update (last_seq, min_seq, course, timeline) on feed_counter to tilldock_app;

-- Courses that were left. What was pulled on one of them, up to this number, is as true as ever.
create table feed_past (
  company_id uuid not null references company,
  course uuid not null,
  last_seq bigint not null,
  left_at timestamptz not null default now(),
  primary key (company_id, course)
);
call isolate('feed_past');
grant select, insert on feed_past to tilldock_app;

-- One entry per key, moved forward when the key changes; `gone` is a tombstone.
create table feed (
  company_id uuid not null references company,
  entity text not null,
  key text not null,
  feed_seq bigint not null,
  gone boolean not null,
  marked_in xid8 not null,
  marked_at timestamptz not null default now(),
  primary key (company_id, entity, key)
);
create unique index feed_order on feed (company_id, feed_seq);
create index feed_tombstone on feed (company_id, marked_at) where gone;
call isolate('feed');
grant select, insert, update (feed_seq, gone, marked_in, marked_at), delete on feed to tilldock_app;

create function feed_counter_begin() returns trigger
language plpgsql as $$
begin
  insert into feed_counter (company_id) values (new.company_id);
  return null;
end
$$;
create trigger feed_begins after insert on company for each row execute function feed_counter_begin();

-- Marks keys as changed. A key moves once a transaction: nobody sees the steps in between.
create function mark_feed(entity_name text, keys text[], is_gone boolean) returns void
language plpgsql as $$
declare
  company uuid := current_company();
  here text := database_timeline();
  last bigint;
  was text;
begin
  if coalesce(cardinality(keys), 0) = 0 then
    return;
  end if;
  update feed_counter set last_seq = last_seq + cardinality(keys)
  where company_id = company
  returning last_seq, timeline into strict last, was;
  if was <> here then
    insert into feed_past (company_id, course, last_seq)
    select company_id, course, last - cardinality(keys) from feed_counter where company_id = company;
    update feed_counter set course = gen_random_uuid(), timeline = here where company_id = company;
  end if;
  insert into feed (company_id, entity, key, feed_seq, gone, marked_in)
  select company, entity_name, k.key, last - cardinality(keys) + k.place, is_gone, pg_current_xact_id()
  from unnest(keys) with ordinality as k (key, place)
  on conflict (company_id, entity, key) do update
    set feed_seq = excluded.feed_seq, gone = excluded.gone, marked_in = excluded.marked_in, marked_at = now()
    -- After a restore into another cluster the ids of transactions begin anew; the moment tells them apart.
    where (feed.marked_in, feed.marked_at, feed.gone) <> (excluded.marked_in, now(), excluded.gone);
end
$$;

-- Statement trigger: arguments are the entity, the column of its key, and 'row' or 'part' (whether deleting
-- the row deletes the entity, or merely changes it).
create function feed_changed() returns trigger
language plpgsql as $$
declare
  keys text[];
begin
  execute format('select array_agg(distinct %I::text) from changed', tg_argv[1]) into keys;
  perform mark_feed(tg_argv[0], keys, tg_op = 'DELETE' and tg_argv[2] = 'row');
  return null;
end
$$;

create procedure feed_from(target regclass, entity text, key_column text, part text default 'row')
language plpgsql as $$
begin
  execute format('create trigger feed_insert after insert on %s referencing new table as changed '
    'for each statement execute function feed_changed(%L, %L, %L)', target, entity, key_column, part);
  execute format('create trigger feed_update after update on %s referencing new table as changed '
    'for each statement execute function feed_changed(%L, %L, %L)', target, entity, key_column, part);
  execute format('create trigger feed_delete after delete on %s referencing old table as changed '
    'for each statement execute function feed_changed(%L, %L, %L)', target, entity, key_column, part);
end
$$;

call feed_from('location', 'location', 'location_id');
