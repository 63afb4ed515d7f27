import type { Points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { CauseKind, Lot } from '../domain/account.ts';

const columns = `l.member_id as "memberId", l.lot_id as "lotId", l.source, l.rule, l.cause_kind as "causeKind", l.cause_id as "causeId", l.amount, l.remaining,
  l.held, l.starts_at as "startsAt", l.burns_at as "burnsAt", l.inactivity_days as "inactivityDays", l.grace_until as "graceUntil", l.restriction, l.funder,
  l.pays_debt as "paysDebt", l.started, l.created_at as "createdAt"`;

const readOpen = statement<Lot>(
  'ledger.read_open_lots',
  `select ${columns} from ledger.lot l where l.member_id = $1 and l.open`,
);
const readOpenOfMany = statement<Lot>(
  'ledger.read_open_lots_of_many',
  `select ${columns} from ledger.lot l where l.member_id = any($1::uuid[]) and l.open`,
);
const readAllOfMany = statement<Lot>(
  'ledger.read_all_lots_of_many',
  `select ${columns} from ledger.lot l where l.member_id = any($1::uuid[]) order by l.member_id, l.lot_id`,
);
const readByIds = statement<Lot>(
  'ledger.read_lots',
  `select ${columns} from ledger.lot l where l.member_id = $1 and l.lot_id = any($2::uuid[])`,
);
const readOfCause = statement<Lot>(
  'ledger.read_lots_of_cause',
  `select ${columns} from ledger.lot l where l.member_id = $1 and l.cause_kind = $2 and l.cause_id = $3`,
);
const readBurned = statement<Lot>(
  'ledger.read_burned_lots',
  `select ${columns} from ledger.lot l where l.member_id = $1 and l.lot_id in
    (select e.lot_id from ledger.entry e where e.member_id = $1 and e.kind = 'expire' and e.at > $2)`,
);
const pageByMember = statement<Lot>(
  'ledger.page_lots',
  `select ${columns} from ledger.lot l where l.member_id = any($1::uuid[]) and (l.open or $4) and l.lot_id < $2 order by l.lot_id desc limit $3`,
);
// R8 in SQL (domain/order.ts says it in TypeScript): lots that burn first, the more restricted, started first, the older. Restricted lots may turn out
// useless for the receipt, so only unrestricted points count towards the sum that is needed.
const readSpendable = statement<Lot>(
  'ledger.read_spendable_lots',
  `select ${columns} from (
    select o.*, sum(case when o.restriction is null then o.remaining - o.held else 0 end)
      over (order by o.ends_at asc nulls last, o.bounds desc, o.starts_at, o.created_at, o.lot_id rows between unbounded preceding and 1 preceding) as before
    from (
      select a.*, case when a.burns_at is not null
          then greatest(a.burns_at, a.grace_until, case when a.inactivity_days is not null then $2::timestamptz end) end as ends_at,
        case when a.restriction is null then 0 else (a.restriction ? 'shops')::int + (a.restriction ? 'channels')::int
          + (a.restriction ? 'products')::int + (a.restriction ? 'least_receipt')::int end as bounds
      from ledger.lot a where a.member_id = $1 and a.open and a.started and a.remaining > a.held
    ) o where o.ends_at is null or o.ends_at > $3
  ) l where coalesce(l.before, 0) < $4`,
);

const insertLots = rowsStatement('ledger.insert_lot', {
  head: `insert into ledger.lot (member_id, lot_id, source, rule, cause_kind, cause_id, amount, remaining, held, starts_at, burns_at, inactivity_days,
    grace_until, restriction, funder, pays_debt, started, open, created_at)`,
  columns: 19,
});
// One statement for any number of lots of one member; `member_id = $1` routes it to one shard.
const updateOfOne = statement<never>(
  'ledger.update_lots',
  `update ledger.lot as l set remaining = v.remaining, held = v.held, started = v.started, grace_until = v.grace_until, open = v.remaining > 0
   from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::boolean[], $6::timestamptz[]) as v (lot_id, remaining, held, started, grace_until)
   where l.member_id = $1 and l.lot_id = v.lot_id`,
);
const updateOfMany = statement<never>(
  'ledger.update_lots_of_many',
  `update ledger.lot as l set remaining = v.remaining, held = v.held, started = v.started, grace_until = v.grace_until, open = v.remaining > 0
   from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::boolean[], $6::timestamptz[]) as v (member_id, lot_id, remaining, held, started, grace_until)
   where l.member_id = v.member_id and l.lot_id = v.lot_id`,
);

export function readOpenLots(db: Db, memberId: string): Promise<Lot[]> {
  return db.run(readOpen, [memberId]);
}

export function readOpenLotsOfMany(db: Db, memberIds: readonly string[]): Promise<Lot[]> {
  return db.run(readOpenOfMany, [memberIds]);
}

/** Closed ones too: for the export of a person and the audit. */
export function readAllLots(db: Db, memberIds: readonly string[]): Promise<Lot[]> {
  return db.run(readAllOfMany, [memberIds]);
}

/** Lots by id, closed ones too. */
export function loadLots(db: Db, memberId: string, lotIds: readonly string[]): Promise<Lot[]> {
  return db.run(readByIds, [memberId, lotIds]);
}

export function readLotsOfCause(
  db: Db,
  memberId: string,
  cause: { readonly kind: CauseKind; readonly id: string },
): Promise<Lot[]> {
  return db.run(readOfCause, [memberId, cause.kind, cause.id]);
}

export function readBurnedLots(db: Db, memberId: string, after: Instant): Promise<Lot[]> {
  return db.run(readBurned, [memberId, after]);
}

export interface SpendableQuestion {
  readonly need: Points;
  readonly deadline: Instant | null;
  readonly now: Instant;
}

export function readSpendableLots(db: Db, memberId: string, question: SpendableQuestion): Promise<Lot[]> {
  return db.run(readSpendable, [memberId, question.deadline, question.now, question.need]);
}

export interface LotPage {
  readonly memberIds: readonly string[];
  readonly before: string;
  readonly limit: number;
  readonly closed: boolean;
}

/** Newest first, over a member and those merged into it. */
export function pageLots(db: Db, asked: LotPage): Promise<Lot[]> {
  return db.run(pageByMember, [asked.memberIds, asked.before, asked.limit, asked.closed]);
}

export function saveLots(tx: Tx, made: readonly Lot[], changed: readonly Lot[]): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  if (made.length > 0) sent.push(insertRows(tx, insertLots, made.map(valuesOf)));
  const [first] = changed;
  if (!first) return sent;
  const lists = [
    changed.map((lot) => lot.lotId),
    changed.map((lot) => lot.remaining),
    changed.map((lot) => lot.held),
    changed.map((lot) => lot.started),
    changed.map((lot) => lot.graceUntil),
  ];
  const ofOne = changed.every((lot) => lot.memberId === first.memberId);
  sent.push(
    ofOne
      ? tx.run(updateOfOne, [first.memberId, ...lists])
      : tx.run(updateOfMany, [changed.map((lot) => lot.memberId), ...lists]),
  );
  return sent;
}

function valuesOf(lot: Lot): unknown[] {
  return [
    lot.memberId,
    lot.lotId,
    lot.source,
    lot.rule,
    lot.causeKind,
    lot.causeId,
    lot.amount,
    lot.remaining,
    lot.held,
    lot.startsAt,
    lot.burnsAt,
    lot.inactivityDays,
    lot.graceUntil,
    lot.restriction,
    lot.funder,
    lot.paysDebt,
    lot.started,
    lot.remaining > 0n,
    lot.createdAt,
  ];
}

const anyLot = statement<{ exist: boolean }>('ledger.any_lot', 'select exists (select 1 from ledger.lot) as exist');

/** Does anybody have, or did anybody ever have, points? Then what one is worth is fixed (R1). */
export async function pointsExist(db: Db): Promise<boolean> {
  const [row] = await db.run(anyLot, []);
  return row?.exist === true;
}
