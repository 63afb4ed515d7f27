-- Extensions and what belongs to no module: facts on their way to listeners.
create extension if not exists pg_trgm;

create schema if not exists platform;

create table platform.fact (
  member_id uuid not null,
  fact_no bigint not null,
  kind text not null,
  at timestamptz not null,
  origin text not null check (origin in ('live', 'late', 'import', 'replay', 'merge')),
  data jsonb not null,
  -- A fact whose listeners failed too often is parked: it stays for the operator and holds up no one but its member's later facts.
  failures smallint not null default 0,
  parked_at timestamptz,
  recorded_at timestamptz not null default now(),
  primary key (member_id, fact_no)
) with (fillfactor = 90);

create table platform.setting (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

create table platform.idempotency (
  integration text not null,
  key text not null,
  route text not null,
  digest bytea not null,
  status smallint,
  body jsonb,
  created_at timestamptz not null default now(),
  primary key (integration, key, route)
);
create index idempotency_created on platform.idempotency (created_at);
