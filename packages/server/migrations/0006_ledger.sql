-- Points: lots, their entries, holds, debts. Every key leads with member_id. No foreign keys from entries to lots: a check per entry costs more than
-- it finds, because both are written by one function; `kopilka audit` compares them.
create schema ledger;

create table ledger.lot (
  member_id uuid not null,
  lot_id uuid not null,
  source text not null check (source in ('purchase', 'promotion', 'campaign', 'adjustment', 'import', 'refund', 'merge', 'referral', 'welcome')),
  rule text not null,
  cause_kind text not null,
  cause_id uuid not null,
  amount bigint not null check (amount > 0),
  remaining bigint not null,
  held bigint not null default 0,
  starts_at timestamptz not null,
  burns_at timestamptz,
  inactivity_days integer check (inactivity_days > 0),
  grace_until timestamptz,
  restriction jsonb,
  funder text,
  pays_debt boolean not null,
  started boolean not null,
  -- Of its own, and not an expression on `remaining`: the index below would otherwise change with every spending and end HOT updates.
  open boolean not null,
  created_at timestamptz not null,
  primary key (member_id, lot_id),
  constraint lot_remaining check (remaining between 0 and amount),
  constraint lot_held check (held between 0 and remaining),
  constraint lot_open check (open = (remaining > 0)),
  constraint lot_term check (burns_at > starts_at),
  constraint lot_inactivity check (inactivity_days is null or burns_at is not null)
) with (fillfactor = 85);
create index lot_open_by_member on ledger.lot (member_id) where open;

create table ledger.entry (
  member_id uuid not null,
  entry_id uuid not null,
  lot_id uuid not null,
  kind text not null check (kind in ('earn', 'redeem', 'expire', 'adjust', 'refund', 'take_back', 'pay_debt', 'move', 'revive')),
  change bigint not null check (change <> 0),
  cause_kind text not null,
  cause_id uuid not null,
  at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (member_id, entry_id)
);

-- Open holds only: a hold that is spent or released goes; checkout keeps what was held.
create table ledger.hold (
  member_id uuid not null,
  hold_id uuid not null,
  parts jsonb not null,
  expires_at timestamptz not null,
  primary key (member_id, hold_id)
);

create table ledger.debt (
  member_id uuid not null,
  debt_id uuid not null,
  amount bigint not null check (amount > 0),
  remaining bigint not null,
  forgiven bigint not null default 0 check (forgiven >= 0),
  cause_kind text not null,
  cause_id uuid not null,
  created_at timestamptz not null,
  written_off_at timestamptz,
  primary key (member_id, debt_id),
  constraint debt_remaining check (remaining between 0 and amount - forgiven)
);
