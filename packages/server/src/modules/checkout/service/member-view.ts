import { noPoints } from '#kernel/points.ts';
import { type Instant, isAtOrBefore, isBefore, localDate } from '#kernel/time.ts';
import { spendable } from '#modules/ledger/index.ts';
import type { MemberInQuote } from '#modules/program/index.ts';
import type { MemberState } from '../domain/member-state.ts';

export interface ViewOptions {
  readonly at: Instant;
  /** The shop's zone: days of the fraud limits are the shop's (R30). */
  readonly shopZone: string;
  readonly segments: ReadonlySet<string>;
  readonly redeeming: boolean;
  /** When lots are looked at: arrival for a late receipt, else the receipt's time. */
  readonly now: Instant;
  readonly ownHoldId?: string;
}

/** What the pure quote may know of the member. */
export function memberInQuote(state: MemberState, options: ViewOptions): MemberInQuote {
  const { standing, person } = state;
  const today = localDate(options.at, options.shopZone);
  const sameDay = standing.day !== null && standing.day.equals(today);
  return {
    memberId: state.memberId,
    blocked: standing.blocked || person.status === 'blocked',
    staff: person.staff,
    zone: state.zone,
    birthday: person.birthday,
    joinedAt: person.joinedAt,
    tierCode: standing.tierCode,
    receiptsCount: standing.receiptsCount,
    paidTotal: standing.paidTotal,
    lastPurchaseAt: standing.lastPurchaseAt,
    segments: options.segments,
    windows: state.windows.filter(
      (window) => isAtOrBefore(window.from, options.at) && isBefore(options.at, window.until),
    ),
    uses: state.uses,
    lots: options.redeeming ? spendable(state.account, options.now, options.ownHoldId) : [],
    earnedToday: sameDay ? standing.dayEarned : noPoints,
    redeemedToday: sameDay ? standing.dayRedeemed : noPoints,
    debt: standing.debt,
  };
}
