create schema checkout;

-- One row per operation that an integration sent: idempotency (R20) and the way from a POS's number to a receipt. Key table: led by the key itself.
create table checkout.receipt_key (
  integration text not null,
  shop_id uuid not null,
  external_id text not null,
  kind text not null check (kind in ('hold', 'confirm', 'cancel', 'return')),
  member_id uuid not null,
  -- The receipt, or the return.
  object_id uuid not null,
  digest bytea not null,
  primary key (integration, shop_id, external_id, kind)
) with (fillfactor = 90);

-- A fiscal receipt counts once, however it arrives (R23).
create table checkout.fiscal_key (
  drive text not null,
  document text not null,
  sign text not null,
  member_id uuid not null,
  receipt_id uuid not null,
  purpose text not null default 'sale' check (purpose in ('sale', 'prepayment', 'settlement')),
  line_ids text[],
  sum bigint,
  at timestamptz,
  primary key (drive, document, sign)
);

-- A receipt without a member has its own id as member_id; claiming copies it and marks the old one (claimed_by).
create table checkout.receipt (
  member_id uuid not null,
  receipt_id uuid not null,
  has_member boolean not null,
  integration text not null,
  shop_id uuid not null,
  external_id text not null,
  state text not null check (state in ('held', 'confirmed', 'shipped', 'cancelled', 'expired', 'review')),
  is_order boolean not null default false,
  at timestamptz not null,
  received_at timestamptz not null,
  confirmed_at timestamptz,
  program_version integer not null,
  -- Minor units and points of the whole receipt.
  shelf bigint not null,
  till_discount bigint not null,
  promotion_discount bigint not null,
  redeemed_points bigint not null,
  redeemed_money bigint not null,
  rounding bigint not null,
  paid bigint not null,
  earned_points bigint not null,
  returned_money bigint not null default 0,
  -- Wholly returned receipts do not renew inactivity (R9).
  returned_wholly boolean not null default false,
  -- The tier that rated it, and the tier it raised the member to (R27).
  tier_code text,
  raised_tier text,
  flags text[] not null default '{}',
  origin text not null,
  test boolean not null default false,
  hold_expires_at timestamptz,
  claimed_by uuid,
  claimed_at timestamptz,
  -- What applying the quote needs later: spends, earnings with their lots, uses, next codes, explanation, the balance as answered.
  outcome jsonb not null,
  primary key (member_id, receipt_id),
  check (paid >= 0 and shelf >= 0 and returned_money >= 0)
) with (fillfactor = 90);
create index receipt_by_shop_day on checkout.receipt (shop_id, at);
create index receipt_held on checkout.receipt (hold_expires_at) where state = 'held';
create index receipt_waiting on checkout.receipt (received_at) where state = 'review';

create table checkout.receipt_line (
  member_id uuid not null,
  receipt_id uuid not null,
  line_no smallint not null,
  line_id text not null,
  sku text,
  product_id uuid,
  kind text not null,
  -- Thousandths.
  quantity bigint not null,
  shelf_sum bigint not null,
  till_discount bigint not null,
  discount bigint not null,
  redeemed_points bigint not null,
  redeemed_money bigint not null,
  rounding bigint not null,
  paid bigint not null,
  earned_points bigint not null,
  gift boolean not null default false,
  -- Discounts by promotion: [{"promotion": …, "amount": …}].
  discounts jsonb not null default '[]',
  -- How much came back, in units of quantity × paid (see domain/return-units.ts): exact for returns by quantity and by sum alike.
  returned_units numeric(40) not null default 0,
  primary key (member_id, receipt_id, line_no)
) with (fillfactor = 90);

create table checkout.return (
  member_id uuid not null,
  return_id uuid not null,
  receipt_id uuid not null,
  integration text not null,
  shop_id uuid not null,
  external_id text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  money_returned bigint not null,
  points_given_back bigint not null,
  points_taken_back bigint not null,
  debt_made bigint not null,
  test boolean not null default false,
  flags text[] not null default '{}',
  answer jsonb not null,
  primary key (member_id, return_id)
);
create index return_by_receipt on checkout.return (member_id, receipt_id);
create index return_by_shop_day on checkout.return (shop_id, at);
