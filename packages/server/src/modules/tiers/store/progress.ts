import { money } from '#kernel/money.ts';
import type { Instant, PlainDate } from '#kernel/time.ts';
import { all, type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { DayProgress, ManualTier, TierProgress } from '../domain/tier.ts';

const daysSince = statement<DayRow>(
  'tiers.days_since',
  'select day, paid, receipts, counters from tiers.progress_day where member_id = $1 and day >= $2',
);

const manualTier = statement<ManualRow>(
  'tiers.manual_tier',
  'select tier_code, until, reason, set_by, set_at from tiers.manual_tier where member_id = $1',
);

const addDays = rowsStatement('tiers.add_day', {
  head: 'insert into tiers.progress_day as p (member_id, day, paid, receipts)',
  columns: 4,
  tail: 'on conflict (member_id, day) do update set paid = p.paid + excluded.paid, receipts = p.receipts + excluded.receipts',
});

const addDayCounter = statement<never>(
  'tiers.add_day_counter',
  `insert into tiers.progress_day as p (member_id, day, counters) values ($1, $2, jsonb_build_object($3::text, $4::int))
   on conflict (member_id, day) do update set
     counters = p.counters || jsonb_build_object($3::text, coalesce((p.counters ->> $3::text)::int, 0) + $4::int)`,
);

const putManual = statement<never>(
  'tiers.put_manual_tier',
  `insert into tiers.manual_tier (member_id, tier_code, until, reason, set_by, set_at) values ($1, $2, $3, $4, $5, $6)
   on conflict (member_id) do update set tier_code = excluded.tier_code, until = excluded.until, reason = excluded.reason,
     set_by = excluded.set_by, set_at = excluded.set_at`,
);

const deleteManual = statement<never>('tiers.delete_manual_tier', 'delete from tiers.manual_tier where member_id = $1');

interface DayRow {
  day: PlainDate;
  paid: bigint;
  receipts: number;
  counters: Record<string, number>;
}

interface ManualRow {
  tier_code: string;
  until: Instant | null;
  reason: string;
  set_by: string;
  set_at: Instant;
}

/** Buckets from a day on (null: none are looked at) and the manual tier; sent together, so that it rides with the locking load. */
export async function loadTierProgress(db: Db, memberId: string, from: PlainDate | null): Promise<TierProgress> {
  const reading = from === null ? Promise.resolve([]) : db.run(daysSince, [memberId, from]);
  const manual = db.run(manualTier, [memberId]);
  await all([reading, manual]);
  const days = (await reading).map(({ day, paid, receipts, counters }) => ({
    day,
    paid: money(paid),
    receipts,
    counters,
  }));
  const [row] = await manual;
  return { days, manual: row ? manualOf(row) : null, unsaved: [] };
}

function manualOf(row: ManualRow): ManualTier {
  return { tierCode: row.tier_code, until: row.until, reason: row.reason, setBy: row.set_by, setAt: row.set_at };
}

export interface UnsavedProgress {
  readonly memberId: string;
  readonly unsaved: readonly DayProgress[];
}

/** Adds what decisions counted since the load. Many members at once; not awaited by hot paths. */
export async function saveTierProgress(tx: Tx, progresses: readonly UnsavedProgress[]): Promise<void> {
  const purchases = new Map<string, { memberId: string; day: PlainDate; paid: bigint; receipts: number }>();
  const counting: Promise<unknown>[] = [];
  for (const { memberId, unsaved } of progresses) {
    for (const { day, paid, receipts, counters } of unsaved) {
      for (const [counter, count] of Object.entries(counters)) {
        counting.push(tx.run(addDayCounter, [memberId, day, counter, count]));
      }
      if (paid === 0n && receipts === 0) continue;
      // One row a day: INSERT … ON CONFLICT refuses to touch a row twice.
      const key = `${memberId} ${day.toString()}`;
      const before = purchases.get(key) ?? { memberId, day, paid: 0n, receipts: 0 };
      purchases.set(key, { memberId, day, paid: before.paid + paid, receipts: before.receipts + receipts });
    }
  }
  const rows = [...purchases.values()].map(({ memberId, day, paid, receipts }) => [memberId, day, paid, receipts]);
  await all([...counting, insertRows(tx, addDays, rows)]);
}

export async function saveManualTier(tx: Tx, memberId: string, manual: ManualTier | null): Promise<void> {
  if (manual === null) await tx.run(deleteManual, [memberId]);
  else await tx.run(putManual, [memberId, manual.tierCode, manual.until, manual.reason, manual.setBy, manual.setAt]);
}
