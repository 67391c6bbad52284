-- Stock: one append-only log of moves, and the levels that follow from it.

create table stock_move (
  company_id uuid not null,
  move_id uuid not null,
  -- the ticket or adjustment that made it
  group_id uuid not null,
  kind text not null check (kind in ('sell', 'return', 'adjust')),
  variant_id uuid not null,
  location_id uuid not null,
  quantity_milli bigint not null,
  terminal_id uuid not null,
  epoch integer not null,
  seq bigint not null,
  user_id uuid not null,
  approver_id uuid,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  reason text,
  reference text,
  primary key (company_id, move_id)
);
call isolate('stock_move');
grant select, insert on stock_move to tilldock_app;
create trigger moves_are_final before update or delete or truncate on stock_move
  for each statement execute function refuse_change();

-- A projection: the sum of the moves, kept in the same transaction. May be negative: facts win. Numeric, so that
-- no sum of moves, however wrong they are, is too large to be told.
create table stock_level (
  company_id uuid not null,
  location_id uuid not null,
  variant_id uuid not null,
  quantity_milli numeric not null,
  primary key (company_id, location_id, variant_id)
) with (fillfactor = 70);
call isolate('stock_level');
grant select, insert, update (quantity_milli) on stock_level to tilldock_app;
