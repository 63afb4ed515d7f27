-- The program: one JSON document, in versions (R29).
create schema program;

-- Append-only: what was published is never changed, receipts point to it. The greatest number is in force.
create table program.version (
  number integer primary key check (number > 0),
  -- With every default filled in, so that a later default changes nothing that was published.
  document jsonb not null,
  comment text not null,
  author_kind text not null,
  author_id text not null,
  author_name text not null,
  published_at timestamptz not null,
  -- A rollback publishes an older document again under a new number.
  restored_from integer references program.version (number)
);

-- What the marketer is working on: one draft, valid or not yet.
create table program.draft (
  id smallint primary key check (id = 1),
  document jsonb not null,
  -- Grows with every saving: who publishes says which one was read.
  revision integer not null,
  -- The version it began from; null: before the first.
  based_on integer references program.version (number),
  author_kind text not null,
  author_id text not null,
  author_name text not null,
  saved_at timestamptz not null
);
