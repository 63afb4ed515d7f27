import { assert } from '#kernel/assert.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { leastPoints, type Points, points, sumPoints } from '#kernel/points.ts';
import type { AccountState, EntryKind, Lot, LotSpend } from './account.ts';
import type { Decision, LedgerContext } from './context.ts';
import { type Cause, closeDraft, type Draft, lotOf, openDraft, takePoints } from './draft.ts';
import { freeOf, isSpendable, spendOrder } from './order.ts';

/** Redeems the parts a quote chose from `spendable`. */
export function spend(state: AccountState, parts: readonly LotSpend[], context: LedgerContext): Decision {
  const draft = openDraft(state, context);
  for (const part of parts) {
    const lot = lotOf(draft, part.lotId);
    assert(
      isSpendable(lot, draft.deadline, context.now) && part.points <= freeOf(lot),
      `lot ${part.lotId} has no ${part.points} points to spend`,
    );
    takePoints(draft, part.lotId, part.points, causeOf('redeem', context));
  }
  return closeDraft(draft);
}

/** Takes points by hand, in R8's order; never more than there are. */
export function takeByHand(
  state: AccountState,
  asked: Points,
  context: LedgerContext,
): Outcome<
  Decision & { readonly taken: readonly LotSpend[] },
  { code: 'not_enough_points'; details: { available: number } }
> {
  const draft = openDraft(state, context);
  const taken = takeInOrder(draft, asked, context, { kind: 'adjust' });
  if (sumPoints(taken.map((part) => part.points)) < asked) {
    const available = sumPoints(state.lots.filter((lot) => lot.started).map(freeOf));
    return refused({ code: 'not_enough_points', details: { available: Number(available) } });
  }
  return done({ ...closeDraft(draft), taken });
}

export interface TakeOptions {
  readonly kind: EntryKind;
  readonly only?: (lot: Lot) => boolean;
}

/** As much of `asked` as there is, in R8's order. */
export function takeInOrder(draft: Draft, asked: Points, context: LedgerContext, options: TakeOptions): LotSpend[] {
  const taken: LotSpend[] = [];
  let left = asked;
  for (const lot of spendOrder(draft.lots.values(), draft.deadline, context.now)) {
    if (left === 0n) break;
    if (options.only && !options.only(lot)) continue;
    const part = leastPoints(left, freeOf(lot));
    takePoints(draft, lot.lotId, part, causeOf(options.kind, context));
    taken.push({ lotId: lot.lotId, points: part });
    left = points(left - part);
  }
  return taken;
}

export function causeOf(kind: EntryKind, context: LedgerContext): Cause {
  return { kind, causeKind: context.causeKind, causeId: context.causeId, at: context.at ?? context.now };
}
