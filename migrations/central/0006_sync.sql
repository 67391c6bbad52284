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
  verdict text not null check (verdict in ('applied', 'applied_flagged', 'quarantined')),
  code text,
  detail text,
  exceptions text[],
  -- the sales day that a `day.opened` in quarantine would have opened
  day_id uuid,
  received_at timestamptz not null default now(),
  primary key (company_id, terminal_id, epoch, seq, received_at)
) partition by range (received_at);
create index journal_quarantine on journal (company_id, terminal_id, epoch, seq) where verdict = 'quarantined';
call isolate('journal');
grant select, insert, update (verdict, code, detail, exceptions) on journal to tilldock_app;

-- What no month's partition takes; empty as long as the months are made in time.
create table journal_batch_rest partition of journal_batch default;
create table journal_rest partition of journal default;

-- Makes the partitions of the months from this one on. Called after migrations, at every start of a server.
create procedure make_journal_months(ahead integer)
language plpgsql as $$
declare
  month date := date_trunc('month', now() at time zone 'UTC');
  parent text;
begin
  for step in 0..ahead loop
    foreach parent in array array['journal_batch', 'journal'] loop
      begin
        execute format('create table if not exists %I partition of %I for values from (%L) to (%L)',
          parent || to_char(month + make_interval(months => step), '_YYYY_MM'), parent,
          (month + make_interval(months => step)) at time zone 'UTC',
          (month + make_interval(months => step + 1)) at time zone 'UTC');
      exception when check_violation then
        raise warning '%_rest has rows of % already', parent, month + make_interval(months => step);
      end;
    end loop;
  end loop;
end
$$;

-- Each operation takes effect once, whatever months and epochs it was sent in.
create table operation_seen (
  company_id uuid not null,
  op_id uuid not null,
  primary key (company_id, op_id)
);
call isolate('operation_seen');
grant select, insert on operation_seen to tilldock_app;

-- Accepted facts that somebody must look at.
create table exception (
  company_id uuid not null,
  exception_id bigint generated always as identity,
  code text not null,
  terminal_id uuid not null,
  epoch integer not null,
  seq bigint not null,
  detail text not null,
  raised_at timestamptz not null default now(),
  resolved_at timestamptz,
  primary key (company_id, exception_id)
);
create index exception_open on exception (company_id, raised_at) where resolved_at is null;
call isolate('exception');
grant select, insert, update (resolved_at) on exception to tilldock_app;
