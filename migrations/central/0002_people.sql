-- People and what they may do. Permission codes are the same for everyone and seeded by command.

create table permission (
  code text primary key
);
grant select on permission to tilldock_app;

create table role (
  company_id uuid not null references company,
  code text not null check (length(code) between 1 and 150),
  -- the scopes that its people may have
  scopes text[] not null check (scopes <@ array['company', 'locations', 'client'] and cardinality(scopes) > 0),
  version integer not null default 1,
  primary key (company_id, code)
);
call isolate('role');
grant select, insert, update (version) on role to tilldock_app;
create trigger role_version before update on role for each row execute function bump_version();

create table role_permission (
  company_id uuid not null,
  role_code text not null,
  permission_code text not null references permission,
  primary key (company_id, role_code, permission_code),
  foreign key (company_id, role_code) references role
);
call isolate('role_permission');
grant select, insert, delete on role_permission to tilldock_app;

-- Customers whose goods are stored.
create table client (
  company_id uuid not null references company,
  client_id uuid not null,
  code text not null check (code ~ '^[A-Z0-9]{1,12}$'),
  name text not null check (length(name) between 1 and 150),
  billing_address text not null check (length(billing_address) <= 500),
  version integer not null default 1,
  primary key (company_id, client_id),
  constraint client_code unique (company_id, code)
);
call isolate('client');
grant select, insert, update (code, name, billing_address), delete on client to tilldock_app;
create trigger client_version before update on client for each row execute function bump_version();

-- Nobody is ever deleted: facts name people.
create table app_user (
  company_id uuid not null references company,
  user_id uuid not null,
  name text not null check (length(name) between 1 and 100),
  -- in lower case; null for people who only unlock tills
  email text check (email = lower(email) and length(email) <= 254),
  -- both argon2id; the password opens the office, the PIN a till and never the network
  password_hash text,
  pin_hash text,
  -- how far the person sees; see user_location and client_id
  sees text not null default 'company' check (sees in ('company', 'locations', 'client')),
  client_id uuid,
  status text not null default 'ACTIVE' check (status in ('INVITED', 'ACTIVE', 'DISABLED')),
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  version integer not null default 1,
  primary key (company_id, user_id),
  foreign key (company_id, client_id) references client,
  check ((sees = 'client') = (client_id is not null)),
  check ((status = 'DISABLED') = (disabled_at is not null))
);
create unique index user_email on app_user (company_id, email);
call isolate('app_user');
grant select, insert, update (name, email, password_hash, pin_hash, sees, client_id, status, disabled_at, version)
  on app_user to tilldock_app;
create trigger app_user_version before update on app_user for each row execute function bump_version();
-- Which companies know an address, before a company is known.
create policy gate on app_user for select to tilldock_gate using (true);
grant select (company_id, user_id, email, status) on app_user to tilldock_gate;
create index gate_email on app_user (email) where email is not null;

-- The locations of a person who sees locations.
create table user_location (
  company_id uuid not null,
  user_id uuid not null,
  location_id uuid not null,
  primary key (company_id, user_id, location_id),
  foreign key (company_id, user_id) references app_user,
  foreign key (company_id, location_id) references location
);
call isolate('user_location');
grant select, insert, delete on user_location to tilldock_app;

create table user_role (
  company_id uuid not null,
  user_id uuid not null,
  role_code text not null,
  primary key (company_id, user_id, role_code),
  foreign key (company_id, user_id) references app_user,
  foreign key (company_id, role_code) references role
);
call isolate('user_role');
grant select, insert, delete on user_role to tilldock_app;

call feed_from('app_user', 'user', 'user_id');
call feed_from('user_role', 'user', 'user_id', 'part');
call feed_from('user_location', 'user', 'user_id', 'part');

-- A role that gains or loses a permission changes everybody who has it.
create function feed_role_changed() returns trigger
language plpgsql as $$
begin
  perform mark_feed('user', array_agg(distinct user_id::text), false)
  from user_role
  where company_id = current_company() and role_code in (select c.role_code from changed c);
  return null;
end
$$;
create trigger feed_insert after insert on role_permission referencing new table as changed
  for each statement execute function feed_role_changed();
create trigger feed_delete after delete on role_permission referencing old table as changed
  for each statement execute function feed_role_changed();

-- Terminals --------------------------------------------------------------------------------------------

create table terminal (
  company_id uuid not null references company,
  terminal_id uuid not null,
  location_id uuid not null,
  code text not null check (code ~ '^[A-Z0-9]{1,12}$'),
  name text not null check (length(name) between 1 and 60),
  -- raw Ed25519 key, 32 bytes
  public_key bytea not null check (length(public_key) = 32),
  epoch integer not null default 1,
  -- the operations of this epoch are numbered from the next one on
  after_seq bigint not null default 0,
  last_seq bigint not null default 0,
  last_hash text not null,
  -- what the next push must bring: the newest, or the one before it while an answer may still be on its way
  nonce_number bigint not null default 1,
  nonce bytea not null check (length(nonce) = 16),
  nonce_before bytea check (length(nonce_before) = 16),
  -- what was shown when the newest nonce was given to a terminal that had lost a part of its history
  resumed_with text,
  -- verdicts that changed after they were given
  verdict_changes bigint not null default 0,
  -- The last operation of this epoch that more than this database keeps; and the mark that it goes on by (safe_lsn in
  -- 0006): once the WAL is kept elsewhere up to this position, operations up to this one are. `marked_on` says which
  -- line of history the position belongs to.
  safe_seq bigint not null default 0,
  marked_seq bigint,
  marked_lsn pg_lsn,
  marked_on text,
  enrolled_at timestamptz not null default now(),
  last_seen_at timestamptz,
  clock_offset_ms bigint,
  -- two copies were seen: nothing is taken until one of them is enrolled anew
  frozen_at timestamptz,
  frozen_because text check (frozen_because in ('forked', 'cloned')),
  revoked_at timestamptz,
  version integer not null default 1,
  primary key (company_id, terminal_id),
  -- Of the company, not of the location: it stands in receipt numbers, and stays when the terminal is moved.
  constraint terminal_code unique (company_id, code),
  foreign key (company_id, location_id) references location,
  check (after_seq between 0 and last_seq),
  check (safe_seq between 0 and last_seq),
  check ((frozen_at is null) = (frozen_because is null))
);
call isolate('terminal');
grant select, insert, update (name, location_id, public_key, epoch, after_seq, last_seq, last_hash, nonce_number, nonce,
  nonce_before, resumed_with, verdict_changes, safe_seq, marked_seq, marked_lsn, marked_on, last_seen_at, clock_offset_ms,
  frozen_at, frozen_because, revoked_at) on terminal to tilldock_app;
create trigger terminal_version before update of name, location_id, revoked_at on terminal
  for each row execute function bump_version();
-- Only what terminals are told, or wait for: every push writes to this row.
create function feed_terminal_changed() returns trigger
language plpgsql as $$
begin
  perform mark_feed('terminal', array[new.terminal_id::text], false);
  return null;
end
$$;
create trigger feed_insert after insert on terminal for each row execute function feed_terminal_changed();
create trigger feed_update after update of name, location_id, revoked_at on terminal
  for each row execute function feed_terminal_changed();
create policy gate on terminal for select to tilldock_gate using (true);
grant select (company_id, terminal_id, epoch, public_key) on terminal to tilldock_gate;

-- What a terminal was before it was enrolled anew: whoever still has that key is told so.
create table ended_epoch (
  company_id uuid not null,
  terminal_id uuid not null,
  epoch integer not null,
  public_key bytea not null,
  last_seq bigint not null,
  last_hash text not null,
  ended_at timestamptz not null default now(),
  primary key (company_id, terminal_id, epoch),
  foreign key (company_id, terminal_id) references terminal
);
call isolate('ended_epoch');
grant select, insert on ended_epoch to tilldock_app;
create policy gate on ended_epoch for select to tilldock_gate using (true);
grant select (company_id, terminal_id, epoch, public_key) on ended_epoch to tilldock_gate;

create table enrolment (
  company_id uuid not null references company,
  -- SHA-256 of the one-time code
  code_hash bytea not null,
  location_id uuid not null,
  -- the terminal that goes on with it; null where it makes a new one
  terminal_id uuid,
  expires_at timestamptz not null,
  used_by uuid,
  created_at timestamptz not null default now(),
  primary key (company_id, code_hash),
  foreign key (company_id, location_id) references location,
  foreign key (company_id, terminal_id) references terminal,
  foreign key (company_id, used_by) references terminal
);
call isolate('enrolment');
grant select, insert, update (used_by) on enrolment to tilldock_app;
create policy gate on enrolment for select to tilldock_gate using (true);
grant select (company_id, code_hash) on enrolment to tilldock_gate;
