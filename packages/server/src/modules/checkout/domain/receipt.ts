import type { Money } from '#kernel/money.ts';
import type { Points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { Explanation, LotSpend, PromotionUse, Quote } from '#modules/program/index.ts';

export type FactOrigin = 'live' | 'late' | 'import' | 'replay' | 'merge';
/** shipped: a held order whose parts are receipts of their own, and no more will come (R24). */
export type ReceiptState = 'held' | 'confirmed' | 'shipped' | 'cancelled' | 'expired' | 'review';

/** A sale as it is kept: held, confirmed, cancelled … */
export interface Receipt {
  /** The member's id, or the receipt's own when there is no member. */
  readonly memberId: string;
  readonly receiptId: string;
  readonly hasMember: boolean;
  readonly integration: string;
  readonly shopId: string;
  readonly externalId: string;
  readonly state: ReceiptState;
  readonly isOrder: boolean;
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly confirmedAt: Instant | null;
  readonly programVersion: number;
  readonly totals: Quote['totals'];
  readonly returnedMoney: Money;
  readonly returnedWholly: boolean;
  readonly tierCode: string | null;
  readonly raisedTier: string | null;
  readonly flags: readonly string[];
  readonly origin: FactOrigin;
  readonly test: boolean;
  readonly holdExpiresAt: Instant | null;
  readonly claimedBy: string | null;
  readonly outcome: ReceiptOutcome;
}

/** What later steps need of the quote that was applied; jsonb in the database. */
export interface ReceiptOutcome {
  readonly spends: readonly LotSpend[];
  readonly earnings: readonly KeptEarning[];
  readonly uses: readonly PromotionUse[];
  readonly nextCodes: readonly KeptCode[];
  /** Codes for next time that a held sale will bring when it is confirmed. */
  readonly promised: Quote['nextCodes'];
  readonly explanation: readonly Explanation[];
  readonly redeemLimit: Points;
  /** The balance right after, as it was answered: a repeat answers the same (R20). */
  readonly balance: BalanceFigures | null;
  readonly tierAfter: string | null;
  /** The held order this receipt is a shipment of (R24); absent: none. */
  readonly partOf?: string | undefined;
  /** A sum redeemed that no lot covered: it became debt (R19). */
  readonly uncovered: Points;
  /** What the till sent, to quote again when a hold is edited or confirmed with other weights. */
  readonly wish: { readonly promoCodes: readonly string[]; readonly redeem: 'max' | Points };
}

/** An earning and the lot it became; `linePoints` in the order of the receipt's lines, for returns (R22). */
export interface KeptEarning {
  readonly rule: string;
  readonly lotId: string;
  readonly points: Points;
  readonly linePoints: readonly Points[];
  readonly wholeReceipt: boolean;
  /** A gain of the whole receipt that was taken back at once when its condition failed: no later return takes of it again (R22). */
  readonly undone?: boolean | undefined;
}

export interface KeptCode {
  readonly code: string;
  readonly promoCodeId: string;
  readonly promotion: string;
  readonly until: string | null;
}

export interface BalanceFigures {
  readonly available: Points;
  readonly pending: Points;
  readonly reserved: Points;
  readonly debt: Points;
}

export interface ReceiptLine {
  readonly lineNo: number;
  readonly lineId: string;
  readonly sku: string | null;
  readonly productId: string | null;
  readonly kind: 'goods' | 'delivery' | 'service' | 'gift_card';
  readonly quantity: bigint;
  readonly shelfSum: Money;
  readonly tillDiscount: Money;
  readonly discount: Money;
  readonly discounts: readonly { readonly promotionCode: string; readonly amount: Money }[];
  readonly redeemedPoints: Points;
  readonly redeemedMoney: Money;
  readonly rounding: Money;
  readonly paid: Money;
  readonly earnedPoints: Points;
  readonly gift: boolean;
  /** See return-units.ts. */
  readonly returnedUnits: bigint;
}
