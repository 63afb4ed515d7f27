import { type Points, points } from '#kernel/points.ts';
import { earlier, endOfDaysAfter, type Instant, isAtOrBefore, isBefore, later } from '#kernel/time.ts';
import type { AccountState, Lot, LotHistory } from './account.ts';
import type { Burned } from './burns.ts';
import { burnedOf } from './burns.ts';
import type { Decision, LedgerContext } from './context.ts';
import { payDebts } from './debts.ts';
import { addPoints, closeDraft, type Draft, openDraft } from './draft.ts';
import type { Movements } from './movements.ts';
import { settleDraft } from './settle.ts';
import { causeOf } from './spend.ts';

/**
 * R9: one purchase renews every lot of the inactivity term by one instant, the member's deadline. Settle the account first: what has burned by the
 * old deadline stays burned. A purchase that came late never shortens it.
 */
export function purchaseRenews(deadline: Instant | null, purchaseAt: Instant, days: number, zone: string): Instant {
  const renewed = endOfDaysAfter(purchaseAt, days, zone);
  return later(deadline, renewed) ?? renewed;
}

export interface ReturnOfLast {
  readonly deadline: Instant | null;
  /** The last purchase that is not wholly returned; null: none is left. */
  readonly lastPurchaseAt: Instant | null;
  readonly days: number;
  readonly now: Instant;
  readonly zone: string;
  readonly revivedDays: number;
}

/** R9: a return that moves the deadline back leaves 14 days. */
export function deadlineAfterReturn(command: ReturnOfLast): Instant | null {
  if (command.deadline === null) return null;
  const byLast =
    command.lastPurchaseAt === null ? null : endOfDaysAfter(command.lastPurchaseAt, command.days, command.zone);
  const atLeast = endOfDaysAfter(command.now, command.revivedDays, command.zone);
  return earlier(command.deadline, later(byLast, atLeast));
}

export interface LatePurchase {
  readonly purchaseAt: Instant;
  /** Of the inactivity term, as for `purchaseRenews`. */
  readonly days: number;
  /** Lots that burned since, with their entries (`loadBurnedLots`). */
  readonly burned: readonly LotHistory[];
}

/**
 * R21: a late purchase whose own time was before the deadline disproves the burns since then. They are undone by entries at the burns' own instants;
 * what the renewed deadline would have burned meanwhile burns again, at that instant. A purchase after the deadline revives nothing. The state that
 * comes out has the renewed deadline.
 */
export function disproveBurns(
  state: AccountState,
  late: LatePurchase,
  context: LedgerContext,
): Decision & { readonly revived: Points } {
  // By itself the purchase reaches no further than its own term; a later purchase may have moved the stored deadline, after those burns.
  const renewed = endOfDaysAfter(late.purchaseAt, late.days, context.zone);
  const draft = openDraft({ ...state, inactivityDeadline: later(state.inactivityDeadline, renewed) }, context);
  const disproved = burnedOf(late.burned).filter(
    (burn) => burn.lot.inactivityDays !== null && isBefore(late.purchaseAt, burn.at) && isBefore(burn.at, renewed),
  );
  for (const burn of disproved) revive(draft, burn, burn.points, context);
  settleDraft(draft, context.now);
  let revived = 0n;
  for (const burn of disproved) {
    const lot = draft.lots.get(burn.lot.lotId);
    if (!lot || lot.remaining === 0n) continue;
    revived += burn.points;
    payDebts(draft, { lotId: lot.lotId, points: burn.points, at: context.now, ownDebtFirst: false });
  }
  return { ...closeDraft(draft), revived: points(revived) };
}

/**
 * Histories as they are after movements that are not saved yet: settling may have burned in memory what a late purchase is about to disprove, and
 * what one decision has revived the next must not revive again.
 */
export function withMovements(histories: readonly LotHistory[], movements: Movements): LotHistory[] {
  // A lot that moved in a merge has a twin of the same id with either member (R32).
  const keyOf = ({ memberId, lotId }: Pick<Lot, 'memberId' | 'lotId'>) => `${memberId} ${lotId}`;
  const rows = new Map<string, LotHistory>(histories.map((history) => [keyOf(history.lot), history]));
  for (const lot of [...movements.newLots, ...movements.changedLots]) {
    rows.set(keyOf(lot), { lot, entries: rows.get(keyOf(lot))?.entries ?? [] });
  }
  return [...rows.values()].map(({ lot, entries }) => ({
    lot,
    entries: [...entries, ...movements.entries.filter((entry) => keyOf(entry) === keyOf(lot))],
  }));
}

/** Undoes a burn, or a part of it, at the burn's own instant. */
export function revive(draft: Draft, burn: Burned, amount: Points, context: LedgerContext): void {
  if (!draft.lots.has(burn.lot.lotId)) draft.lots.set(burn.lot.lotId, burn.lot);
  addPoints(draft, burn.lot.lotId, amount, { ...causeOf('revive', context), at: burn.at });
}

/** Burns that a purchase at `purchaseAt` could still have used: started by then, burned after. */
export function aliveAt(burns: readonly Burned[], purchaseAt: Instant): Burned[] {
  return burns.filter((burn) => isAtOrBefore(burn.lot.startsAt, purchaseAt) && isBefore(purchaseAt, burn.at));
}
