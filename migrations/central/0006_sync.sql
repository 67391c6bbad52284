-- The journal: every operation as it came, with what became of it.

create table journal (
  company_id uuid not null,
  terminal_id uuid not null,
  epoch integer not null,
  seq bigint not null,
  op_id uuid,
  kind text,
  -- canonical JSON of what was received, without the two hashes
  content text not null,
  prev_hash text not null,
  hash text not null,
  verdict text not null check (verdict in ('applied', 'applied_flagged', 'quarantined')),
  code text,
  detail text,
  exceptions text[],
  received_at timestamptz not null default now(),
  primary key (company_id, terminal_id, epoch, seq, received_at)
) partition by range (received_at);
create index journal_quarantine on journal (company_id, terminal_id, epoch, seq) where verdict = 'quarantined';
call isolate('journal');
grant select, insert, update (verdict, code, detail, exceptions) on journal to tilldock_app;

-- What no month's partition takes; empty as long as the months are made in time.
create table journal_rest partition of journal default;

-- Makes the partitions of the months from this one on. Called after migrations, at every start of a server.
create procedure make_journal_months(ahead integer)
language plpgsql as $$
declare
  month date := date_trunc('month', now() at time zone 'UTC');
begin
  for step in 0..ahead loop
    begin
      execute format('create table if not exists %I partition of journal for values from (%L) to (%L)',
        'journal_' || to_char(month + make_interval(months => step), 'YYYY_MM'),
        (month + make_interval(months => step)) at time zone 'UTC',
        (month + make_interval(months => step + 1)) at time zone 'UTC');
    exception when check_violation then
      raise warning 'the month % has rows in journal_rest already', month + make_interval(months => step);
    end;
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
