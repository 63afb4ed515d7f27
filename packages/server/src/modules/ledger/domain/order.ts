import { type Points, points } from '#kernel/points.ts';
import { type Restriction, restrictedness } from '#kernel/restriction.ts';
import { type Instant, isAtOrBefore, isBefore, later } from '#kernel/time.ts';
import type { AccountState, Lot } from './account.ts';

/** When a lot burns, exclusive; null: never. A lot of an inactivity term lives as long as the member's deadline does (R9). */
export function effectiveEnd(lot: Lot, deadline: Instant | null): Instant | null {
  if (lot.burnsAt === null) return null;
  const own = lot.inactivityDays === null ? lot.burnsAt : (later(lot.burnsAt, deadline) ?? lot.burnsAt);
  return later(own, lot.graceUntil) ?? own;
}

export function hasEnded(lot: Lot, deadline: Instant | null, now: Instant): boolean {
  const end = effectiveEnd(lot, deadline);
  return end !== null && isAtOrBefore(end, now);
}

/** What no hold has set aside. */
export function freeOf(lot: Lot): Points {
  return points(lot.remaining - lot.held);
}

export function isSpendable(lot: Lot, deadline: Instant | null, now: Instant): boolean {
  return lot.started && lot.remaining > lot.held && !hasEnded(lot, deadline, now);
}

/** R8: burns first; equal: the more restricted; equal: started first; equal: the older. store/lot-store.ts says the same in SQL. */
export function compareSpendOrder(first: Lot, second: Lot, deadline: Instant | null): number {
  const byEnd = compareEnds(effectiveEnd(first, deadline), effectiveEnd(second, deadline));
  if (byEnd !== 0) return byEnd;
  const byRestriction = restrictedness(second.restriction) - restrictedness(first.restriction);
  if (byRestriction !== 0) return byRestriction;
  const byStart = compareInstants(first.startsAt, second.startsAt);
  if (byStart !== 0) return byStart;
  const byAge = compareInstants(first.createdAt, second.createdAt);
  if (byAge !== 0) return byAge;
  return compareText(first.lotId, second.lotId);
}

/** The lots that can be spent now, in R8's order. */
export function spendOrder(lots: Iterable<Lot>, deadline: Instant | null, now: Instant): Lot[] {
  return [...lots]
    .filter((lot) => isSpendable(lot, deadline, now))
    .sort((first, second) => compareSpendOrder(first, second, deadline));
}

export interface SpendableLot {
  readonly lotId: string;
  readonly spendable: Points;
  readonly restriction: Restriction | null;
}

/**
 * What a quote may redeem, in R8's order, of an account settled to `now`. With `ownHoldId` the points of that hold count as available, because it
 * is being edited (R18); they come even when their lot's end is past, since held points do not burn.
 */
export function spendable(state: AccountState, now: Instant, ownHoldId?: string): SpendableLot[] {
  const own = new Map<string, bigint>();
  for (const hold of state.holds) {
    if (hold.holdId !== ownHoldId) continue;
    for (const part of hold.parts) own.set(part.lotId, (own.get(part.lotId) ?? 0n) + part.points);
  }
  return [...state.lots]
    .sort((first, second) => compareSpendOrder(first, second, state.inactivityDeadline))
    .map((lot) => {
      const free = isSpendable(lot, state.inactivityDeadline, now) ? freeOf(lot) : 0n;
      const ofHold = own.get(lot.lotId) ?? 0n;
      return { lotId: lot.lotId, spendable: points(free + ofHold), restriction: lot.restriction };
    })
    .filter((part) => part.spendable > 0n);
}

export function compareInstants(first: Instant, second: Instant): number {
  if (isBefore(first, second)) return -1;
  return isBefore(second, first) ? 1 : 0;
}

export function compareText(first: string, second: string): number {
  if (first < second) return -1;
  return first > second ? 1 : 0;
}

function compareEnds(first: Instant | null, second: Instant | null): number {
  if (first === null) return second === null ? 0 : 1;
  return second === null ? -1 : compareInstants(first, second);
}
