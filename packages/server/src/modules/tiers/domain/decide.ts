import { type Money, money } from '#kernel/money.ts';
import { endOfDaysAfter, type Instant, isAtOrBefore, isBefore, localDate, type PlainDate } from '#kernel/time.ts';
import type { Standing } from '#modules/standing/index.ts';
import { dayOfReview, earliestDay, earnedTier, rankOf, startingTier, type TierFigures } from './qualify.ts';
import type {
  DayProgress,
  ManualTier,
  TierCause,
  TierChange,
  TierPosition,
  TierProgress,
  TierRaise,
  TiersSection,
} from './tier.ts';

export const noProgress: TierProgress = { days: [], manual: null, unsaved: [] };

/** A review missed for longer than this many terms is held once, now: nobody was there to see the ones between. */
const reviewsMax = 400;

interface Moment {
  readonly standing: Standing;
  /** null: nothing was loaded, because no condition looks at a window and nothing was due. */
  readonly progress: TierProgress | null;
  readonly now: Instant;
  /** The member's (R3). */
  readonly zone: string;
}

export interface TierDecision {
  readonly standing: Standing;
  readonly progress: TierProgress | null;
  readonly change: TierChange | null;
}

/** True when the stored tier may be another by now: load `TierProgress` and settle before anything reads the tier (R7, R27). */
export function tierNeedsSettling(tiers: TiersSection, standing: Standing, now: Instant): boolean {
  if (standing.tierReviewAt !== null && isAtOrBefore(standing.tierReviewAt, now)) return true;
  // A tier that a new version of the program no longer has, or a member from before there were tiers.
  return rankOf(tiers, standing.tierCode) < 0 && (standing.tierCode !== null || startingTier(tiers) !== null);
}

/** Holds the reviews that time has brought, each at its own instant (R27: true by time alone). Nothing due: answers what it was given. */
export function settleTier(
  tiers: TiersSection,
  moment: Moment,
): { readonly standing: Standing; readonly changes: readonly TierChange[] } {
  let { standing } = moment;
  const changes: TierChange[] = [];
  while (tierNeedsSettling(tiers, standing, moment.now)) {
    const due = standing.tierReviewAt;
    const isReview = due !== null && isAtOrBefore(due, moment.now);
    const at = isReview && changes.length < reviewsMax ? due : moment.now;
    const day = isReview ? dayOfReview(at, moment.zone) : localDate(at, moment.zone);
    const from = positionOf(standing);
    const to = fairPosition(tiers, { ...moment, standing }, { at, day });
    const change = changeOf(tiers, { standing, at, from, to, cause: isReview ? 'review' : 'program' });
    changes.push(change);
    standing = withPosition(standing, to);
  }
  return { standing, changes };
}

/** A confirmed purchase: progress grows, and the tier rises at once. The receipt itself was rated by the tier before (R27). `standing` counts it already. */
export function progressAfterPurchase(
  tiers: TiersSection,
  purchase: Moment & { readonly at: Instant; readonly paid: Money },
): TierDecision {
  const delta = { paid: purchase.paid, receipts: 1 };
  return risen(
    tiers,
    withDelta(tiers, purchase, { day: localDate(purchase.at, purchase.zone), ...delta, counters: {} }),
    'purchase',
  );
}

/** A review of a product, a quiz, an own counter. `standing.counters` counts it already. */
export function progressAfterCounter(
  tiers: TiersSection,
  counted: Moment & { readonly counter: string; readonly count: number },
): TierDecision {
  const day = localDate(counted.now, counted.zone);
  const delta = { day, paid: money(0n), receipts: 0, counters: { [counted.counter]: counted.count } };
  return risen(tiers, withDelta(tiers, counted, delta), 'counter');
}

/**
 * A return, whole or in part: progress falls on the day of its receipt; the tier falls at once only if this receipt raised it and comes back
 * within the return window, no lower than where it stood before (R27). `standing` is reduced already. `raise` with its progress: see `loadTierRaise`.
 */
export function progressAfterReturn(
  tiers: TiersSection,
  returned: Moment & {
    readonly at: Instant;
    readonly paid: Money;
    readonly wholeReceipt: boolean;
    readonly raise: TierRaise | null;
  },
): TierDecision {
  const { now, zone, raise } = returned;
  const delta = { paid: money(0n - returned.paid), receipts: returned.wholeReceipt ? -1 : 0 };
  const moment = withDelta(tiers, returned, { day: localDate(returned.at, zone), ...delta, counters: {} });
  const unchanged = { standing: moment.standing, progress: moment.progress, change: null };
  if (raise === null || moment.standing.tierCode !== raise.toTier) return unchanged;
  if (!isBefore(now, endOfDaysAfter(raise.at, tiers.return_window_days, zone))) return unchanged;
  const fair = fairPosition(tiers, moment, { at: now, day: localDate(now, zone) });
  if (rankOf(tiers, fair.tierCode) >= rankOf(tiers, raise.toTier)) return unchanged;
  const to = rankOf(tiers, raise.from.tierCode) > rankOf(tiers, fair.tierCode) ? raise.from : fair;
  const change = changeOf(tiers, {
    standing: moment.standing,
    at: now,
    from: positionOf(moment.standing),
    to,
    cause: 'return',
  });
  return { ...unchanged, standing: withPosition(moment.standing, to), change };
}

/** After a manual tier was given, changed or taken away: what is fair now, `progress.manual` being the new one. */
export function tierAfterManual(tiers: TiersSection, moment: Moment): TierDecision {
  const { standing, now } = moment;
  const from = positionOf(standing);
  const fair = fairPosition(tiers, moment, { at: now, day: localDate(now, moment.zone) });
  const to = fair.tierCode === from.tierCode ? { ...fair, since: from.since ?? fair.since } : fair;
  return {
    standing: withPosition(standing, to),
    progress: moment.progress,
    change: changeOf(tiers, { standing, at: now, from, to, cause: 'manual' }),
  };
}

/** Two members became one: the higher tier stays, with its own review (R32: the tier never falls). */
export function higherPosition(tiers: TiersSection, first: TierPosition, second: TierPosition): TierPosition {
  const [a, b] = [rankOf(tiers, first.tierCode), rankOf(tiers, second.tierCode)];
  if (a !== b) return a > b ? first : second;
  // The same tier: the one that may fall later.
  if (first.reviewAt === null || second.reviewAt === null) return first.reviewAt === null ? first : second;
  return isBefore(first.reviewAt, second.reviewAt) ? second : first;
}

export function positionOf(standing: Standing): TierPosition {
  return { tierCode: standing.tierCode, since: standing.tierSince, reviewAt: standing.tierReviewAt };
}

export function withPosition(standing: Standing, to: TierPosition): Standing {
  return { ...standing, tierCode: to.tierCode, tierSince: to.since, tierReviewAt: to.reviewAt };
}

/** What the figures and the hand give at an instant, whatever the tier was: reviews and manual changes set it, purchases only rise to it. */
function fairPosition(
  tiers: TiersSection,
  moment: Moment,
  when: { readonly at: Instant; readonly day: PlainDate },
): TierPosition {
  const earned = earnedTier(tiers, figuresOf(moment), when.day);
  const manual = moment.progress?.manual ?? null;
  const isByHand = isInForce(manual, when.at) && rankOf(tiers, manual.tierCode) > rankOf(tiers, earned);
  const tierCode = isByHand ? manual.tierCode : earned;
  const since = tierCode === moment.standing.tierCode ? moment.standing.tierSince : when.at;
  return { tierCode, since, reviewAt: isByHand ? manual.until : nextReview(tiers, tierCode, when.day, moment.zone) };
}

/** A tier that is no lower than any earned one has nothing to fall to. */
function nextReview(tiers: TiersSection, tierCode: string | null, day: PlainDate, zone: string): Instant | null {
  if (tierCode === null || tiers.review_days === null) return null;
  const rank = rankOf(tiers, tierCode);
  if (!tiers.list.some((tier) => tier.rank < rank)) return null;
  return endOfDaysAfter(
    day.toZonedDateTime({ timeZone: zone, plainTime: '12:00' }).toInstant(),
    tiers.review_days,
    zone,
  );
}

function isInForce(manual: ManualTier | null, at: Instant): manual is ManualTier {
  return manual !== null && (manual.until === null || isBefore(at, manual.until));
}

function risen(tiers: TiersSection, moment: Moment, cause: TierCause): TierDecision {
  const { standing, progress, now } = moment;
  const from = positionOf(standing);
  const day = localDate(now, moment.zone);
  const earned = earnedTier(tiers, figuresOf(moment), day);
  if (rankOf(tiers, earned) <= rankOf(tiers, from.tierCode)) return { standing, progress, change: null };
  const to: TierPosition = { tierCode: earned, since: now, reviewAt: nextReview(tiers, earned, day, moment.zone) };
  return {
    standing: withPosition(standing, to),
    progress,
    change: changeOf(tiers, { standing, at: now, from, to, cause }),
  };
}

function changeOf(
  tiers: TiersSection,
  change: { standing: Standing; at: Instant; from: TierPosition; to: TierPosition; cause: TierCause },
): TierChange {
  const { standing, at, from, to, cause } = change;
  const [before, after] = [rankOf(tiers, from.tierCode), rankOf(tiers, to.tierCode)];
  return {
    memberId: standing.memberId,
    at,
    from,
    to,
    cause,
    direction: after > before ? 'up' : after < before ? 'down' : 'same',
  };
}

function figuresOf(moment: Moment): TierFigures {
  const { paidTotal, receiptsCount, counters } = moment.standing;
  return { allTime: { paid: paidTotal, receipts: receiptsCount, counters }, days: moment.progress?.days ?? [] };
}

/** Buckets are kept only for a program that looks at windows; for counters always, because they are few. */
function withDelta<M extends Moment>(tiers: TiersSection, moment: M, delta: DayProgress): M {
  const isCounter = Object.keys(delta.counters).length > 0;
  if (!isCounter && earliestDay(tiers, delta.day) === null) return moment;
  const progress = moment.progress ?? noProgress;
  return {
    ...moment,
    progress: { ...progress, days: [...progress.days, delta], unsaved: [...progress.unsaved, delta] },
  };
}
