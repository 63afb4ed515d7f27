import { leastPoints, type Points, points } from '#kernel/points.ts';
import { earlier, type Instant, isAtOrBefore, later } from '#kernel/time.ts';
import type { AccountState, LotSpend } from './account.ts';
import type { Decision, SettleContext } from './context.ts';
import { forgiveRemaining, payDebts } from './debts.ts';
import { closeDraft, type Draft, lotOf, openDraft, setHold, setLot, takePoints } from './draft.ts';
import { compareInstants, compareSpendOrder, compareText, effectiveEnd, freeOf } from './order.ts';

/** What time alone has done since the account was last written (R7), for facts. */
export interface Settled {
  readonly expired: Points;
  readonly started: Points;
  readonly writtenOff: Points;
  readonly timedOutHolds: readonly string[];
}

/**
 * Everything that time alone does up to and including `now`, each at its own instant and in the order of time: debts are written off, lots burn,
 * holds time out, lots start and pay debts. Settling twice is settling once, in two steps as in one. Held points do not burn (R18).
 */
export function settle(
  state: AccountState,
  now: Instant,
  context: SettleContext,
): Decision & { readonly settled: Settled } {
  const draft = openDraft(state, context);
  const settled = settleDraft(draft, now);
  return { ...closeDraft(draft), settled };
}

/** The next instant at which time alone changes a figure; null: none. */
export function nextChange(state: AccountState): Instant | null {
  let next: Instant | null = null;
  for (const event of eventsOf(state.lots, state)) next = earlier(next, event.at);
  return next;
}

type Event = { readonly kind: 'write_off' | 'burn' | 'time_out' | 'start'; readonly id: string; readonly at: Instant };

/**
 * At one instant: ends are exclusive, so a debt is gone and a lot has burned before anything else happens; a hold that times out at its lot's end
 * releases points that are past it.
 */
const ranks = { write_off: 0, burn: 1, time_out: 2, start: 3 } as const;

export function settleDraft(draft: Draft, now: Instant): Settled {
  const total = { expired: 0n, started: 0n, writtenOff: 0n };
  const timedOutHolds: string[] = [];
  for (let event = earliestDue(draft, now); event !== null; event = earliestDue(draft, now)) {
    switch (event.kind) {
      case 'write_off':
        total.writtenOff += writeOff(draft, event.id);
        break;
      case 'burn':
        total.expired += burn(draft, event.id, event.at);
        break;
      case 'time_out':
        timedOutHolds.push(event.id);
        timeOut(draft, event.id, event.at);
        break;
      case 'start':
        total.started += start(draft, event.id, event.at);
        break;
    }
  }
  return {
    expired: points(total.expired),
    started: points(total.started),
    writtenOff: points(total.writtenOff),
    timedOutHolds,
  };
}

function earliestDue(draft: Draft, now: Instant): Event | null {
  let first: Event | null = null;
  const rows = {
    debts: [...draft.debts.values()],
    holds: [...draft.holds.values()],
    inactivityDeadline: draft.deadline,
  };
  for (const event of eventsOf(draft.lots.values(), rows)) {
    if (!isAtOrBefore(event.at, now)) continue;
    if (first === null || compareEvents(event, first, draft) < 0) first = event;
  }
  return first;
}

function* eventsOf(
  lots: Iterable<AccountState['lots'][number]>,
  rows: Pick<AccountState, 'debts' | 'holds' | 'inactivityDeadline'>,
): Generator<Event> {
  for (const lot of lots) {
    if (lot.remaining === 0n) continue;
    if (!lot.started) yield { kind: 'start', id: lot.lotId, at: lot.startsAt };
    const end = effectiveEnd(lot, rows.inactivityDeadline);
    if (end !== null && lot.remaining > lot.held) yield { kind: 'burn', id: lot.lotId, at: end };
  }
  for (const debt of rows.debts) {
    if (debt.remaining > 0n && debt.writtenOffAt !== null)
      yield { kind: 'write_off', id: debt.debtId, at: debt.writtenOffAt };
  }
  for (const hold of rows.holds) {
    if (hold.parts.length > 0) yield { kind: 'time_out', id: hold.holdId, at: hold.expiresAt };
  }
}

function compareEvents(first: Event, second: Event, draft: Draft): number {
  const byTime = compareInstants(first.at, second.at) || ranks[first.kind] - ranks[second.kind];
  if (byTime !== 0) return byTime;
  // Lots that start together pay debts in the order in which they would be spent.
  if (first.kind === 'start') return compareSpendOrder(lotOf(draft, first.id), lotOf(draft, second.id), draft.deadline);
  return compareText(first.id, second.id);
}

function writeOff(draft: Draft, debtId: string): bigint {
  const debt = draft.debts.get(debtId);
  if (!debt) return 0n;
  forgiveRemaining(draft, debt);
  return debt.remaining;
}

function burn(draft: Draft, lotId: string, at: Instant): bigint {
  const lost = freeOf(lotOf(draft, lotId));
  takePoints(draft, lotId, lost, { kind: 'expire', causeKind: 'expiry', causeId: lotId, at });
  return lost;
}

function timeOut(draft: Draft, holdId: string, at: Instant): void {
  const hold = draft.holds.get(holdId);
  if (!hold) return;
  setHold(draft, { ...hold, parts: [] });
  releaseParts(draft, hold.parts, at);
}

function start(draft: Draft, lotId: string, at: Instant): bigint {
  const lot = lotOf(draft, lotId);
  setLot(draft, { ...lot, started: true });
  payDebts(draft, { lotId, points: freeOf(lot), at, ownDebtFirst: false });
  return freeOf(lot);
}

/** Held points become free again: those past their end live on for the grace (R18), and what becomes spendable pays debts (R10). */
export function releaseParts(draft: Draft, parts: readonly LotSpend[], at: Instant): void {
  for (const part of parts) {
    const lot = lotOf(draft, part.lotId);
    const end = effectiveEnd(lot, draft.deadline);
    const ended = end !== null && isAtOrBefore(end, at);
    const graceUntil = ended
      ? later(lot.graceUntil, at.add({ hours: draft.context.settings.holdGraceHours }))
      : lot.graceUntil;
    const released = leastPoints(part.points, lot.held);
    setLot(draft, { ...lot, held: points(lot.held - released), graceUntil });
    payDebts(draft, { lotId: lot.lotId, points: released, at, ownDebtFirst: true });
  }
}
