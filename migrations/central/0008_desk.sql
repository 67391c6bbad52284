-- The repair desk: what somebody must look at, and what people decided about it. Rows are added and read, never
-- changed: whether something is settled is what the last decision about it says (docs/adr/0024).

-- `flagged`: it counts. `quarantined`: it is kept in the journal and does not count.
create table exception (
  company_id uuid not null,
  exception_id bigint generated always as identity,
  kind text not null check (kind in ('flagged', 'quarantined')),
  code text not null,
  detail text not null,
  terminal_id uuid not null,
  epoch integer not null,
  seq bigint not null,
  raised_at timestamptz not null default now(),
  -- where it happened, as far as the company has that place; else where the terminal stood
  location_id uuid not null,
  -- what lists show of the operation, as far as it could be read
  op_id uuid,
  operation_kind text,
  user_id uuid,
  approver_id uuid,
  occurred_at timestamptz,
  receipt_number text,
  amount_minor bigint,
  currency text,
  primary key (company_id, exception_id)
);
create index exception_of on exception (company_id, terminal_id, epoch, seq);
create index exception_of_operation on exception (company_id, op_id, code) where op_id is not null;
create index exception_in_order on exception (company_id, raised_at, exception_id);
create index exception_of_lookup on exception (company_id, code, detail)
  where code in ('unknown_payment_type', 'unknown_category');
call isolate('exception');
grant select, insert on exception to tilldock_app;

create table exception_decision (
  company_id uuid not null,
  -- in the order in which they were taken in
  decision_no bigint generated always as identity,
  -- minted by whoever decided; several exceptions may be decided at once
  decision_id uuid not null,
  -- null: a terminal decided about something that was never raised here
  exception_id bigint,
  action text not null check (action in ('accepted', 'corrected', 'replayed', 'reopened')),
  -- whether nothing is left to do
  settles boolean not null,
  note text not null,
  -- what makes up for it
  by_op_id uuid,
  by_receipt_number text,
  -- null: a command on the server
  user_id uuid,
  approver_id uuid,
  -- null: in the office
  terminal_id uuid,
  -- by the clock of where it was decided, and when it was taken in
  decided_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, decision_no),
  foreign key (company_id, exception_id) references exception,
  check (action = 'corrected' or (by_op_id is null and by_receipt_number is null)),
  check (action <> 'reopened' or not settles)
);
create index exception_decision_of on exception_decision (company_id, exception_id, decision_no);
call isolate('exception_decision');
grant select, insert on exception_decision to tilldock_app;
