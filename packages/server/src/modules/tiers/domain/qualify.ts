import { type Instant, isDayBefore, localDate, type PlainDate } from '#kernel/time.ts';
import type { Tier, TierCondition } from '#modules/program/index.ts';
import type { DayProgress, TierCounts, TiersSection } from './tier.ts';

/** What conditions measure: all-time figures, and buckets by day for windows. */
export interface TierFigures {
  readonly allTime: TierCounts;
  readonly days: readonly DayProgress[];
}

/** How high a tier stands; below all when the program does not know it, so that whatever is earned replaces it. */
export function rankOf(tiers: TiersSection, tierCode: string | null): number {
  return tiers.list.find((tier) => tier.code === tierCode)?.rank ?? -1;
}

/** Where everybody begins: the lowest tier that has no condition. null: the program has no tiers. */
export function startingTier(tiers: TiersSection): string | null {
  const open = tiers.list.filter((tier) => !tier.by_hand_only && tier.conditions === null);
  return open.toSorted((a, b) => a.rank - b.rank)[0]?.code ?? null;
}

/** The highest tier that the figures earn as of a local day; one without conditions is earned by anyone only if it is the starting one. */
export function earnedTier(tiers: TiersSection, figures: TierFigures, day: PlainDate): string | null {
  const start = startingTier(tiers);
  const earned = tiers.list.filter((tier) => tier.code === start || isEarned(tier, figures, day));
  return best(earned)?.code ?? start;
}

function isEarned(tier: Tier, figures: TierFigures, day: PlainDate): boolean {
  if (tier.by_hand_only || tier.conditions === null) return false;
  const holds = (condition: TierCondition): boolean => conditionProgress(condition, figures, day).reached;
  return 'any' in tier.conditions ? tier.conditions.any.some(holds) : tier.conditions.all.every(holds);
}

function best(list: readonly Tier[]): Tier | null {
  return list.reduce<Tier | null>((top, tier) => (top === null || tier.rank > top.rank ? tier : top), null);
}

export interface ConditionProgress {
  readonly condition: TierCondition;
  readonly value: bigint;
  readonly reached: boolean;
}

/** How far a condition is, as of a local day. */
export function conditionProgress(condition: TierCondition, figures: TierFigures, day: PlainDate): ConditionProgress {
  const from = windowStart(condition, day);
  const parts = from === null ? [figures.allTime] : figures.days.filter((bucket) => isWithin(bucket.day, from, day));
  const value = parts.reduce((sum, part) => sum + measure(condition.figure, part), 0n);
  return { condition, value, reached: value >= BigInt(condition.at_least) };
}

function measure(figure: string, counts: TierCounts): bigint {
  if (figure === 'money_paid') return counts.paid;
  if (figure === 'receipts') return BigInt(counts.receipts);
  return BigInt(counts.counters[counterOf(figure)] ?? 0);
}

/** reviews → reviews, counter:workshops → workshops. */
export function counterOf(figure: string): string {
  return figure.startsWith('counter:') ? figure.slice('counter:'.length) : figure;
}

function isWithin(day: PlainDate, from: PlainDate, until: PlainDate): boolean {
  return !isDayBefore(day, from) && !isDayBefore(until, day);
}

/** The first day that counts; null: all time. Rolling N days are today and the N − 1 before it. */
function windowStart({ window }: TierCondition, day: PlainDate): PlainDate | null {
  switch (window.kind) {
    case 'all_time':
      return null;
    case 'rolling':
      return day.subtract({ days: window.days - 1 });
    case 'period':
      return periodStart(window.period, day);
  }
}

function periodStart(period: 'year' | 'quarter' | 'month', day: PlainDate): PlainDate {
  switch (period) {
    case 'year':
      return day.with({ month: 1, day: 1 });
    case 'quarter':
      return day.with({ month: day.month - ((day.month - 1) % 3), day: 1 });
    case 'month':
      return day.with({ day: 1 });
  }
}

/** The earliest day that any condition looks at; null: all conditions are all-time and buckets need not be loaded or kept. */
export function earliestDay(tiers: TiersSection, day: PlainDate): PlainDate | null {
  let earliest: PlainDate | null = null;
  for (const condition of tiers.list.flatMap(conditionsOf)) {
    const from = windowStart(condition, day);
    if (from !== null && (earliest === null || isDayBefore(from, earliest))) earliest = from;
  }
  return earliest;
}

export function conditionsOf(tier: Tier): readonly TierCondition[] {
  if (tier.conditions === null) return [];
  return 'any' in tier.conditions ? tier.conditions.any : tier.conditions.all;
}

/** The local day on which an instant's figures are looked at; a review at midnight looks at the day that ended. */
export function dayOfReview(at: Instant, zone: string): PlainDate {
  return localDate(at.subtract({ nanoseconds: 1 }), zone);
}
