import { leastPoints, noPoints, type Points, points } from '#kernel/points.ts';
import { later } from '#kernel/time.ts';
import type { AccountState, Debt, Hold, Lot } from './account.ts';
import type { Decision, LedgerContext } from './context.ts';
import {
  addDebt,
  addLot,
  addPoints,
  closeDraft,
  type Draft,
  lotOf,
  openDraft,
  reopenLot,
  setDebt,
  setHold,
  setLot,
  takePoints,
} from './draft.ts';
import { heldBy } from './hold.ts';
import { joinMovements, type Movements } from './movements.ts';
import { freeOf } from './order.ts';

export interface Pair {
  readonly survivor: AccountState;
  readonly absorbed: AccountState;
}

/** What moved, so that the merge can be undone for 30 days (R32). */
export interface Moved {
  readonly lotIds: readonly string[];
  readonly debtIds: readonly string[];
  readonly holdIds: readonly string[];
}

/** Rows of the receiving member that exist from an earlier merge or return but are closed, hence not in its account. */
export interface ClosedTwins {
  readonly lots: readonly Lot[];
  readonly debts: readonly Debt[];
}

export interface MergeDecision extends Pair {
  readonly movements: Movements;
  readonly moved: Moved;
}

/**
 * R32: lots move by paired entries under the same lot id, dates and original amount kept, so that a later return finds them; holds move along; debts
 * add up; the later inactivity deadline holds. Both accounts are settled before. Nothing pays a debt at a merge: no point becomes spendable by it that was not.
 */
export function mergeAccounts(pair: Pair, twins: ClosedTwins, context: LedgerContext): MergeDecision {
  const from = openDraft(pair.absorbed, context);
  const to = openDraft(pair.survivor, context);
  to.deadline = later(pair.survivor.inactivityDeadline, pair.absorbed.inactivityDeadline);
  const { lots, debts, holds } = pair.absorbed;
  for (const open of holds) moveHold(from, open);
  for (const lot of lots) moveLot({ from, to, context }, lot, lot.remaining, twins.lots);
  for (const debt of debts) moveDebt({ from, to, context }, debt, twins.debts);
  for (const open of holds) receiveHold(to, open);
  const moved = {
    lotIds: lots.map((lot) => lot.lotId),
    debtIds: debts.map((debt) => debt.debtId),
    holdIds: holds.map((open) => open.holdId),
  };
  return closeBoth(from, to, moved);
}

/** What remains of each moved lot returns, with holds that lie wholly on moved lots; what the survivor's own holds have set aside stays. */
export function unmergeAccounts(pair: Pair, moved: Moved, twins: ClosedTwins, context: LedgerContext): MergeDecision {
  const from = openDraft(pair.survivor, context);
  const to = openDraft(pair.absorbed, context);
  // Purchases made while merged renewed both: nothing may burn by being given back.
  to.deadline = later(pair.survivor.inactivityDeadline, pair.absorbed.inactivityDeadline);
  const lotIds = new Set(moved.lotIds);
  const holds = pair.survivor.holds.filter(
    (open) => moved.holdIds.includes(open.holdId) && open.parts.every((part) => lotIds.has(part.lotId)),
  );
  const staying = heldBy(pair.survivor.holds.filter((open) => !holds.includes(open)));
  for (const open of holds) moveHold(from, open);
  for (const lot of pair.survivor.lots) {
    if (lotIds.has(lot.lotId))
      moveLot({ from, to, context }, lot, points(lot.remaining - (staying.get(lot.lotId) ?? noPoints)), twins.lots);
  }
  for (const debt of pair.survivor.debts)
    if (moved.debtIds.includes(debt.debtId)) moveDebt({ from, to, context }, debt, twins.debts);
  for (const open of holds) receiveHold(to, open);
  return closeBoth(to, from, moved);
}

interface Move {
  readonly from: Draft;
  readonly to: Draft;
  readonly context: LedgerContext;
}

function moveLot({ from, to, context }: Move, lot: Lot, amount: Points, twins: readonly Lot[]): void {
  const moving = leastPoints(amount, freeOf(lotOf(from, lot.lotId)));
  if (moving === 0n) return;
  const cause = { kind: 'move', causeKind: context.causeKind, causeId: context.causeId, at: context.now } as const;
  takePoints(from, lot.lotId, moving, cause);
  const twin = twins.find((known) => known.lotId === lot.lotId);
  if (twin) reopenLot(to, twin);
  if (!to.lots.has(lot.lotId)) addLot(to, { ...lot, memberId: to.memberId, remaining: noPoints, held: noPoints });
  const target = lotOf(to, lot.lotId);
  setLot(to, { ...target, started: lot.started, graceUntil: lot.graceUntil });
  addPoints(to, lot.lotId, moving, cause);
}

function moveDebt({ from, to }: Move, debt: Debt, twins: readonly Debt[]): void {
  setDebt(from, { ...debt, remaining: noPoints, forgiven: points(debt.forgiven + debt.remaining) });
  const twin = to.debts.get(debt.debtId) ?? twins.find((known) => known.debtId === debt.debtId);
  if (!twin) {
    addDebt(to, { ...debt, memberId: to.memberId, amount: debt.remaining, forgiven: noPoints });
    return;
  }
  to.debts.set(twin.debtId, twin);
  const returned = leastPoints(twin.forgiven, debt.remaining);
  setDebt(to, { ...twin, remaining: points(twin.remaining + returned), forgiven: points(twin.forgiven - returned) });
}

/** Takes a hold off its member: its points are free for a moment, inside this decision only, and move with their lots. */
function moveHold(from: Draft, open: Hold): void {
  setHold(from, { ...open, parts: [] });
  for (const part of open.parts) {
    const lot = lotOf(from, part.lotId);
    setLot(from, { ...lot, held: points(lot.held - part.points) });
  }
}

function receiveHold(to: Draft, open: Hold): void {
  setHold(to, { ...open, memberId: to.memberId });
  for (const part of open.parts) {
    const lot = lotOf(to, part.lotId);
    setLot(to, { ...lot, held: points(lot.held + part.points) });
  }
}

function closeBoth(absorbed: Draft, survivor: Draft, moved: Moved): MergeDecision {
  const left: Decision = closeDraft(absorbed);
  const right: Decision = closeDraft(survivor);
  return {
    survivor: right.state,
    absorbed: left.state,
    movements: joinMovements(left.movements, right.movements),
    moved,
  };
}
