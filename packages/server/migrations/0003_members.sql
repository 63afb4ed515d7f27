-- People, what finds them, what they allowed. Tables that grow with members lead their keys with member_id; what must be unique across members
-- stands in key tables led by the key itself (members.identity, members.card_stock, members.welcome_key).
create schema members;

create table members.member (
  member_id uuid primary key,
  status text not null check (status in ('active', 'blocked', 'merged', 'erased')),
  -- Always the living member, never another alias: one hop is enough for a reader.
  merged_into uuid,
  joined_at timestamptz not null,
  joined_shop_id uuid,
  first_name text,
  last_name text,
  patronymic text,
  birthday date,
  gender text check (gender in ('female', 'male')),
  zone text,
  language text check (language in ('ru', 'en')),
  fields jsonb not null default '{}' check (jsonb_typeof(fields) = 'object'),
  -- R30: an employee's own card; a till alerts when its cashier shows it.
  staff boolean not null default false,
  -- Test members stay out of figures.
  test boolean not null default false,
  origin text not null check (origin in ('live', 'late', 'import', 'replay')),
  registered_by text not null,
  blocked_at timestamptz,
  blocked_reason text,
  erased_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint member_merged_has_target check ((status = 'merged') = (merged_into is not null)),
  constraint member_not_own_alias check (merged_into <> member_id)
);
create index member_merged_into on members.member (merged_into) where merged_into is not null;

-- A key table: what finds a member belongs to one member (R31). Merging points the row to the survivor, so that the look-up at a till is this
-- row alone: on a cluster a join with members.member would not stay on one machine.
create table members.identity (
  kind text not null,
  value text not null,
  member_id uuid not null,
  identity_id uuid not null,
  state text not null check (state in ('active', 'lost', 'replaced', 'blocked')),
  added_at timestamptz not null,
  confirmed_at timestamptz,
  proof jsonb,
  source text not null,
  primary key (kind, value),
  constraint identity_state_is_for_cards check (state = 'active' or kind = 'card')
);
create index identity_member on members.identity (member_id);

-- What a member had and has no more: a number they gave up, a card of another owner.
create table members.identity_history (
  member_id uuid not null,
  identity_id uuid not null,
  kind text not null,
  value text not null,
  added_at timestamptz not null,
  confirmed_at timestamptz,
  proof jsonb,
  released_at timestamptz not null,
  reason text not null check (reason in ('changed', 'removed', 'reissued')),
  released_by text not null,
  primary key (member_id, identity_id)
);

create sequence members.card_number;

create table members.card_batch (
  batch_id uuid primary key,
  prefix text not null,
  cards_count integer not null check (cards_count > 0),
  note text,
  made_at timestamptz not null,
  made_by text not null
);

-- A key table: printed cards. The number's owner, once there is one, is in members.identity.
create table members.card_stock (
  number text primary key,
  batch_id uuid not null references members.card_batch (batch_id),
  state text not null check (state in ('unassigned', 'assigned', 'cancelled')),
  changed_at timestamptz not null
);
create index card_stock_batch on members.card_stock (batch_id, number);

-- Append-only (R33). Only an erasure touches a row: it takes the personal data out of the proof and leaves the rest.
create table members.consent (
  member_id uuid not null,
  consent_id uuid not null,
  channel text not null,
  purpose text not null,
  given boolean not null,
  at timestamptz not null,
  source text not null,
  shop_id uuid,
  text_shown text,
  proof jsonb,
  recorded_at timestamptz not null,
  recorded_by text not null,
  minimised_at timestamptz,
  primary key (member_id, consent_id)
);

-- What a name fragment or a number's last digits are looked up in, apart from members.member so that its updates stay cheap.
create table members.search (
  member_id uuid primary key,
  words text not null
);
-- A finer histogram: how common a fragment is decides how it is looked for.
alter table members.search alter column words set statistics 500;
-- Without fastupdate: a pending list is scanned by every search, and members are registered one at a time.
create index search_words on members.search using gin (words gin_trgm_ops) with (fastupdate = off);

-- member_id is the survivor (R32).
create table members.merge (
  member_id uuid not null,
  merge_id uuid not null,
  -- The survivor's first merge, second …: undone in the reverse order.
  place integer not null,
  absorbed_id uuid not null,
  merged_at timestamptz not null,
  undo_until timestamptz not null,
  merged_by text not null,
  reason text,
  undone_at timestamptz,
  undone_by text,
  -- What each module needs to undo it.
  memento jsonb not null,
  primary key (member_id, merge_id),
  constraint merge_place unique (member_id, place),
  check (absorbed_id <> member_id)
);

-- A key table: gifts that a phone gets once, also after its owner was erased (R30). The hash is keyed by a secret of the installation.
create table members.welcome_key (
  hash bytea not null,
  gift text not null,
  claimed_at timestamptz not null,
  primary key (hash, gift)
);

-- A reference table: the program's own profile fields.
create table members.field (
  code text primary key,
  type text not null check (type in ('text', 'integer', 'date', 'boolean', 'choice', 'list')),
  label_ru text not null,
  label_en text not null,
  choices jsonb not null default '[]' check (jsonb_typeof(choices) = 'array'),
  personal boolean not null,
  position smallint not null,
  archived_at timestamptz
);
