import type { Money } from '#kernel/money.ts';
import type { Points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';

/** A receipt of the past as a simulation replays it: what the buyer brought to the till, not what it came to. */
export interface PastReceipt {
  readonly receiptId: string;
  /** null: nobody showed a card. */
  readonly memberId: string | null;
  readonly shopId: string;
  readonly externalId: string;
  readonly at: Instant;
  /** The tier that rated it. */
  readonly tierCode: string | null;
  readonly redeemed: Points;
  /** All points that the member had when the receipt came, spendable or not yet. */
  readonly pointsBefore: Points;
  /** Promo codes and personal windows that it took. */
  readonly uses: readonly PastUse[];
  /** Without the gifts that a promotion of then added. */
  readonly lines: readonly PastLine[];
}

export interface PastUse {
  readonly promotionCode: string;
  readonly promoCodeId: string | null;
  readonly windowId: string | null;
}

export interface PastLine {
  readonly lineId: string;
  readonly sku: string | null;
  readonly kind: 'goods' | 'delivery' | 'service' | 'gift_card';
  readonly quantity: bigint;
  readonly shelfSum: Money;
  readonly tillDiscount: Money;
}
