import { money } from '#kernel/money.ts';
import { noPoints, points } from '#kernel/points.ts';
import { earlier, later } from '#kernel/time.ts';
import type { Standing } from './standing.ts';

/** What the absorbed member had when it was merged: it is taken off the survivor when the merge is undone. */
export type Totals = Pick<
  Standing,
  | 'receiptsCount'
  | 'paidTotal'
  | 'firstPurchaseAt'
  | 'lastPurchaseAt'
  | 'lastShopId'
  | 'day'
  | 'dayEarned'
  | 'dayRedeemed'
  | 'counters'
>;

export interface StandingPair {
  readonly survivor: Standing;
  readonly absorbed: Standing;
}

/** R32: totals and counters add up. Points are the ledger's part, the tier is tiers'. The absorbed row keeps nothing, so that no segment counts it. */
export function mergeTotals({ survivor, absorbed }: StandingPair): StandingPair {
  const lastIsAbsorbed =
    absorbed.lastPurchaseAt !== null &&
    later(survivor.lastPurchaseAt, absorbed.lastPurchaseAt) === absorbed.lastPurchaseAt;
  return {
    survivor: {
      ...survivor,
      ...mergeDays(survivor, absorbed),
      receiptsCount: survivor.receiptsCount + absorbed.receiptsCount,
      paidTotal: money(survivor.paidTotal + absorbed.paidTotal),
      firstPurchaseAt: earlier(survivor.firstPurchaseAt, absorbed.firstPurchaseAt),
      lastPurchaseAt: later(survivor.lastPurchaseAt, absorbed.lastPurchaseAt),
      lastShopId: lastIsAbsorbed ? absorbed.lastShopId : survivor.lastShopId,
      counters: addCounters(survivor.counters, absorbed.counters, 1),
    },
    absorbed: { ...absorbed, ...noTotals },
  };
}

/** What was added is taken off again; the dates of the survivor stay where purchases made while merged may have moved them. */
export function unmergeTotals({ survivor, absorbed }: StandingPair, had: Totals): StandingPair {
  return {
    survivor: {
      ...survivor,
      receiptsCount: Math.max(0, survivor.receiptsCount - had.receiptsCount),
      paidTotal: money(survivor.paidTotal - had.paidTotal),
      counters: addCounters(survivor.counters, had.counters, -1),
    },
    absorbed: { ...absorbed, ...had },
  };
}

export function totalsOf(standing: Standing): Totals {
  const {
    receiptsCount,
    paidTotal,
    firstPurchaseAt,
    lastPurchaseAt,
    lastShopId,
    day,
    dayEarned,
    dayRedeemed,
    counters,
  } = standing;
  return {
    receiptsCount,
    paidTotal,
    firstPurchaseAt,
    lastPurchaseAt,
    lastShopId,
    day,
    dayEarned,
    dayRedeemed,
    counters,
  };
}

const noTotals: Totals = {
  receiptsCount: 0,
  paidTotal: money(0n),
  firstPurchaseAt: null,
  lastPurchaseAt: null,
  lastShopId: null,
  day: null,
  dayEarned: noPoints,
  dayRedeemed: noPoints,
  counters: {},
};

/** The later day counts; the same day adds up: two cards of one person share the day's limit (R30). */
function mergeDays(survivor: Standing, absorbed: Standing): DayFigures {
  if (absorbed.day === null) return dayOf(survivor);
  if (survivor.day === null || survivor.day.until(absorbed.day).sign > 0) return dayOf(absorbed);
  if (!survivor.day.equals(absorbed.day)) return dayOf(survivor);
  return {
    day: survivor.day,
    dayEarned: points(survivor.dayEarned + absorbed.dayEarned),
    dayRedeemed: points(survivor.dayRedeemed + absorbed.dayRedeemed),
  };
}

type DayFigures = Pick<Standing, 'day' | 'dayEarned' | 'dayRedeemed'>;

function dayOf({ day, dayEarned, dayRedeemed }: Standing): DayFigures {
  return { day, dayEarned, dayRedeemed };
}

function addCounters(first: Standing['counters'], second: Standing['counters'], sign: 1 | -1): Record<string, number> {
  const sums: Record<string, number> = { ...first };
  for (const [code, count] of Object.entries(second)) sums[code] = Math.max(0, (sums[code] ?? 0) + sign * count);
  return sums;
}
