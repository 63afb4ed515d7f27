import type { Money } from '#kernel/money.ts';
import type { Points } from '#kernel/points.ts';
import type { Restriction } from '#kernel/restriction.ts';
import type { Instant, PlainDate } from '#kernel/time.ts';
import type { ProductView, ShopView } from '#modules/catalog/index.ts';

/** What a receipt consists of before any rule: the pure quote's input. */
export interface Cart {
  readonly shop: ShopView;
  /** The receipt's own time: rules of that moment apply (R3, R21). */
  readonly at: Instant;
  readonly lines: readonly CartLine[];
  /** Codes the buyer gave, looked up already; a code that is no good comes with its reason and never fails the sale (R26). */
  readonly promoCodes: readonly CodeInHand[];
  readonly redeem: RedeemWish;
  /**
   * The whole promotion discount that an offline till printed: it stands (R21). It is split over the lines by their money under the rule name
   * `printed`, in place of every promotion's price effect; points rules act as usual. Absent: the promotions decide.
   */
  readonly printedDiscount?: Money;
}

export interface CartLine {
  /** The POS's own number of the line, unique in the receipt. */
  readonly lineId: string;
  /** null: a product the catalog does not know; rules see only its sku and the flags sent with it. */
  readonly product: ProductView | null;
  readonly sku: string | null;
  /** Thousandths (R2). */
  readonly quantity: bigint;
  /** The line's sum at shelf price, as sent: it is the truth even where price × quantity rounds differently (R2). */
  readonly shelfSum: Money;
  /** Taken off by the till itself before we are asked; counts against floors and is never undone (R13). */
  readonly tillDiscount: Money;
  readonly kind: 'goods' | 'delivery' | 'service' | 'gift_card';
}

export interface CodeInHand {
  /** As the buyer typed it, for the explanation. */
  readonly text: string;
  readonly state: 'usable' | 'unknown' | 'used_up' | 'not_yet' | 'ended' | 'not_yours' | 'too_many_tries';
  /** The promotion it switches on; null when unknown. */
  readonly promotionCode: string | null;
  /** promotions' key of the code, to take its use. */
  readonly promoCodeId: string | null;
}

export type RedeemWish =
  | { readonly kind: 'none' }
  | { readonly kind: 'points'; readonly points: Points }
  | { readonly kind: 'max' }
  /**
   * Money was taken already (R19, R21): exactly so many, over any limit, rule or balance, as far as the lines' money reaches. What the lots do not
   * cover is missing from `spends`: checkout takes other points or makes a debt of it. Over the limit: flag `over_redeem_limit`.
   */
  | { readonly kind: 'printed'; readonly points: Points };

/** What the quote may know of the member: loaded once, under the lock when the sale is real. null in `QuoteInput`: a receipt without a member. */
export interface MemberInQuote {
  readonly memberId: string;
  readonly blocked: boolean;
  readonly staff: boolean;
  readonly zone: string;
  readonly birthday: PlainDate | null;
  readonly joinedAt: Instant;
  /** The tier before this receipt: it rates this receipt (R27). null: the program has no tiers. */
  readonly tierCode: string | null;
  readonly receiptsCount: number;
  readonly paidTotal: Money;
  readonly lastPurchaseAt: Instant | null;
  /** Codes of the program's named segments that hold for this member now. */
  readonly segments: ReadonlySet<string>;
  /** Personal windows (member, promotion, from, until): "double points for 10 days", recipients of a campaign. */
  readonly windows: readonly PersonalWindow[];
  /** Uses so far per promotion code with a per-member limit. */
  readonly uses: ReadonlyMap<string, MemberUse>;
  /** Spendable lots in R8's order, own held points included when a hold is edited. Empty when not redeeming. */
  readonly lots: readonly SpendableLot[];
  /** For the program-wide limits of R30 and the ceiling per day of R15: this member's shop-local day so far. */
  readonly earnedToday: Points;
  readonly redeemedToday: Points;
  readonly debt: Points;
}

export interface PersonalWindow {
  readonly windowId: string;
  readonly promotionCode: string;
  readonly from: Instant;
  readonly until: Instant;
  /** Uses left in this window; null means any number. */
  readonly usesLeft: number | null;
}

export interface MemberUse {
  readonly uses: number;
  readonly usesToday: number;
}

export interface SpendableLot {
  readonly lotId: string;
  readonly spendable: Points;
  readonly restriction: Restriction | null;
}

/** What is left of a promotion's total budget; absent from the map: it has no total limit. */
export interface BudgetLeft {
  readonly uses: bigint | null;
  readonly points: bigint | null;
  readonly money: bigint | null;
}

export interface QuoteInput {
  readonly cart: Cart;
  readonly member: MemberInQuote | null;
  readonly budgets: ReadonlyMap<string, BudgetLeft>;
  /** Promotions that must not fire again in this attempt: their last slot went to a parallel sale (R25). */
  readonly exhausted: ReadonlySet<string>;
  /** The catalog's product by sku, for gifts that a promotion adds to the receipt. Absent: gifts are found in the cart only. */
  readonly productOf?: (sku: string) => ProductView | null;
}
