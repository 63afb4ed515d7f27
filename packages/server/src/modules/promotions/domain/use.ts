import type { Money } from '#kernel/money.ts';
import type { Points } from '#kernel/points.ts';
import type { Instant, PlainDate } from '#kernel/time.ts';

/** Whose sale takes the uses. A receipt without a member has its own id as member. */
export interface TakeContext {
  readonly memberId: string;
  /** Who counts the uses: the survivor, when the receipt's member was merged away (R32). */
  readonly countedBy?: string;
  readonly receiptId: string;
  /** When it counts: the arrival of a late receipt (R21). */
  readonly at: Instant;
  /** The shop-local day of `at`, for limits per day. */
  readonly day: PlainDate;
  /** A sale whose money was taken already stands, even over a limit; the excess is kept apart (R19). */
  readonly forced: boolean;
  /** Promotions whose budget was read as laid into lanes; a sale that was quoted under lock names none. */
  readonly laned?: ReadonlySet<string>;
  readonly newId: () => string;
}

/** One promotion's use by one receipt. */
export interface TakenUse {
  readonly memberId: string;
  readonly receiptId: string;
  readonly useId: string;
  readonly promotionCode: string;
  readonly codeKey: string | null;
  readonly windowId: string | null;
  readonly discount: Money;
  readonly points: Points;
  readonly discountReturned: Money;
  readonly pointsReturned: Points;
  readonly perMember: boolean;
  readonly inTotal: boolean;
  readonly day: PlainDate;
  readonly takenAt: Instant;
}

/** What a return in part undoes of one promotion: amounts of the budget come back, the use itself only with the whole receipt (R26). */
export interface PartBack {
  readonly promotionCode: string;
  readonly discount: Money;
  readonly points: Points;
}

export interface GiveBackContext {
  /** Whose row the receipt is. */
  readonly memberId: string;
  /** Who counts the uses now: the survivor, when the receipt's member was merged away (R32). */
  readonly countedBy?: string;
  readonly receiptId: string;
  readonly at: Instant;
}
