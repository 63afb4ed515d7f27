import type { Money } from '#kernel/money.ts';
import type { Points } from '#kernel/points.ts';
import type { Restriction } from '#kernel/restriction.ts';
import type { Instant } from '#kernel/time.ts';

/** What a receipt comes to: the pure quote's answer. Actions are data; checkout applies them. */
export interface Quote {
  readonly programVersion: number;
  readonly lines: readonly QuoteLine[];
  readonly totals: QuoteTotals;
  /** Lots to be spent, in the order taken. */
  readonly spends: readonly LotSpend[];
  /** Redemption limit of this receipt in points, whether or not points were asked for (R14). */
  readonly redeemLimit: Points;
  /** Lots to be made when the receipt is confirmed. */
  readonly earnings: readonly Earning[];
  /** Promotions that fired: uses to take from limits (R25). */
  readonly uses: readonly PromotionUse[];
  readonly nextCodes: readonly NextCode[];
  readonly explanation: readonly Explanation[];
  readonly flags: readonly QuoteFlag[];
}

export interface QuoteTotals {
  readonly shelf: Money;
  readonly tillDiscount: Money;
  readonly promotionDiscount: Money;
  readonly redeemedPoints: Points;
  readonly redeemedMoney: Money;
  /** Taken off by rounding the receipt, when the program rounds. */
  readonly rounding: Money;
  readonly paid: Money;
  readonly earnedPoints: Points;
}

export interface QuoteLine {
  readonly lineId: string;
  readonly shelfSum: Money;
  readonly tillDiscount: Money;
  readonly discounts: readonly { readonly promotionCode: string; readonly amount: Money }[];
  readonly redeemedPoints: Points;
  readonly redeemedMoney: Money;
  readonly rounding: Money;
  readonly paid: Money;
  /** Points of every earning that fall to this line (R2's split), for returns and the catalog. */
  readonly earnedPoints: Points;
  /** A line that a promotion added, such as a gift. */
  readonly gift: boolean;
  /** Which product the POS has to add; null for lines of the cart. */
  readonly giftSku: string | null;
}

export interface LotSpend {
  readonly lotId: string;
  readonly points: Points;
}

export interface Earning {
  /** 'base' or the promotion's code. */
  readonly rule: string;
  readonly points: Points;
  /** The whole points by line, in the order of `lines`; receipt-wide gains have the same split. */
  readonly linePoints: readonly Points[];
  /** True: a threshold or fixed gain of the whole receipt, which a return takes back in proportion (R22). */
  readonly wholeReceipt: boolean;
  readonly startsAt: Instant;
  /** Own date; null with `inactivityDays` null means never. */
  readonly burnsAt: Instant | null;
  /** R9: burns by the member's deadline of that many days; then burnsAt is the end of that many days after the lot's own start. */
  readonly inactivityDays: number | null;
  readonly restriction: Restriction | null;
  readonly funder: string | null;
  readonly paysDebt: boolean;
}

export interface PromotionUse {
  readonly promotionCode: string;
  readonly promoCodeId: string | null;
  readonly windowId: string | null;
  readonly discount: Money;
  readonly points: Points;
  /** Has a limit per member / in total, so a row or counter has to be written. */
  readonly limits: {
    readonly perMember: number | null;
    readonly perDay: number | null;
    readonly total: TotalLimit | null;
  };
}

export interface TotalLimit {
  readonly uses: bigint | null;
  readonly points: bigint | null;
  readonly money: bigint | null;
}

/** "A code for next time": checkout has promotions issue it at confirm. */
export interface NextCode {
  readonly fromPromotion: string;
  readonly promotionCode: string;
  /** Days of validity counted from the receipt, whole local days. */
  readonly days: number | null;
}

/** One step for a cashier and a marketer: a code with arguments, never text. Texts in ru and en come from the catalogue of sentences. */
export interface Explanation {
  readonly step: 'shelf' | 'till' | 'promotion' | 'promo_code' | 'points' | 'rounding' | 'earning' | 'limit';
  readonly code: string;
  /** The rule's code and kind, when a rule is meant. */
  readonly rule: string | null;
  readonly lineId: string | null;
  readonly applied: boolean;
  readonly args: Readonly<Record<string, string | number>>;
}

export type QuoteFlag =
  | 'earning_limit_reached'
  | 'redeeming_limit_reached'
  | 'staff_card'
  | 'member_blocked'
  | 'redeeming_needs_code'
  | 'over_redeem_limit';
