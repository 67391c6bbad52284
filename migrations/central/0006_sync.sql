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
create index exception_of on exception (company_id, terminal_id, epoch, seq);

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

-- What somebody has looked at is no trouble any more, whoever notes it.
create function exception_looked_at() returns trigger
language plpgsql as $$
begin
  if (new.resolved_at is null) <> (old.resolved_at is null) then
    perform tell_verdict_again(new.terminal_id, new.epoch, new.seq);
  end if;
  return null;
end
$$;
create trigger exception_looked_at after update of resolved_at on exception
  for each row execute function exception_looked_at();
