import { leastPoints, noPoints, type Points, points, sumPoints } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { AccountState, LotHistory, LotSpend } from './account.ts';
import { burnedOf } from './burns.ts';
import type { Decision, LedgerContext } from './context.ts';
import { owe } from './debts.ts';
import { closeDraft, type Draft, openDraft, takePoints } from './draft.ts';
import { aliveAt, revive } from './inactivity.ts';
import { freeOf, isSpendable } from './order.ts';
import { causeOf, takeInOrder } from './spend.ts';

export interface SureSpending {
  /** What the till took off, whatever there is. */
  readonly points: Points;
  /** Lots to take first: a quote's choice, or those of a hold that timed out. */
  readonly parts?: readonly LotSpend[];
  /** Lots that burned since the sale's own time (`context.at`), with their entries (`loadBurnedLots`). */
  readonly burned?: readonly LotHistory[];
  /** A hold that ended before it was paid: of what burned only the lots named in `parts` live again, as they were at this instant (R19). */
  readonly heldAt?: Instant;
}

export interface SpentAnyway {
  readonly spends: readonly LotSpend[];
  /** Of `spends`, what came from lots that were not named in `parts` and had not burned. */
  readonly fromOthers: Points;
  /** No lot covered it: a debt of this receipt. */
  readonly debt: Points;
  readonly forgiven: Points;
}

/**
 * Money was taken, so the sale is a fact (R19, R21): the points it printed are redeemed in any case. First what burned since its own time, the burn
 * undone by entry; then the lots named; then other available points that are bound to nothing; the rest is owed.
 */
export function spendAnyway(
  state: AccountState,
  spending: SureSpending,
  context: LedgerContext,
): Decision & { readonly spent: SpentAnyway } {
  const draft = openDraft(state, context);
  const spent = spendAnywayIn(draft, spending, context);
  return { ...closeDraft(draft), spent };
}

export function spendAnywayIn(draft: Draft, spending: SureSpending, context: LedgerContext): SpentAnyway {
  const burned = spendBurned(draft, spending, context);
  const named = spendNamed(draft, points(spending.points - total(burned)), spending.parts ?? [], context);
  const missing = points(spending.points - total(burned) - total(named));
  const others = takeInOrder(draft, missing, context, { kind: 'redeem', only: (lot) => lot.restriction === null });
  const owed = owe(draft, points(missing - total(others)), context.causeId, context);
  return { spends: byLot([...burned, ...named, ...others]), fromOthers: total(others), ...owed };
}

function spendBurned(draft: Draft, spending: SureSpending, context: LedgerContext): LotSpend[] {
  const spends: LotSpend[] = [];
  const { heldAt, parts = [] } = spending;
  const named = new Map(byLot(parts).map((part) => [part.lotId, part.points]));
  let left = spending.points;
  for (const burn of aliveAt(burnedOf(spending.burned ?? []), heldAt ?? context.at ?? context.now)) {
    const most = heldAt === undefined ? burn.points : (named.get(burn.lot.lotId) ?? noPoints);
    const part = leastPoints(left, burn.points, most);
    if (part === 0n) continue;
    revive(draft, burn, part, context);
    takePoints(draft, burn.lot.lotId, part, causeOf('redeem', context));
    spends.push({ lotId: burn.lot.lotId, points: part });
    left = points(left - part);
    named.set(burn.lot.lotId, points(most - part));
  }
  return spends;
}

function spendNamed(draft: Draft, asked: Points, parts: readonly LotSpend[], context: LedgerContext): LotSpend[] {
  const spends: LotSpend[] = [];
  let left = asked;
  for (const part of parts) {
    const lot = draft.lots.get(part.lotId);
    if (!lot || !isSpendable(lot, draft.deadline, context.now)) continue;
    const taken = leastPoints(left, part.points, freeOf(lot));
    if (taken === 0n) continue;
    takePoints(draft, part.lotId, taken, causeOf('redeem', context));
    spends.push({ lotId: part.lotId, points: taken });
    left = points(left - taken);
  }
  return spends;
}

/** One part per lot, in the order of first mention. */
export function byLot(parts: readonly LotSpend[]): LotSpend[] {
  const sums = new Map<string, Points>();
  for (const part of parts) sums.set(part.lotId, points((sums.get(part.lotId) ?? noPoints) + part.points));
  return [...sums].flatMap(([lotId, sum]) => (sum > 0n ? [{ lotId, points: sum }] : []));
}

export function total(parts: readonly LotSpend[]): Points {
  return sumPoints(parts.map((part) => part.points));
}
