-- Files in: what was asked, how far it is, what was wrong, and what it made, so that it can be undone.
create schema imports;

create table imports.import (
  import_id uuid primary key,
  kind text not null check (kind in ('members', 'lots', 'progress', 'codes', 'products', 'shops', 'receipts')),
  -- replay: receipts go through the program on their own clock; history: they are recorded and counted, no points.
  mode text not null check (mode in ('history', 'replay')),
  status text not null check (
    status in ('waiting_for_file', 'ready', 'queued', 'running', 'stopped', 'done', 'failed', 'undone', 'partly_undone')
  ),
  -- What is queued, running or stopped.
  task text check (task in ('dry_run', 'run', 'undo')),
  step text not null default 'none' check (step in ('none', 'reading', 'sorting', 'members', 'applying', 'settling', 'undoing')),
  mapping jsonb not null,
  file_name text not null,
  file_path text,
  file_bytes bigint,
  file_digest text,
  -- What the file holds, by the last dry run or run; see domain/counts.ts.
  found jsonb not null default '{}',
  -- What was made, by answer.
  made jsonb not null default '{}',
  -- Where a resumed run goes on: written in the transaction of each batch.
  checkpoint jsonb not null default '{}',
  total bigint not null default 0,
  finished bigint not null default 0,
  stop_requested boolean not null default false,
  due_at timestamptz,
  requested_by jsonb not null,
  failure text,
  created_at timestamptz not null,
  started_at timestamptz,
  -- Written with every batch.
  beat_at timestamptz,
  ended_at timestamptz
);
create index import_due on imports.import (due_at) where due_at is not null;
create index import_created on imports.import (created_at desc, import_id);

-- Rows that were not taken. The row itself stays in the file: no personal data here.
create table imports.problem (
  import_id uuid not null references imports.import (import_id) on delete cascade,
  row_no bigint not null,
  code text not null,
  field text not null,
  detail text not null,
  primary key (import_id, row_no)
);

-- Things made that are no members' rows: codes, products, shops; and lots, which are undone by entry.
create table imports.made (
  import_id uuid not null references imports.import (import_id) on delete cascade,
  object_kind text not null check (object_kind in ('lot', 'code', 'product', 'shop')),
  object_id text not null,
  member_id uuid,
  primary key (import_id, object_kind, object_id)
);
create index made_member on imports.made (member_id) where member_id is not null;

-- Members an import made or changed: how they were before (null: not there) and the revision of their standing it left them at. A receipt without a
-- member is its own.
create table imports.touched (
  member_id uuid not null,
  import_id uuid not null references imports.import (import_id) on delete cascade,
  before jsonb,
  revision_before bigint,
  revision bigint,
  receipts integer not null default 0,
  primary key (member_id, import_id)
);
create index touched_import on imports.touched (import_id, member_id);

-- The scratch space of the one import that is working: unlogged, because a file can be read again. Row one of `staging` says whose it is.
create unlogged table imports.staging (
  id boolean primary key default true check (id),
  import_id uuid not null,
  mapping_digest text not null
);

create unlogged table imports.staged_line (
  row_no bigint not null,
  -- Rows of one receipt share it; otherwise the row's own number.
  group_key text not null,
  -- Who, as `kind value`; '' when nobody.
  member_key text not null,
  at timestamptz,
  -- Of the row as it stands in the file, when the mapping drops exact repetitions.
  digest uuid,
  -- Figures for counting; null for kinds that have none.
  sum bigint,
  record text not null
);

create unlogged table imports.staged_group (
  group_no bigint not null,
  group_key text not null,
  member_key text not null,
  at timestamptz,
  lines integer not null,
  sum bigint
);

create unlogged table imports.staged_member (
  member_key text not null,
  first_at timestamptz,
  member_id uuid,
  primary key (member_key)
);

-- What an export writes, and what an undo asks of the tills: views, so that this module's statements name its own schema only.
create view imports.member_file as
select
  person.member_id,
  person.status,
  person.joined_at,
  person.first_name,
  person.last_name,
  person.patronymic,
  person.birthday,
  person.gender,
  (select string_agg(found.value, ' ' order by found.added_at, found.value) from members.identity found
   where found.member_id = person.member_id and found.kind = 'phone') as phone,
  (select string_agg(found.value, ' ' order by found.added_at, found.value) from members.identity found
   where found.member_id = person.member_id and found.kind = 'email') as email,
  (select string_agg(found.value, ' ' order by found.added_at, found.value) from members.identity found
   where found.member_id = person.member_id and found.kind = 'card') as cards,
  (select string_agg(found.kind || '=' || found.value, ' ' order by found.kind, found.value) from members.identity found
   where found.member_id = person.member_id and found.kind like 'external:%') as external_ids,
  standing.tier_code as tier,
  standing.available,
  standing.pending,
  standing.reserved,
  standing.debt,
  standing.receipts_count,
  standing.paid_total,
  standing.last_purchase_at
from members.member person
left join standing.standing standing on standing.member_id = person.member_id
where person.status in ('active', 'blocked');

create view imports.receipt_file as
select
  shop.code as shop,
  receipt.external_id as receipt_id,
  receipt.at,
  case when receipt.has_member then receipt.member_id end as member_id,
  receipt.state,
  receipt.origin,
  line.line_no,
  line.sku,
  line.quantity,
  line.shelf_sum,
  line.till_discount,
  line.discount,
  line.redeemed_points,
  line.redeemed_money,
  line.paid,
  line.earned_points,
  receipt.returned_money as receipt_returned_money
from checkout.receipt receipt
join catalog.shop shop on shop.shop_id = receipt.shop_id
join checkout.receipt_line line on line.member_id = receipt.member_id and line.receipt_id = receipt.receipt_id
where receipt.claimed_by is null;

create view imports.entry_file as
select
  entry.member_id,
  entry.entry_id,
  entry.at,
  entry.kind,
  entry.change,
  entry.cause_kind,
  entry.cause_id,
  lot.lot_id,
  lot.source,
  lot.rule,
  lot.starts_at,
  lot.burns_at
from ledger.entry entry
join ledger.lot lot on lot.member_id = entry.member_id and lot.lot_id = entry.lot_id;

create view imports.till_receipt as
select member_id, received_at from checkout.receipt where origin in ('live', 'late');
