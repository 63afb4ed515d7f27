import type { Instant, PlainDate } from '#kernel/time.ts';
import { all, type Db, statement, type Tx } from '#platform/db.ts';

interface DayRow {
  readonly day: PlainDate;
  readonly paid: bigint;
  readonly receipts: number;
  readonly counters: Readonly<Record<string, number>>;
}

export interface ProgressMemento {
  readonly days: readonly {
    readonly day: string;
    readonly paid: number;
    readonly receipts: number;
    readonly counters: Readonly<Record<string, number>>;
  }[];
}

interface Pair {
  readonly survivorId: string;
  readonly absorbedId: string;
}

const daysOf = statement<DayRow>(
  'tiers.days_of_members',
  'select day, paid, receipts, counters from tiers.progress_day where member_id = any($1) order by day',
);
const manualOf = statement<{ tierCode: string; until: Instant | null; reason: string }>(
  'tiers.manual_of_members',
  'select tier_code as "tierCode", until, reason from tiers.manual_tier where member_id = any($1)',
);
// Counters add up key by key: jsonb has no sum of objects.
const addDay = statement<never>(
  'tiers.add_whole_day',
  `insert into tiers.progress_day as p (member_id, day, paid, receipts, counters) values ($1, $2, $3, $4, $5)
   on conflict (member_id, day) do update set
     paid = p.paid + excluded.paid,
     receipts = p.receipts + excluded.receipts,
     counters = coalesce((
       select jsonb_object_agg(key, coalesce((p.counters ->> key)::int, 0) + coalesce((excluded.counters ->> key)::int, 0))
       from jsonb_object_keys(p.counters || excluded.counters) as key
     ), '{}')`,
);
const clear = [
  statement<never>('tiers.clear_changes', 'update tiers.tier_change set cause_id = null where member_id = $1'),
  statement<never>('tiers.clear_manual', 'delete from tiers.manual_tier where member_id = $1'),
  statement<never>('tiers.clear_days', 'delete from tiers.progress_day where member_id = $1'),
  statement<never>('tiers.clear_review', 'delete from tiers.review where member_id = $1'),
];
const endReview = statement<never>('tiers.end_review', 'delete from tiers.review where member_id = $1');

export function readProgressRows(db: Db, memberIds: readonly string[]): Promise<DayRow[]> {
  return db.run(daysOf, [memberIds]);
}

export function readManualRows(db: Db, memberIds: readonly string[]) {
  return db.run(manualOf, [memberIds]);
}

export async function clearTiers(tx: Tx, memberId: string): Promise<void> {
  await all(clear.map((one) => tx.run(one, [memberId])));
}

/** The absorbed member's days are added to the survivor's; their own rows stay as they were. */
export async function absorbProgress(tx: Tx, { survivorId, absorbedId }: Pair): Promise<ProgressMemento['days']> {
  const rows = await tx.run(daysOf, [[absorbedId]]);
  await all([
    ...rows.map(({ day, paid, receipts, counters }) => tx.run(addDay, [survivorId, day, paid, receipts, counters])),
    tx.run(endReview, [absorbedId]),
  ]);
  return rows.map(({ day, paid, receipts, counters }) => ({
    day: day.toString(),
    paid: Number(paid),
    receipts,
    counters,
  }));
}

export async function releaseProgress(tx: Tx, { survivorId }: Pair, { days }: ProgressMemento): Promise<void> {
  const less = (counters: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(counters).map(([code, count]) => [code, -count]));
  await all(
    days.map(({ day, paid, receipts, counters }) =>
      tx.run(addDay, [survivorId, day, -paid, -receipts, less(counters)]),
    ),
  );
}
