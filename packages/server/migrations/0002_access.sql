-- Who may call, and who changed what.
create schema access;

create table access.api_key (
  id uuid primary key,
  name text not null,
  integration text not null,
  -- sha-256 of 256 random bits: nothing to guess, so nothing to slow down.
  secret_hash bytea not null check (length(secret_hash) = 32),
  scopes text[] not null,
  -- null: every shop.
  shop_ids uuid[],
  test boolean not null default false,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- Append-only; ids are ordered by time.
create table access.audit_entry (
  id uuid primary key,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('api_key', 'cli', 'system')),
  actor_id text not null,
  actor_name text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  before jsonb,
  after jsonb
);
create index audit_entry_subject on access.audit_entry (subject_kind, subject_id, id);
create index audit_entry_actor on access.audit_entry (actor_id, id);
