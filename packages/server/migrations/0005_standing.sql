-- One narrow row per member: what a purchase locks. No index but the key: every column here may change with a purchase, and an index on any of
-- them would end HOT updates. Due rows are found by a scan (README of the module has the figures); free space in every page keeps updates on it.
create schema standing;

create table standing.standing (
  member_id uuid primary key,
  revision bigint not null default 0,
  blocked boolean not null default false,
  available bigint not null default 0 check (available >= 0),
  pending bigint not null default 0 check (pending >= 0),
  reserved bigint not null default 0 check (reserved >= 0),
  debt bigint not null default 0 check (debt >= 0),
  changes_at timestamptz,
  inactivity_deadline timestamptz,
  receipts_count integer not null default 0 check (receipts_count >= 0),
  paid_total bigint not null default 0,
  first_purchase_at timestamptz,
  last_purchase_at timestamptz,
  last_shop_id text,
  tier_code text,
  tier_since timestamptz,
  tier_review_at timestamptz,
  day date,
  day_earned bigint not null default 0,
  day_redeemed bigint not null default 0,
  counters jsonb not null default '{}'
) with (fillfactor = 70);
