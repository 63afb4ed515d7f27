-- Promo codes, personal windows, uses and total limits (R16, R25, R26).
create schema promotions;

-- Pools of unique codes, made in chunks: a row that is still running is taken up again after a kill.
create table promotions.promo_code_pool (
  pool_id uuid primary key,
  promotion_code text not null,
  name text not null,
  prefix text not null,
  random_length smallint not null check (random_length between 4 and 24),
  count integer not null check (count between 1 and 1000000),
  generated integer not null default 0 check (generated between 0 and count),
  uses_max integer check (uses_max > 0),
  valid_from timestamptz,
  valid_until timestamptz,
  state text not null default 'running' check (state in ('running', 'done')),
  created_at timestamptz not null,
  finished_at timestamptz
);
create index promo_code_pool_running on promotions.promo_code_pool (created_at) where state = 'running';

-- A key table (unique across members), led by the key: the code as it is compared (R26).
create table promotions.promo_code (
  code_key text primary key,
  text text not null,
  kind text not null check (kind in ('common', 'unique', 'personal')),
  promotion_code text not null,
  pool_id uuid,
  -- A personal code works for this member only.
  member_id uuid,
  -- The receipt that issued it, "a code for next time": a return cancels it unused (R22).
  issued_by uuid,
  valid_from timestamptz,
  -- Exclusive; null: no end.
  valid_until timestamptz,
  uses_max integer check (uses_max > 0),
  uses integer not null default 0 check (uses >= 0),
  -- What stands over the limit: sales whose money was taken already (R19).
  uses_forced integer not null default 0 check (uses_forced >= 0),
  -- Of `uses`, those from before this product: an import may be undone while nothing was added to them.
  uses_imported integer not null default 0,
  cancelled_at timestamptz,
  created_at timestamptz not null,
  constraint promo_code_within_max check (uses_max is null or uses - uses_forced <= uses_max)
) with (fillfactor = 90);
create index promo_code_pool_member on promotions.promo_code (pool_id, code_key) where pool_id is not null;
create index promo_code_member on promotions.promo_code (member_id) where member_id is not null;
create index promo_code_issued on promotions.promo_code (issued_by) where issued_by is not null;

-- Wrong tries per API key and per member (R26). One row a subject; a new window overwrites the old one.
create table promotions.wrong_try (
  subject text primary key,
  window_start timestamptz not null,
  tries integer not null,
  -- The same wrong code asked again, as a till does with every scan, is one try.
  last_key text not null
) with (fillfactor = 70);

-- "Double points for 10 days", recipients of a campaign: a promotion that is on for one member for a time.
create table promotions.personal_window (
  member_id uuid not null,
  window_id uuid not null,
  promotion_code text not null,
  starts_at timestamptz not null,
  -- Exclusive.
  ends_at timestamptz not null,
  uses_left integer check (uses_left >= 0),
  cause_kind text not null,
  cause_id text not null,
  created_at timestamptz not null,
  primary key (member_id, window_id),
  check (starts_at < ends_at)
) with (fillfactor = 90);
-- One window per cause: granting twice is granting once.
create unique index personal_window_cause on promotions.personal_window (member_id, promotion_code, cause_kind, cause_id);

-- Uses so far of promotions with a limit per member or per day.
create table promotions.member_use (
  member_id uuid not null,
  promotion_code text not null,
  uses integer not null,
  -- The shop-local day of the last figure.
  day date not null,
  uses_today integer not null,
  primary key (member_id, promotion_code),
  constraint member_use_not_negative check (uses >= 0 and uses_today >= 0)
) with (fillfactor = 70);

-- What each receipt took, so that cancel and return give back exactly that.
create table promotions.use (
  member_id uuid not null,
  receipt_id uuid not null,
  use_id uuid not null,
  promotion_code text not null,
  code_key text,
  window_id uuid,
  discount bigint not null,
  points bigint not null,
  discount_returned bigint not null default 0,
  points_returned bigint not null default 0,
  -- Counted in member_use on `day`; counted in limit_counter.
  per_member boolean not null,
  in_total boolean not null,
  day date not null,
  state text not null check (state in ('taken', 'returned')),
  taken_at timestamptz not null,
  returned_at timestamptz,
  primary key (member_id, receipt_id, use_id)
) with (fillfactor = 90);

-- Total limits: one row a promotion, written last in a sale. The check refuses the sale that would go over, so that its pipelined COMMIT rolls back.
create table promotions.limit_counter (
  promotion_code text primary key,
  uses bigint not null default 0,
  uses_forced bigint not null default 0,
  uses_max bigint,
  points bigint not null default 0,
  points_forced bigint not null default 0,
  points_max bigint,
  money bigint not null default 0,
  money_forced bigint not null default 0,
  money_max bigint,
  constraint limit_counter_within_max check (
    (uses_max is null or uses - uses_forced <= uses_max)
    and (points_max is null or points - points_forced <= points_max)
    and (money_max is null or money - money_forced <= money_max)
  ),
  constraint limit_counter_not_negative check (uses >= 0 and points >= 0 and money >= 0)
  -- A page for few rows: a counter is updated by every sale, and each old version must find room beside it.
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
