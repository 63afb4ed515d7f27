import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { earlier, type Instant, localDate } from '#kernel/time.ts';
import { readStanding, type Standing } from '#modules/standing/index.ts';
import { settleTier } from '../domain/decide.ts';
import { type ConditionProgress, conditionProgress, conditionsOf, earliestDay, rankOf } from '../domain/qualify.ts';
import type { ManualTier, TierProgress, TiersSection } from '../domain/tier.ts';
import { type HistoryEntry, readTierHistory } from '../store/changes.ts';
import { loadTierProgress } from '../store/progress.ts';
import { type TiersDeps, tiersInForce, zoneOf } from './deps.ts';

export interface MemberTierView {
  readonly standing: Standing;
  readonly manual: ManualTier | null;
  readonly next: NextTier | null;
  readonly history: readonly HistoryEntry[];
}

export interface NextTier {
  readonly tierCode: string;
  readonly rule: 'all' | 'any';
  readonly conditions: readonly ConditionProgress[];
}

const historyMax = 50;

/** The tier as it is at this very instant, whether or not a job has held the review (R7, R27). */
export async function readMemberTier(
  deps: TiersDeps,
  memberId: string,
  now: Instant,
): Promise<Outcome<MemberTierView, { readonly code: 'member_not_found' }>> {
  const living = await deps.people.resolve(memberId);
  const stored = living === null ? null : await readStanding(deps.db, living);
  if (living === null || stored === null) return refused({ code: 'member_not_found' });
  const tiers = tiersInForce(deps);
  const zone = await zoneOf(deps, deps.db, living);
  const from = earliestDay(tiers, localDate(earlier(stored.tierReviewAt, now) ?? now, zone));
  const [progress, history] = await Promise.all([
    loadTierProgress(deps.db, living, from),
    readTierHistory(deps.db, [living], historyMax),
  ]);
  const { standing } = settleTier(tiers, { standing: stored, progress, now, zone });
  const day = localDate(now, zone);
  return done({ standing, manual: progress.manual, next: nextTier(tiers, { standing, progress, day }), history });
}

/** The lowest tier above that can be earned. */
export function nextTier(
  tiers: TiersSection,
  member: { readonly standing: Standing; readonly progress: TierProgress; readonly day: ReturnType<typeof localDate> },
): NextTier | null {
  const { standing, progress, day } = member;
  const rank = rankOf(tiers, standing.tierCode);
  const above = tiers.list.filter((tier) => tier.rank > rank && tier.conditions !== null && !tier.by_hand_only);
  const [next] = above.toSorted((a, b) => a.rank - b.rank);
  if (!next || next.conditions === null) return null;
  const { paidTotal: paid, receiptsCount: receipts, counters } = standing;
  const figures = { allTime: { paid, receipts, counters }, days: progress.days };
  return {
    tierCode: next.code,
    rule: 'any' in next.conditions ? 'any' : 'all',
    conditions: conditionsOf(next).map((condition) => conditionProgress(condition, figures, day)),
  };
}
