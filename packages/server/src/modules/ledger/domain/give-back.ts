import { assert, required } from '#kernel/assert.ts';
import { leastPoints, noPoints, type Points, points } from '#kernel/points.ts';
import { earlier, endOfDaysAfter, type Instant, isAtOrBefore } from '#kernel/time.ts';
import type { AccountState, Lot, LotSpend } from './account.ts';
import type { Decision, LedgerContext } from './context.ts';
import { forgiveRemaining, monthsAfter, payDebts } from './debts.ts';
import { addLot, addPoints, closeDraft, type Draft, lotOf, openDraft, reopenLot, setLot } from './draft.ts';
import { grantOne } from './grant.ts';
import { hasEnded } from './order.ts';
import { causeOf } from './spend.ts';

export interface GiveBackCommand {
  /** The receipt that redeemed them. */
  readonly receiptId: string;
  readonly spends: readonly LotSpend[];
  /** The closed lots among them (`loadLots`), those of an absorbed member too. */
  readonly lots: readonly Lot[];
  /** Of a late confirm: points that no lot covered and that became this receipt's debt (R19). */
  readonly uncovered?: Points;
}

/**
 * Gives redeemed points back (R22) to the very lots they came from. A lot that was taken back pays its receipt's debt first; a burned lot lives
 * again for the shorter of its own term and 14 days.
 */
export function giveBack(state: AccountState, command: GiveBackCommand, context: LedgerContext): Decision {
  const draft = openDraft(state, context);
  for (const part of command.spends) {
    if (part.points > 0n) giveBackPart(draft, part, command.lots, context);
  }
  cancelUncovered(draft, command, context);
  return closeDraft(draft);
}

function giveBackPart(draft: Draft, part: LotSpend, closed: readonly Lot[], context: LedgerContext): void {
  openLot(draft, part.lotId, closed);
  const opened = lotOf(draft, part.lotId);
  // Closed here before its start, spent where it had moved with a merge, and now back: what was spent had started.
  const before = { ...opened, started: opened.started || isAtOrBefore(opened.startsAt, context.now) };
  if (before.started !== opened.started) setLot(draft, before);
  if (hasEnded(before, draft.deadline, context.now)) {
    setLot(draft, { ...before, graceUntil: livesAgainUntil(before, context) });
  }
  addPoints(draft, part.lotId, part.points, causeOf('refund', context));
  payDebts(draft, { lotId: part.lotId, points: part.points, at: context.now, ownDebtFirst: true });
}

function openLot(draft: Draft, lotId: string, closed: readonly Lot[]): void {
  if (draft.lots.has(lotId)) return;
  const own = closed.find((lot) => lot.lotId === lotId && lot.memberId === draft.memberId);
  if (own) {
    reopenLot(draft, own);
    return;
  }
  // Spent before its member was absorbed: the survivor gets the lot's twin under the same id, as merging does with open lots (R32).
  const absorbed = required(
    closed.find((lot) => lot.lotId === lotId),
    `lot ${lotId} that points go back to`,
  );
  addLot(draft, { ...absorbed, memberId: draft.memberId, remaining: noPoints, held: noPoints });
}

function livesAgainUntil(lot: Lot, context: LedgerContext): Instant {
  assert(lot.burnsAt !== null, 'only a lot with an end has ended');
  const ownTerm = context.now.add(lot.startsAt.until(lot.burnsAt));
  const atMost = endOfDaysAfter(context.now, context.settings.revivedDays, context.zone);
  return required(earlier(ownTerm, atMost), 'the end of a revived lot');
}

/** Points that were never there: the debt goes; what of it was paid meanwhile comes as a new lot that lives as long as the debt would have. */
function cancelUncovered(draft: Draft, command: GiveBackCommand, context: LedgerContext): void {
  let left = command.uncovered ?? noPoints;
  for (const debt of draft.debts.values()) {
    if (debt.causeKind !== 'receipt' || debt.causeId !== command.receiptId) continue;
    const cancelled = leastPoints(left, debt.remaining);
    if (cancelled > 0n) forgiveRemaining(draft, debt, cancelled);
    left = points(left - cancelled);
  }
  if (left === 0n) return;
  const { debtMonths } = context.settings;
  const burnsAt = debtMonths === null ? null : monthsAfter(context.now, debtMonths, context.zone);
  const terms = { restriction: null, funder: null, inactivityDays: null, paysDebt: true } as const;
  grantOne(
    draft,
    { ...terms, source: 'refund', rule: 'uncovered', points: left, startsAt: context.now, burnsAt },
    context,
  );
}
