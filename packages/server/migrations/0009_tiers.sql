-- Tiers: history, manual tiers, progress by day (R27). The current tier itself is in standing.
create schema tiers;

create table tiers.tier_change (
  member_id uuid not null,
  change_id uuid not null,
  at timestamptz not null,
  -- Where the member stood before: a return that lowers the tier goes back there.
  from_tier text,
  from_since timestamptz,
  from_review_at timestamptz,
  to_tier text,
  -- The review that this change set; null: never.
  review_at timestamptz,
  direction text not null check (direction in ('up', 'down', 'same')),
  cause_kind text not null check (
    cause_kind in ('purchase', 'return', 'review', 'manual', 'counter', 'program', 'merge', 'unmerge', 'import')
  ),
  -- The receipt, for purchase and return.
  cause_id text,
  recorded_at timestamptz not null,
  primary key (member_id, change_id)
);

-- A tier given by hand; progress cannot lower it while it lasts.
create table tiers.manual_tier (
  member_id uuid primary key,
  tier_code text not null,
  -- Exclusive; null: until taken away.
  until timestamptz,
  reason text not null,
  set_by text not null,
  set_at timestamptz not null
);

-- What a rolling window or a period counts. All-time figures are in standing.
create table tiers.progress_day (
  member_id uuid not null,
  day date not null,
  paid bigint not null default 0,
  receipts integer not null default 0,
  counters jsonb not null default '{}',
  primary key (member_id, day)
) with (fillfactor = 80);

-- Due work: reviews (and warnings before them) that a job runs when nobody reads the member by then.
create table tiers.review (
  member_id uuid primary key,
  due_at timestamptz not null,
  kind text not null check (kind in ('warning', 'review')),
  review_at timestamptz not null
) with (fillfactor = 80);
create index review_due on tiers.review (due_at);

-- What segments ask of everybody: published views, so that no module reads another's tables. No names, no contacts.
create schema if not exists report;

create view report.member as
  select member_id, status, joined_at, joined_shop_id, birthday, gender, zone, language, staff, test, fields from members.member;

create view report.standing as
  select member_id, blocked, available, pending, reserved, debt, changes_at, receipts_count, paid_total, first_purchase_at, last_purchase_at,
    last_shop_id, tier_code, tier_since, tier_review_at
  from standing.standing;

-- Words that count: a "yes" without proof is none (R33).
create view report.consent as
  select member_id, channel, purpose, given, at from members.consent
  where not given or (proof is not null and text_shown is not null);
