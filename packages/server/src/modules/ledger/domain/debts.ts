import { assert } from '#kernel/assert.ts';
import { leastPoints, type Points, points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { AccountState, Debt } from './account.ts';
import type { Decision, LedgerContext } from './context.ts';
import { addDebt, closeDraft, type Draft, lotOf, openDraft, setDebt, takePoints } from './draft.ts';
import { compareInstants, compareText, freeOf, isSpendable } from './order.ts';

export interface NewlySpendable {
  readonly lotId: string;
  /** Only what becomes spendable at this instant pays (R10), not what was free before. */
  readonly points: Points;
  readonly at: Instant;
  /** A lot that was taken back pays the debt of its own receipt first, whatever its grant said (R22). */
  readonly ownDebtFirst: boolean;
}

export function payDebts(draft: Draft, paying: NewlySpendable): void {
  const lot = lotOf(draft, paying.lotId);
  if (!isSpendable(lot, draft.deadline, paying.at)) return;
  let left = leastPoints(paying.points, freeOf(lot));
  for (const debt of debtsToPay(draft, paying)) {
    const paid = leastPoints(left, debt.remaining);
    if (paid === 0n) continue;
    takePoints(draft, lot.lotId, paid, { kind: 'pay_debt', causeKind: 'debt', causeId: debt.debtId, at: paying.at });
    setDebt(draft, { ...debt, remaining: points(debt.remaining - paid) });
    left = points(left - paid);
  }
}

function debtsToPay(draft: Draft, paying: NewlySpendable): Debt[] {
  if (draft.debts.size === 0) return [];
  const lot = lotOf(draft, paying.lotId);
  const oldestFirst = [...draft.debts.values()].sort(
    (first, second) => compareInstants(first.createdAt, second.createdAt) || compareText(first.debtId, second.debtId),
  );
  const own = oldestFirst.filter(
    (debt) => paying.ownDebtFirst && debt.causeKind === lot.causeKind && debt.causeId === lot.causeId,
  );
  const others = lot.paysDebt ? oldestFirst.filter((debt) => !own.includes(debt)) : [];
  return [...own, ...others];
}

/** What could be taken from nowhere is owed, or forgiven at once where the program says so (R10). */
export function owe(
  draft: Draft,
  amount: Points,
  receiptId: string,
  context: LedgerContext,
): { debt: Points; forgiven: Points } {
  const none = points(0n);
  if (amount === 0n) return { debt: none, forgiven: none };
  const { debtMonths, forgiveDebt } = context.settings;
  if (forgiveDebt) return { debt: none, forgiven: amount };
  addDebt(draft, {
    memberId: draft.memberId,
    debtId: context.newId(),
    amount,
    remaining: amount,
    forgiven: none,
    causeKind: 'receipt',
    causeId: receiptId,
    createdAt: context.now,
    writtenOffAt: debtMonths === null ? null : monthsAfter(context.now, debtMonths, context.zone),
  });
  return { debt: amount, forgiven: none };
}

export function monthsAfter(from: Instant, months: number, zone: string): Instant {
  return from.toZonedDateTimeISO(zone).add({ months }).toInstant();
}

export function forgiveRemaining(draft: Draft, debt: Debt, amount: Points = debt.remaining): void {
  assert(amount <= debt.remaining, 'no more can be forgiven than is owed');
  setDebt(draft, { ...debt, remaining: points(debt.remaining - amount), forgiven: points(debt.forgiven + amount) });
}

/** By hand: the member owes nothing any more. */
export function forgiveDebts(state: AccountState, context: LedgerContext): Decision & { readonly forgiven: Points } {
  const draft = openDraft(state, context);
  let forgiven = 0n;
  for (const debt of state.debts) {
    forgiven += debt.remaining;
    forgiveRemaining(draft, debt);
  }
  return { ...closeDraft(draft), forgiven: points(forgiven) };
}
