import type { Instant } from '#kernel/time.ts';
import { all, type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { TierCause, TierChange, TierRaise } from '../domain/tier.ts';

const insertChanges = rowsStatement('tiers.insert_change', {
  head: `insert into tiers.tier_change
    (member_id, change_id, at, from_tier, from_since, from_review_at, to_tier, review_at, direction, cause_kind, cause_id, recorded_at)`,
  columns: 12,
});

const putReview = statement<never>(
  'tiers.put_review',
  `insert into tiers.review (member_id, due_at, kind, review_at) values ($1, $2, $3, $4)
   on conflict (member_id) do update set due_at = excluded.due_at, kind = excluded.kind, review_at = excluded.review_at`,
);

const deleteReview = statement<never>('tiers.delete_review', 'delete from tiers.review where member_id = $1');

const dueReviews = statement<DueRow>(
  'tiers.due_reviews',
  'select member_id, due_at, kind, review_at from tiers.review where due_at <= $1 order by due_at, member_id limit $2',
);

const raiseOf = statement<{
  at: Instant;
  from_tier: string | null;
  from_since: Instant | null;
  from_review_at: Instant | null;
  to_tier: string;
}>(
  'tiers.raise_of_receipt',
  `select at, from_tier, from_since, from_review_at, to_tier from tiers.tier_change
   where member_id = $1 and cause_kind = 'purchase' and cause_id = $2 and direction = 'up' order by change_id desc limit 1`,
);

const history = statement<HistoryRow>(
  'tiers.history',
  `select change_id, at, from_tier, to_tier, direction, cause_kind, cause_id, review_at from tiers.tier_change
   where member_id = any($1) order by at desc, change_id desc limit $2`,
);

interface DueRow {
  member_id: string;
  due_at: Instant;
  kind: 'warning' | 'review';
  review_at: Instant;
}

interface HistoryRow {
  change_id: string;
  at: Instant;
  from_tier: string | null;
  to_tier: string | null;
  direction: TierChange['direction'];
  cause_kind: TierCause;
  cause_id: string | null;
  review_at: Instant | null;
}

export interface ChangeToSave {
  readonly change: TierChange;
  /** The receipt, for purchase and return. */
  readonly causeId: string | null;
  readonly changeId: string;
  /** When the coming review is announced; see `dueOf`. */
  readonly due: DueReview | null;
}

/** What a job is to do about a member's tier, and when. */
export interface DueReview {
  readonly dueAt: Instant;
  readonly kind: 'warning' | 'review';
  readonly reviewAt: Instant;
}

export async function insertTierChanges(tx: Tx, changes: readonly ChangeToSave[], recordedAt: Instant): Promise<void> {
  const rows = changes.map(({ change, causeId, changeId }) => {
    const { from, to } = change;
    const positions = [from.tierCode, from.since, from.reviewAt, to.tierCode, to.reviewAt];
    return [change.memberId, changeId, change.at, ...positions, change.direction, change.cause, causeId, recordedAt];
  });
  // The last change of each member says what is due.
  const due = new Map(changes.map(({ change, due: next }) => [change.memberId, next]));
  await all([
    insertRows(tx, insertChanges, rows),
    ...[...due].map(([memberId, next]) => saveDueReview(tx, memberId, next)),
  ]);
}

export async function saveDueReview(tx: Tx, memberId: string, due: DueReview | null): Promise<void> {
  if (due === null) await tx.run(deleteReview, [memberId]);
  else await tx.run(putReview, [memberId, due.dueAt, due.kind, due.reviewAt]);
}

export async function readDueReviews(
  db: Db,
  now: Instant,
  limit: number,
): Promise<(DueReview & { memberId: string })[]> {
  const rows = await db.run(dueReviews, [now, limit]);
  return rows.map((row) => ({ memberId: row.member_id, dueAt: row.due_at, kind: row.kind, reviewAt: row.review_at }));
}

/** The change by which a receipt raised the tier; null: it did not. */
export async function loadTierRaise(db: Db, memberId: string, receiptId: string): Promise<TierRaise | null> {
  const [row] = await db.run(raiseOf, [memberId, receiptId]);
  if (!row) return null;
  const from = { tierCode: row.from_tier, since: row.from_since, reviewAt: row.from_review_at };
  return { at: row.at, from, toTier: row.to_tier };
}

export interface HistoryEntry {
  readonly changeId: string;
  readonly at: Instant;
  readonly from: string | null;
  readonly to: string | null;
  readonly direction: TierChange['direction'];
  readonly cause: TierCause;
  readonly causeId: string | null;
  readonly reviewAt: Instant | null;
}

export async function readTierHistory(db: Db, memberIds: readonly string[], limit: number): Promise<HistoryEntry[]> {
  return (await db.run(history, [memberIds, limit])).map((row) => ({
    changeId: row.change_id,
    at: row.at,
    from: row.from_tier,
    to: row.to_tier,
    direction: row.direction,
    cause: row.cause_kind,
    causeId: row.cause_id,
    reviewAt: row.review_at,
  }));
}
