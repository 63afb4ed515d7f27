-- What is sold and where. Reference tables: no member in any of them.
create schema catalog;

-- One row. Every change takes its lock first and raises `revision` in the same transaction, so that revisions are in the order of commits and
-- "what changed since N" misses nothing. The memory of each process follows it.
create table catalog.version (
  id boolean primary key default true check (id),
  revision bigint not null default 0,
  category_revision bigint not null default 0,
  shop_revision bigint not null default 0
);
insert into catalog.version default values;

create table catalog.shop (
  shop_id uuid primary key,
  code text not null unique,
  name text not null,
  zone text not null,
  channel text not null check (channel in ('pos', 'site', 'app', 'marketplace')),
  legal_name text,
  inn text,
  kpp text,
  address text,
  test boolean not null default false,
  active boolean not null default true,
  updated_at timestamptz not null
);

-- Flags and the legal class of a category hold for everything below it: a new product of a feed is restricted from its first second (R13).
create table catalog.category (
  code text primary key,
  parent_code text references catalog.category (code) deferrable initially deferred,
  name text not null,
  -- Codes from the root down to this one.
  path text[] not null,
  no_earning boolean not null default false,
  no_redeeming boolean not null default false,
  no_promotions boolean not null default false,
  legal_class text check (legal_class in ('tobacco', 'nicotine', 'hookah', 'alcohol', 'prescription', 'gift_card')),
  updated_at timestamptz not null
);
create index category_parent on catalog.category (parent_code);
create index category_path on catalog.category using gin (path);

-- brand_key is the name without case and spare spaces: BERNINA and Bernina are one brand, spelled as first seen.
create table catalog.brand (
  brand_key text primary key,
  name text not null unique
);

create table catalog.feed (
  feed_id uuid primary key,
  code text not null unique,
  name text not null,
  kind text not null check (kind in ('yml', 'commerceml', 'csv')),
  -- null: files are handed in by hand only.
  source jsonb,
  options jsonb not null,
  schedule text,
  zone text not null,
  active boolean not null default true,
  due_at timestamptz,
  updated_at timestamptz not null
);
create index feed_due on catalog.feed (due_at) where due_at is not null;

create table catalog.product (
  product_id uuid primary key,
  sku text not null unique,
  name text not null,
  category_code text references catalog.category (code),
  brand text references catalog.brand (name),
  kind text not null check (kind in ('goods', 'delivery', 'service')),
  unit text not null check (unit in ('piece', 'weight')),
  price bigint check (price >= 0),
  regular_price bigint check (regular_price >= 0),
  floor_price bigint check (floor_price >= 0),
  no_earning boolean not null,
  no_redeeming boolean not null,
  no_promotions boolean not null,
  legal_class text check (legal_class in ('tobacco', 'nicotine', 'hookah', 'alcohol', 'prescription', 'gift_card')),
  volume_ml integer check (volume_ml > 0),
  attributes jsonb not null,
  tags text[] not null,
  -- A size or colour of another product (1C: "characteristic").
  variant_of uuid references catalog.product (product_id),
  -- The feed that owns it: only that feed archives it when it goes missing.
  source_feed uuid references catalog.feed (feed_id),
  archived boolean not null,
  revision bigint not null,
  updated_at timestamptz not null
);
create index product_revision on catalog.product (revision, product_id);
create index product_category on catalog.product (category_code, sku);
create index product_brand on catalog.product (brand, sku);
create index product_source_feed on catalog.product (source_feed) where not archived;
create index product_variant_of on catalog.product (variant_of) where variant_of is not null;
create index product_tags on catalog.product using gin (tags);
create index product_name_trigram on catalog.product using gin (lower(name) gin_trgm_ops);

-- kind: gtin (always 14 digits), barcode (anything else a scanner reads), marking, external:<system>.
create table catalog.product_code (
  kind text not null,
  value text not null,
  product_id uuid not null references catalog.product (product_id),
  primary key (kind, value)
);
create index product_code_product on catalog.product_code (product_id, kind);
create index product_code_value on catalog.product_code (value);

create table catalog.feed_run (
  run_id uuid primary key,
  -- In the order of starting, also when two start at one instant of a virtual clock.
  run_no bigint not null generated always as identity,
  feed_id uuid references catalog.feed (feed_id),
  kind text not null check (kind in ('yml', 'commerceml', 'csv')),
  status text not null check (status in ('running', 'done', 'failed')),
  started_at timestamptz not null,
  -- Written with every batch; a run whose beat is old died with its process.
  beat_at timestamptz not null,
  ended_at timestamptz,
  items integer not null default 0,
  added integer not null default 0,
  changed integer not null default 0,
  unchanged integer not null default 0,
  archived integer not null default 0,
  problems integer not null default 0,
  failure jsonb
);
create unique index feed_run_running on catalog.feed_run (feed_id) where status = 'running';
create index feed_run_feed on catalog.feed_run (feed_id, run_no desc);

create table catalog.feed_problem (
  run_id uuid not null references catalog.feed_run (run_id) on delete cascade,
  problem_no integer not null,
  line integer,
  item text,
  code text not null,
  detail text not null,
  primary key (run_id, problem_no)
);

-- A file is read to its end into here before anything of the catalog changes. Unlogged: after a crash the run starts anew anyway.
create unlogged table catalog.feed_item (
  run_id uuid not null,
  part smallint not null,
  -- Items are also applied in its order: a second index would only give the planner a wrong one to choose.
  key text collate "C" not null,
  item_no integer not null,
  line integer not null,
  item jsonb not null,
  primary key (run_id, part, key)
);
