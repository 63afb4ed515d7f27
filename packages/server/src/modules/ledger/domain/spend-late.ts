import { leastPoints, type Points, points, sumPoints } from '#kernel/points.ts';
import { noPoints } from '#kernel/points.ts';
import type { AccountState, LotHistory, LotSpend } from './account.ts';
import { burnedOf } from './burns.ts';
import type { Decision, LedgerContext } from './context.ts';
import { owe } from './debts.ts';
import { changeLot, closeDraft, openDraft } from './draft.ts';
import type { Confirmed } from './hold.ts';
import { aliveAt, revive } from './inactivity.ts';
import { causeOf, takeInOrder } from './spend.ts';

export interface LateSpending {
  readonly points: Points;
  /** Lots that burned since the sale's own time, with their entries (`loadBurnedLots`). */
  readonly burned: readonly LotHistory[];
}

/**
 * What the till printed stands (R21): a late receipt redeems points that were there at its own time (`context.at`). Those that burned since are taken
 * first, the burn undone by entry; then what is available now; the rest is a debt of this receipt (R19).
 */
export function redeemLate(
  state: AccountState,
  spending: LateSpending,
  context: LedgerContext,
): Decision & { readonly confirmed: Confirmed } {
  const draft = openDraft(state, context);
  const spends: LotSpend[] = [];
  let left = spending.points;
  for (const burn of aliveAt(burnedOf(spending.burned), context.at ?? context.now)) {
    const part = leastPoints(left, burn.points);
    if (part === 0n) break;
    revive(draft, burn, part, context);
    changeLot(draft, burn.lot.lotId, -part, causeOf('redeem', context));
    spends.push({ lotId: burn.lot.lotId, points: part });
    left = points(left - part);
  }
  const others = takeInOrder(draft, left, context, { kind: 'redeem', only: (lot) => lot.restriction === null });
  const uncovered = points(left - sumPoints(others.map((part) => part.points)));
  const owed = owe(draft, uncovered, context.causeId, context);
  return {
    ...closeDraft(draft),
    confirmed: { spends: [...spends, ...others], late: true, fromOthers: noPoints, ...owed },
  };
}
