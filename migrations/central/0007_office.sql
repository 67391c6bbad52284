-- The back office: sign-ins with a password, invitations, and the record of what was changed.

-- A sign-in, from its first token to its end. Every request with an access token reads its row.
create table office_session (
  company_id uuid not null,
  session_id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ip text not null,
  user_agent text not null,
  revoked_at timestamptz,
  -- why it ended: 'logout', 'refresh_reused', 'roles_changed' …
  revoked_because text,
  primary key (company_id, session_id),
  foreign key (company_id, user_id) references app_user,
  check ((revoked_at is null) = (revoked_because is null))
);
create index office_session_active on office_session (company_id, user_id) where revoked_at is null;
call isolate('office_session');
create index office_session_end on office_session (company_id, (least(revoked_at, expires_at)));
grant select, insert, update (last_used_at, expires_at, revoked_at, revoked_because), delete
  on office_session to tilldock_app;

-- Every refresh token that was given out, as SHA-256; one that comes a second time ends its session.
create table refresh_token (
  company_id uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),
  session_id uuid not null,
  used_at timestamptz,
  primary key (company_id, token_hash),
  foreign key (company_id, session_id) references office_session
);
call isolate('refresh_token');
create index refresh_token_session on refresh_token (company_id, session_id);
create index refresh_token_used on refresh_token (company_id, used_at) where used_at is not null;
grant select, insert, update (used_at), delete on refresh_token to tilldock_app;

-- Failed sign-ins, by the SHA-256 of an address (with and without where it was tried from). For all companies, and
-- for addresses that nobody has: who asks learns nothing from being slowed down.
create table sign_in_failure (
  key bytea primary key check (length(key) = 32),
  failures integer not null check (failures > 0),
  last_at timestamptz not null default now()
);
create index sign_in_failure_age on sign_in_failure (last_at);
grant select, insert, update (failures, last_at), delete on sign_in_failure to tilldock_gate;

-- The secret is made when the mail is, and kept as SHA-256: null until then.
create table invitation (
  company_id uuid not null,
  invitation_id uuid not null,
  user_id uuid not null,
  email text not null,
  -- SHA-256 of what was asked for under this id: asked again it gets the same answer, anything else is refused
  asked_hash bytea not null check (length(asked_hash) = 32),
  token_hash bytea check (length(token_hash) = 32),
  status text not null default 'PENDING' check (status in ('PENDING', 'ACCEPTED', 'EXPIRED', 'REVOKED')),
  invited_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  -- the job that mails it; one that was queued before does nothing
  mail_job uuid not null,
  mail_state text not null default 'waiting' check (mail_state in ('waiting', 'sent', 'failed')),
  mail_at timestamptz,
  -- why the last try failed
  mail_reason text,
  primary key (company_id, invitation_id),
  foreign key (company_id, user_id) references app_user,
  foreign key (company_id, invited_by) references app_user,
  check ((status = 'ACCEPTED') = (accepted_at is not null)),
  check ((mail_state = 'waiting') = (mail_at is null)),
  check (mail_state = 'waiting' or (mail_state = 'failed') = (mail_reason is not null))
);
create unique index invitation_pending on invitation (company_id, email) where status = 'PENDING';
create unique index invitation_token on invitation (company_id, token_hash);
call isolate('invitation');
grant select, insert, update (token_hash, status, expires_at, accepted_at, mail_job, mail_state, mail_at, mail_reason)
  on invitation to tilldock_app;

create table password_reset (
  company_id uuid not null,
  reset_id uuid not null,
  user_id uuid not null,
  asked_by uuid not null,
  token_hash bytea check (length(token_hash) = 32),
  created_at timestamptz not null default now(),
  -- brought forward to the moment when a newer one is asked for
  expires_at timestamptz not null,
  mailed_at timestamptz,
  used_at timestamptz,
  primary key (company_id, reset_id),
  foreign key (company_id, user_id) references app_user,
  foreign key (company_id, asked_by) references app_user
);
create unique index password_reset_token on password_reset (company_id, token_hash);
create index password_reset_of on password_reset (company_id, user_id) where used_at is null;
call isolate('password_reset');
grant select, insert, update (token_hash, expires_at, mailed_at, used_at) on password_reset to tilldock_app;

-- The processes that work the queue of jobs. For all companies; a process that ended in order takes its row along.
create table worker_heartbeat (
  worker_id uuid primary key,
  started_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  last_job_at timestamptz
);
grant select, insert, update (last_at, last_job_at), delete on worker_heartbeat to tilldock_app;

-- Administrative changes. Rows are added and read, never changed: nothing else is granted.
create table audit_entry (
  company_id uuid not null references company,
  entry_id bigint generated always as identity,
  at timestamptz not null default now(),
  -- null: by a command on the server
  user_id uuid,
  session_id uuid,
  action text not null,
  entity text not null,
  key text not null,
  before jsonb,
  after jsonb,
  ip text,
  request_id text,
  primary key (company_id, entry_id)
);
create index audit_of on audit_entry (company_id, entity, key);
create index audit_in_order on audit_entry (company_id, at, entry_id);
call isolate('audit_entry');
grant select, insert on audit_entry to tilldock_app;
