import { assert } from '#kernel/assert.ts';
import { type Points, points, sumPoints } from '#kernel/points.ts';
import { earlier, type Instant, isBefore } from '#kernel/time.ts';
import type { AccountState, Lot } from './account.ts';
import type { Movements } from './movements.ts';
import { compareInstants, effectiveEnd, freeOf } from './order.ts';
import { nextChange } from './settle.ts';

/** R6: total = available + pending + reserved; debt is shown apart. True until `changesAt` (R7). */
export interface Figures {
  readonly available: Points;
  readonly pending: Points;
  readonly reserved: Points;
  readonly debt: Points;
  readonly changesAt: Instant | null;
}

/** The figures of a completely loaded account that is settled to `now`. */
export function figuresOf(state: AccountState, now: Instant): Figures {
  const changesAt = nextChange(state);
  assert(changesAt === null || isBefore(now, changesAt), 'an account is settled before its figures are read');
  return {
    available: sumPoints(state.lots.filter((lot) => lot.started).map(freeOf)),
    pending: sumPoints(state.lots.filter((lot) => !lot.started).map(freeOf)),
    reserved: sumPoints(state.lots.map((lot) => lot.held)),
    debt: sumPoints(state.debts.map((debt) => debt.remaining)),
    changesAt,
  };
}

/**
 * The figures after movements when not every lot was loaded: by difference. `changesAt` may come out too early (a lot that defined it is spent
 * now), never too late: a reader past it recomputes and finds nothing.
 */
export function figuresAfter(
  before: Figures & { readonly inactivityDeadline: Instant | null },
  movements: Movements,
  now: Instant,
): Figures {
  assert(before.changesAt === null || isBefore(now, before.changesAt), 'figures past their validity are settled first');
  const { figures } = movements;
  const touched: AccountState = {
    memberId: '',
    lots: [...movements.newLots, ...movements.changedLots],
    debts: [...movements.newDebts, ...movements.changedDebts],
    holds: [...movements.newHolds, ...movements.changedHolds],
    inactivityDeadline: before.inactivityDeadline,
  };
  return {
    available: points(before.available + figures.available),
    pending: points(before.pending + figures.pending),
    reserved: points(before.reserved + figures.reserved),
    debt: points(before.debt + figures.debt),
    changesAt: earlier(before.changesAt, nextChange(touched)),
  };
}

/** So many points at an instant. */
export interface Burn {
  readonly at: Instant;
  readonly points: Points;
}

/** What burns when, if nothing happens. Held points are left out: they do not burn (R18). */
export function burnSchedule(state: AccountState): Burn[] {
  return schedule(state.lots, (lot) => effectiveEnd(lot, state.inactivityDeadline));
}

/** When pending points become spendable. */
export function startSchedule(state: AccountState): Burn[] {
  return schedule(state.lots, (lot) => (lot.started ? null : lot.startsAt));
}

function schedule(lots: readonly Lot[], instantOf: (lot: Lot) => Instant | null): Burn[] {
  const byInstant = new Map<string, Burn>();
  for (const lot of lots) {
    const at = instantOf(lot);
    if (at === null || freeOf(lot) === 0n) continue;
    const key = at.toString();
    byInstant.set(key, { at, points: points((byInstant.get(key)?.points ?? 0n) + freeOf(lot)) });
  }
  return [...byInstant.values()].sort((first, second) => compareInstants(first.at, second.at));
}
