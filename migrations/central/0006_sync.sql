-- The journal: every operation as it came, with what became of it.
--
-- Two tables: the bodies of the pushes, compressed as they travelled, and a narrow row for each operation. An
-- operation of a ticket is 3 kB of JSON by itself and 0.3 kB among its neighbours; written one by one they
-- were most of what a push wrote to disk.

create table journal_batch (
  company_id uuid not null,
  terminal_id uuid not null,
  epoch integer not null,
  -- the first operation that was new in this push
  first_seq bigint not null,
  -- how many operations before it the push repeated
  skipped integer not null,
  -- the request's body: JSON after zstd
  body bytea not null,
  received_at timestamptz not null default now(),
  primary key (company_id, terminal_id, epoch, first_seq, received_at)
) partition by range (received_at);
call isolate('journal_batch');
grant select, insert on journal_batch to tilldock_app;

create table journal (
  company_id uuid not null,
  terminal_id uuid not null,
  epoch integer not null,
  seq bigint not null,
  op_id uuid,
  kind text,
  hash text not null,
  verdict text not null check (verdict in ('applied', 'applied_flagged', 'quarantined', 'applied_before')),
  code text,
  detail text,
  exceptions text[],
  -- the sales day that a `day.opened` in quarantine would have opened
  day_id uuid,
  -- where the verdict changed after it was given: the number of that change among those of the terminal
  change_no bigint,
  received_at timestamptz not null default now(),
  primary key (company_id, terminal_id, epoch, seq, received_at)
) partition by range (received_at);
create index journal_quarantine on journal (company_id, terminal_id, epoch, seq) where verdict = 'quarantined';
create index journal_changed on journal (company_id, terminal_id, epoch, change_no) where change_no is not null;
call isolate('journal');
grant select, insert, update (verdict, code, detail, exceptions, change_no) on journal to tilldock_app;

-- What no month's partition takes: rows of months that were not made in time, or that a wrong clock wrote. They serve
-- there as well as anywhere, until `keep_journal_months` takes them to their own month.
create table journal_batch_rest partition of journal_batch default;
create table journal_rest partition of journal default;

-- Makes one month's partition, with the rows of that month that are in the rest. Attached, not created in place: that
-- would keep every push waiting. What is in the rest can neither be read nor added to until it is done.
create procedure make_journal_month(parent text, month date)
language plpgsql as $$
declare
  name text := parent || to_char(month, '_YYYY_MM');
  rest text := parent || '_rest';
  begins timestamptz := month::timestamp at time zone 'UTC';
  ends timestamptz := (month + interval '1 month') at time zone 'UTC';
begin
  execute format('create table %I (like %I including all)', name, parent);
  execute format('lock table only %I in access exclusive mode', rest);
  execute format('with gone as (delete from %I where received_at >= %L and received_at < %L returning *) '
    'insert into %I select * from gone', rest, begins, ends, name);
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name, begins, ends);
end
$$;
revoke execute on procedure make_journal_month from public;

-- Makes the partitions of this month and so many ahead, and those of all months that have rows in the rest. Called at
-- every start of a server and each hour by the workers, in a transaction for each of the two tables. Runs as the owner,
-- since the server's own role may make no tables; whoever calls it decides about nothing but the number of months.
create function keep_journal_months(parent text, ahead integer) returns integer
language plpgsql security definer
set search_path = public, pg_temp
-- Pushes queue up behind whoever waits for a lock on the table: better to try again later.
set lock_timeout = '2s'
as $$
declare
  month date;
  made integer := 0;
begin
  if parent not in ('journal', 'journal_batch') or ahead not between 0 and 24 then
    raise exception 'keep_journal_months(%, %)', parent, ahead using errcode = 'invalid_parameter_value';
  end if;
  -- One process at a time; another one finds everything done.
  perform pg_advisory_xact_lock(7142306);
  for month in execute format(
    'select (date_trunc(''month'', now() at time zone ''UTC'') + make_interval(months => step))::date '
    'from generate_series(0, $1) step union '
    'select date_trunc(''month'', received_at at time zone ''UTC'')::date from %I order by 1', parent || '_rest')
    using ahead
  loop
    if to_regclass(parent || to_char(month, '_YYYY_MM')) is null then
      call make_journal_month(parent, month);
      made := made + 1;
    end if;
  end loop;
  return made;
end
$$;
revoke execute on function keep_journal_months from public;
grant execute on function keep_journal_months to tilldock_app;

-- How far the journal's months are made ahead, this one not counted, and how many rows are in the rest: at most 1000
-- are counted. A function of the owner's, since the server's role has no rights on partitions.
create function journal_outlook() returns table (months_ahead integer, rest_rows integer)
language sql stable security definer
set search_path = public, pg_temp
as $$
  with month as (
    select step, date_trunc('month', now() at time zone 'UTC') + make_interval(months => step) as begins
    from generate_series(0, 25) step
  )
  select (
      select min(step) - 1 from month, unnest(array['journal', 'journal_batch']) parent
      where to_regclass(parent || to_char(begins, '_YYYY_MM')) is null
    )::integer,
    (select count(*)::integer from (
      (select from journal_rest limit 1000) union all (select from journal_batch_rest limit 1000)) rest)
$$;
revoke execute on function journal_outlook from public;
grant execute on function journal_outlook to tilldock_app;

-- What a copy of a terminal told otherwise than the journal: evidence, as it came, and never applied.
create table journal_branch (
  company_id uuid not null,
  terminal_id uuid not null,
  epoch integer not null,
  first_seq bigint not null,
  last_seq bigint not null,
  last_hash text not null,
  -- the request's body: JSON after zstd
  body bytea not null,
  received_at timestamptz not null default now(),
  primary key (company_id, terminal_id, epoch, first_seq, last_hash)
);
call isolate('journal_branch');
grant select, insert on journal_branch to tilldock_app;

-- Each operation takes effect once, whatever months and epochs it was sent in; and where it came first.
create table operation_seen (
  company_id uuid not null,
  op_id uuid not null,
  terminal_id uuid not null,
  epoch integer not null,
  seq bigint not null,
  primary key (company_id, op_id)
);
call isolate('operation_seen');
grant select, insert on operation_seen to tilldock_app;

-- A verdict that was given before is another one now: the terminal hears of it.
create function tell_verdict_again(of_terminal uuid, of_epoch integer, of_seq bigint) returns void
language sql as $$
  with counted as (
    update terminal set verdict_changes = verdict_changes + 1
    where company_id = current_company() and terminal_id = of_terminal
    returning verdict_changes
  )
  update journal set change_no = counted.verdict_changes from counted
  where company_id = current_company() and terminal_id = of_terminal and epoch = of_epoch and seq = of_seq;
$$;

-- Up to where the WAL is kept somewhere else, by one of the policies of TILLDOCK_SAFE; null where nobody can tell, which
-- says that nothing new is safe. Runs as the owner, whom pg_monitor lets look, since the server's own role may not.
create function safe_lsn(policy text) returns pg_lsn
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
  segment_size bigint := pg_size_bytes(current_setting('wal_segment_size'));
begin
  if not pg_has_role('pg_monitor', 'usage') then
    return null;
  elsif policy = 'archived' then
    -- The beginning of the first segment that is still here and of which the archiver has not said that it is done; the
    -- next one may not be here yet. That a later one is archived, as pg_stat_archiver tells, says nothing of those before.
    return (
      select coalesce(min(begins) filter (where not is_done), max(begins) + segment_size)
      from (
        select (substr(name, 9, 8) || '/' || to_hex(('x' || right(name, 8))::bit(32)::bigint * segment_size))::pg_lsn as begins,
          exists (select from pg_ls_archive_statusdir() s where s.name = w.name || '.done') as is_done
        from pg_ls_waldir() w
        where name ~ '^[0-9A-F]{24}$' and current_setting('archive_mode') <> 'off'
      ) segment
    );
  end if;
  -- `replicated` or `replicated:2`: what so many replicas have on their disks. Who follows a publication is none.
  return (
    select flush_lsn from pg_stat_replication r
    where flush_lsn is not null
      and not exists (select from pg_replication_slots where active_pid = r.pid and slot_type = 'logical')
    order by flush_lsn desc
    offset coalesce(nullif(split_part(policy, ':', 2), '')::integer, 1) - 1 limit 1
  );
end
$$;
revoke execute on function safe_lsn from public;
grant execute on function safe_lsn to tilldock_app;
