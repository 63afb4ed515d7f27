import { assert } from '#kernel/assert.ts';
import { noPoints, type Points } from '#kernel/points.ts';
import type { Restriction } from '#kernel/restriction.ts';
import { type Instant, isAtOrBefore, isBefore } from '#kernel/time.ts';
import type { AccountState, EntryKind, Lot, LotSource } from './account.ts';
import type { Decision, LedgerContext } from './context.ts';
import { payDebts } from './debts.ts';
import { addLot, addPoints, closeDraft, type Draft, lotOf, openDraft } from './draft.ts';
import { settleDraft } from './settle.ts';

export interface NewLot {
  readonly source: LotSource;
  readonly rule: string;
  readonly points: Points;
  readonly startsAt: Instant;
  readonly burnsAt: Instant | null;
  readonly inactivityDays: number | null;
  readonly restriction: Restriction | null;
  readonly funder: string | null;
  readonly paysDebt: boolean;
}

/** New points. A lot that has started already pays debts at once; one whose end is past burns at once, by entry (an import, R21). `lots` are in the order asked. */
export function grant(
  state: AccountState,
  newLots: readonly NewLot[],
  context: LedgerContext,
): Decision & { readonly lots: readonly Lot[] } {
  const draft = openDraft(state, context);
  const ids = newLots.map((newLot) => grantOne(draft, newLot, context));
  const lots = ids.map((lotId) => lotOf(draft, lotId));
  settleDraft(draft, context.now);
  return { ...closeDraft(draft), lots };
}

export function grantOne(draft: Draft, newLot: NewLot, context: LedgerContext): string {
  assert(newLot.points > 0n, 'a lot has at least one point');
  assert(newLot.burnsAt === null || isBefore(newLot.startsAt, newLot.burnsAt), 'a lot ends after it starts');
  assert(newLot.inactivityDays === null || newLot.burnsAt !== null, 'an inactivity term has an end of its own as well');
  const lotId = context.newId();
  const { points: amount, ...terms } = newLot;
  addLot(draft, {
    ...terms,
    memberId: draft.memberId,
    lotId,
    causeKind: context.causeKind,
    causeId: context.causeId,
    amount,
    remaining: noPoints,
    held: noPoints,
    graceUntil: null,
    started: isAtOrBefore(newLot.startsAt, context.now),
    createdAt: context.recordedAt,
  });
  const kind: EntryKind = newLot.source === 'adjustment' ? 'adjust' : newLot.source === 'refund' ? 'refund' : 'earn';
  addPoints(draft, lotId, amount, {
    kind,
    causeKind: context.causeKind,
    causeId: context.causeId,
    at: context.at ?? context.now,
  });
  payDebts(draft, { lotId, points: amount, at: context.now, ownDebtFirst: false });
  return lotId;
}
