import { assert, required } from '#kernel/assert.ts';
import { type Points, points, pointsChange } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { AccountState, CauseKind, Debt, Entry, EntryKind, Hold, Lot } from './account.ts';
import type { Decision, SettleContext } from './context.ts';
import { addFigures, type FigureChange, noMovements } from './movements.ts';

/**
 * The working copy of one account inside a decision. It is changed in place, remembers every row that has to be written and how the figures moved,
 * and never leaves the domain: decisions take and answer plain state.
 */
export interface Draft {
  readonly memberId: string;
  readonly context: SettleContext;
  readonly lots: Map<string, Lot>;
  readonly debts: Map<string, Debt>;
  readonly holds: Map<string, Hold>;
  deadline: Instant | null;
  figures: FigureChange;
  readonly entries: Entry[];
  readonly newLots: Set<string>;
  readonly changedLots: Set<string>;
  readonly newHolds: Set<string>;
  readonly changedHolds: Set<string>;
  readonly newDebts: Set<string>;
  readonly changedDebts: Set<string>;
}

/** Why a lot moves: what an entry says besides the number. */
export interface Cause {
  readonly kind: EntryKind;
  readonly causeKind: CauseKind;
  readonly causeId: string;
  readonly at: Instant;
}

export function openDraft(state: AccountState, context: SettleContext): Draft {
  return {
    memberId: state.memberId,
    context,
    lots: new Map(state.lots.map((lot) => [lot.lotId, lot])),
    debts: new Map(state.debts.map((debt) => [debt.debtId, debt])),
    holds: new Map(state.holds.map((hold) => [hold.holdId, hold])),
    deadline: state.inactivityDeadline,
    figures: noMovements.figures,
    entries: [],
    newLots: new Set(),
    changedLots: new Set(),
    newHolds: new Set(),
    changedHolds: new Set(),
    newDebts: new Set(),
    changedDebts: new Set(),
  };
}

export function closeDraft(draft: Draft): Decision {
  return {
    state: {
      memberId: draft.memberId,
      lots: [...draft.lots.values()].filter((lot) => lot.remaining > 0n),
      debts: [...draft.debts.values()].filter((debt) => debt.remaining > 0n),
      holds: [...draft.holds.values()].filter((hold) => hold.parts.length > 0),
      inactivityDeadline: draft.deadline,
    },
    movements: {
      newLots: pick(draft.lots, draft.newLots),
      changedLots: pick(draft.lots, draft.changedLots),
      entries: draft.entries,
      newHolds: pick(draft.holds, draft.newHolds).filter((hold) => hold.parts.length > 0),
      changedHolds: pick(draft.holds, draft.changedHolds),
      newDebts: pick(draft.debts, draft.newDebts),
      changedDebts: pick(draft.debts, draft.changedDebts),
      figures: draft.figures,
    },
  };
}

export function lotOf(draft: Draft, lotId: string): Lot {
  return required(draft.lots.get(lotId), `lot ${lotId} of the account`);
}

/** A lot that did not exist: its first entry follows by `addPoints`. */
export function addLot(draft: Draft, lot: Lot): void {
  assert(!draft.lots.has(lot.lotId), `lot ${lot.lotId} exists already`);
  assert(lot.remaining === 0n && lot.held === 0n, 'a lot gets its points by an entry');
  draft.lots.set(lot.lotId, lot);
  draft.newLots.add(lot.lotId);
}

/** A lot of this member that was closed, so it was not loaded with the account. */
export function reopenLot(draft: Draft, lot: Lot): void {
  if (draft.lots.has(lot.lotId)) return;
  assert(
    lot.memberId === draft.memberId && lot.remaining === 0n,
    'only an empty lot of this member is not part of its account',
  );
  draft.lots.set(lot.lotId, lot);
}

/** With takePoints the only way a lot's remainder changes: with its entry (R5). */
export function addPoints(draft: Draft, lotId: string, amount: Points, cause: Cause): void {
  changeLot(draft, lotId, amount, cause);
}

export function takePoints(draft: Draft, lotId: string, amount: Points, cause: Cause): void {
  changeLot(draft, lotId, 0n - amount, cause);
}

function changeLot(draft: Draft, lotId: string, change: bigint, cause: Cause): void {
  const lot = lotOf(draft, lotId);
  const remaining = lot.remaining + change;
  assert(remaining >= lot.held && remaining <= lot.amount, `lot ${lotId} cannot move by ${change}`);
  setLot(draft, { ...lot, remaining: points(remaining) });
  noteEntry(draft, lot, change, cause);
}

/** Replaces a lot and moves the figures by the difference. */
export function setLot(draft: Draft, next: Lot): void {
  const before = lotOf(draft, next.lotId);
  draft.lots.set(next.lotId, next);
  if (!draft.newLots.has(next.lotId)) draft.changedLots.add(next.lotId);
  draft.figures = addFigures(draft.figures, difference(figuresOfLot(next), figuresOfLot(before)));
}

/** An entry alone, for pairs that cancel each other on a lot that stays closed. */
export function noteEntry(
  draft: Draft,
  lot: { readonly memberId: string; readonly lotId: string },
  change: bigint,
  cause: Cause,
): void {
  if (change === 0n) return;
  draft.entries.push({
    memberId: lot.memberId,
    entryId: draft.context.newId(),
    lotId: lot.lotId,
    kind: cause.kind,
    change: pointsChange(change),
    causeKind: cause.causeKind,
    causeId: cause.causeId,
    at: cause.at,
    recordedAt: draft.context.recordedAt,
  });
}

export function addDebt(draft: Draft, debt: Debt): void {
  assert(!draft.debts.has(debt.debtId), `debt ${debt.debtId} exists already`);
  draft.debts.set(debt.debtId, debt);
  draft.newDebts.add(debt.debtId);
  draft.figures = addFigures(draft.figures, { ...noMovements.figures, debt: debt.remaining });
}

export function setDebt(draft: Draft, next: Debt): void {
  const before = required(draft.debts.get(next.debtId), `debt ${next.debtId} of the account`);
  draft.debts.set(next.debtId, next);
  if (!draft.newDebts.has(next.debtId)) draft.changedDebts.add(next.debtId);
  draft.figures = addFigures(draft.figures, { ...noMovements.figures, debt: next.remaining - before.remaining });
}

/** Adds or replaces a hold; lots' `held` is the caller's business (see hold.ts). */
export function setHold(draft: Draft, hold: Hold): void {
  const known = draft.holds.has(hold.holdId) && !draft.newHolds.has(hold.holdId);
  draft.holds.set(hold.holdId, hold);
  (known ? draft.changedHolds : draft.newHolds).add(hold.holdId);
}

function figuresOfLot(lot: Lot): FigureChange {
  const free = lot.remaining - lot.held;
  return { available: lot.started ? free : 0n, pending: lot.started ? 0n : free, reserved: lot.held, debt: 0n };
}

function difference(after: FigureChange, before: FigureChange): FigureChange {
  return {
    available: after.available - before.available,
    pending: after.pending - before.pending,
    reserved: after.reserved - before.reserved,
    debt: after.debt - before.debt,
  };
}

function pick<Row>(rows: ReadonlyMap<string, Row>, keys: ReadonlySet<string>): Row[] {
  return [...keys].map((key) => required(rows.get(key), 'a row the draft touched'));
}
