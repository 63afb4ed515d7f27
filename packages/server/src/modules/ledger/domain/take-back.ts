import { leastPoints, type Points, points, sumPoints } from '#kernel/points.ts';
import type { AccountState, Lot, LotHistory } from './account.ts';
import { burnedOf } from './burns.ts';
import type { Decision, LedgerContext } from './context.ts';
import { owe } from './debts.ts';
import { closeDraft, type Draft, noteEntry, openDraft, takePoints } from './draft.ts';
import { compareSpendOrder, freeOf } from './order.ts';
import { causeOf, takeInOrder } from './spend.ts';

export interface TakeBackCommand {
  /** The receipt that earned the points; a debt that arises is this receipt's. */
  readonly receiptId: string;
  readonly points: Points;
  /** Every lot of this receipt, the closed ones too, with their entries (`loadLotsOfCause`). */
  readonly lots: readonly LotHistory[];
}

export interface TakenBack {
  /** From this receipt's own lots. */
  readonly own: Points;
  /** Burned unspent: simply gone. */
  readonly gone: Points;
  /** Spent already, taken from other available points. */
  readonly others: Points;
  readonly debt: Points;
  readonly forgiven: Points;
}

/**
 * Takes earned points back (R22): the receipt's own lots, pending first; then what burned of them unspent; for what was spent, other available
 * points in R8's order or debt. What burned is written as a pair: the burn is undone and the points are taken, so that later parts of the return do
 * not count them again and returning in parts is returning at once.
 */
export function takeBack(
  state: AccountState,
  command: TakeBackCommand,
  context: LedgerContext,
): Decision & { readonly taken: TakenBack } {
  const draft = openDraft(state, context);
  const own = takeOwn(draft, command, context);
  const gone = takeBurned(draft, { ...command, points: points(command.points - own) }, context);
  const spent = points(command.points - own - gone);
  const others =
    context.settings.takeBackFrom === 'other_points'
      ? sumPoints(takeInOrder(draft, spent, context, { kind: 'take_back' }).map((part) => part.points))
      : points(0n);
  const owed = owe(draft, points(spent - others), command.receiptId, context);
  return { ...closeDraft(draft), taken: { own, gone, others, ...owed } };
}

function takeOwn(draft: Draft, command: TakeBackCommand, context: LedgerContext): Points {
  let left = command.points;
  for (const lot of ownLots(draft, command)) {
    const part = leastPoints(left, freeOf(lot));
    if (part === 0n) continue;
    takePoints(draft, lot.lotId, part, causeOf('take_back', context));
    left = points(left - part);
  }
  return points(command.points - left);
}

function ownLots(draft: Draft, command: TakeBackCommand): Lot[] {
  const ids = new Set(command.lots.map(({ lot }) => lot.lotId));
  return [...draft.lots.values()]
    .filter((lot) => ids.has(lot.lotId))
    .sort(
      (first, second) =>
        Number(first.started) - Number(second.started) || compareSpendOrder(first, second, draft.deadline),
    );
}

function takeBurned(draft: Draft, command: TakeBackCommand, context: LedgerContext): Points {
  let left = command.points;
  for (const burned of burnedOf(command.lots)) {
    const part = leastPoints(left, burned.points);
    if (part === 0n) continue;
    noteEntry(draft, burned.lot, part, { ...causeOf('revive', context), at: burned.at });
    noteEntry(draft, burned.lot, 0n - part, causeOf('take_back', context));
    left = points(left - part);
  }
  return points(command.points - left);
}
