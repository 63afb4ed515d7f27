import { assert, required } from '#kernel/assert.ts';
import { leastPoints, noPoints, type Points, points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { AccountState, Hold, LotSpend } from './account.ts';
import type { Decision, LedgerContext } from './context.ts';
import { closeDraft, type Draft, lotOf, openDraft, setHold, setLot, takePoints } from './draft.ts';
import { freeOf, isSpendable } from './order.ts';
import { releaseParts, settleDraft } from './settle.ts';
import { causeOf } from './spend.ts';
import { byLot, type SpentAnyway, spendAnywayIn, total } from './spend-anyway.ts';

export interface HoldCommand {
  readonly holdId: string;
  readonly parts: readonly LotSpend[];
  readonly expiresAt: Instant;
}

/** Sets points aside for an unpaid sale (R18). No entry: nothing has moved yet. */
export function hold(state: AccountState, command: HoldCommand, context: LedgerContext): Decision {
  assert(!state.holds.some((known) => known.holdId === command.holdId), `hold ${command.holdId} exists already`);
  const draft = openDraft(state, context);
  setAside(draft, command, context);
  return closeDraft(draft);
}

/** The sale changed: other parts under the same hold. Its own points may be taken again even past their lot's end (R18). */
export function editHold(state: AccountState, command: HoldCommand, context: LedgerContext): Decision {
  const before = state.holds.find((known) => known.holdId === command.holdId);
  if (!before) return hold(state, command, context);
  const draft = openDraft(state, context);
  const kept = overlap(before.parts, command.parts);
  // Released first and set aside after, each only by the difference: what the hold keeps never becomes free in between.
  setHold(draft, { memberId: draft.memberId, ...command, parts: kept });
  releaseParts(draft, without(before.parts, kept), context.now);
  addParts(draft, without(command.parts, kept), context);
  setHold(draft, { memberId: draft.memberId, ...command });
  settleDraft(draft, context.now);
  return closeDraft(draft);
}

/** The sale was cancelled. A hold that has timed out already is no longer there, and nothing happens. */
export function releaseHold(state: AccountState, holdId: string, context: LedgerContext): Decision {
  const draft = openDraft(state, context);
  const known = draft.holds.get(holdId);
  if (known) {
    setHold(draft, { ...known, parts: [] });
    releaseParts(draft, known.parts, context.now);
    settleDraft(draft, context.now);
  }
  return closeDraft(draft);
}

export interface ConfirmCommand {
  readonly holdId: string;
  /** What was held, as the sale remembers it: after a time-out the ledger does not. */
  readonly parts: readonly LotSpend[];
  /** Fewer than held, when the confirmed sum is smaller; the rest is released. */
  readonly points?: Points;
}

export interface Confirmed extends SpentAnyway {
  /** The hold had timed out. */
  readonly late: boolean;
}

/**
 * A sale is a fact (R19): never refused. An open hold spends its lots whatever their dates; after a time-out those lots as far as they are free,
 * then other available points that are bound to nothing, and the rest becomes a debt of this receipt.
 */
export function confirmHold(
  state: AccountState,
  command: ConfirmCommand,
  context: LedgerContext,
): Decision & { readonly confirmed: Confirmed } {
  const draft = openDraft(state, context);
  const open = draft.holds.get(command.holdId);
  const wanted = firstOf(open?.parts ?? command.parts, command.points);
  const confirmed = open
    ? spendHeld(draft, open, wanted, context)
    : { ...spendAnywayIn(draft, { points: total(wanted), parts: wanted }, context), late: true };
  settleDraft(draft, context.now);
  return { ...closeDraft(draft), confirmed };
}

/** A part of a held sale is shipped and paid (R24): its points are spent, the rest stays held. The hold must be open. */
export function spendFromHold(
  state: AccountState,
  command: { readonly holdId: string; readonly parts: readonly LotSpend[] },
  context: LedgerContext,
): Decision {
  const draft = openDraft(state, context);
  const open = required(draft.holds.get(command.holdId), `hold ${command.holdId}`);
  const rest = without(open.parts, command.parts);
  assert(total(rest) + total(command.parts) === total(open.parts), 'a part of a hold is spent from what it holds');
  setHold(draft, { ...open, parts: rest });
  takeHeld(draft, command.parts, context);
  return closeDraft(draft);
}

function takeHeld(draft: Draft, parts: readonly LotSpend[], context: LedgerContext): void {
  for (const part of parts) {
    const lot = lotOf(draft, part.lotId);
    setLot(draft, { ...lot, held: points(lot.held - part.points) });
    takePoints(draft, part.lotId, part.points, causeOf('redeem', context));
  }
}

function spendHeld(draft: Draft, open: Hold, wanted: readonly LotSpend[], context: LedgerContext): Confirmed {
  setHold(draft, { ...open, parts: [] });
  takeHeld(draft, wanted, context);
  releaseParts(draft, without(open.parts, wanted), context.now);
  return { spends: wanted, late: false, fromOthers: noPoints, debt: noPoints, forgiven: noPoints };
}

function setAside(draft: Draft, command: HoldCommand, context: LedgerContext): void {
  addParts(draft, command.parts, context);
  setHold(draft, { memberId: draft.memberId, ...command });
}

function addParts(draft: Draft, parts: readonly LotSpend[], context: LedgerContext): void {
  for (const part of parts) {
    const lot = lotOf(draft, part.lotId);
    assert(
      isSpendable(lot, draft.deadline, context.now) && part.points <= freeOf(lot),
      `lot ${part.lotId} has no ${part.points} points to hold`,
    );
    setLot(draft, { ...lot, held: points(lot.held + part.points) });
  }
}

/** The first points of the parts, in their order (R8's, as they were held). */
function firstOf(parts: readonly LotSpend[], asked: Points = total(parts)): LotSpend[] {
  assert(asked <= total(parts), 'a sale confirms at most what it held');
  let left = asked;
  const first: LotSpend[] = [];
  for (const part of parts) {
    const taken = leastPoints(left, part.points);
    if (taken > 0n) first.push({ lotId: part.lotId, points: taken });
    left = points(left - taken);
  }
  return first;
}

function overlap(parts: readonly LotSpend[], others: readonly LotSpend[]): LotSpend[] {
  const sums = sumsByLot(others);
  return byLot(parts).flatMap((part) => {
    const common = leastPoints(part.points, sums.get(part.lotId) ?? noPoints);
    return common > 0n ? [{ lotId: part.lotId, points: common }] : [];
  });
}

function without(parts: readonly LotSpend[], taken: readonly LotSpend[]): LotSpend[] {
  const sums = sumsByLot(taken);
  return byLot(parts).flatMap((part) => {
    const rest = points(part.points - (sums.get(part.lotId) ?? noPoints));
    return rest > 0n ? [{ lotId: part.lotId, points: rest }] : [];
  });
}

function sumsByLot(parts: readonly LotSpend[]): Map<string, Points> {
  const sums = new Map<string, Points>();
  for (const part of parts) sums.set(part.lotId, points((sums.get(part.lotId) ?? noPoints) + part.points));
  return sums;
}

export function heldBy(holds: readonly Hold[]): Map<string, Points> {
  return sumsByLot(holds.flatMap((open) => open.parts));
}
