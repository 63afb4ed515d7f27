import type { Points } from '#kernel/points.ts';
import type { Rate } from '#kernel/rate.ts';
import type { ProductView, ShopView } from '#modules/catalog/index.ts';
import type { BudgetLeft, Cart, CartLine, MemberInQuote } from './cart.ts';
import type { CompiledProgram, CompiledPromotion } from './compiled.ts';
import type { LocalMoment } from './local-moment.ts';
import type { Explanation, NextCode, Quote, QuoteFlag } from './quote-result.ts';

/** What a quote knows besides the cart: the same for every product of a catalog page. */
export interface Scene {
  readonly shop: ShopView;
  readonly at: Cart['at'];
  /** `at` on the shop's clock. */
  readonly local: LocalMoment;
  /** null: nobody, or a blocked member, who neither earns nor spends (R30). */
  readonly member: MemberInQuote | null;
  readonly memberLocal: () => LocalMoment;
  readonly budgets: ReadonlyMap<string, BudgetLeft>;
  readonly exhausted: ReadonlySet<string>;
  /** R17: each product alone; receipt-wide conditions and codes are off. */
  readonly catalog: boolean;
  readonly asksForPoints: boolean;
  /** Usable codes in hand by promotion, at most as many as a receipt may have; the value is the key of the code's use. */
  readonly codes: ReadonlyMap<string, string | null>;
  readonly productOf: ((sku: string) => ProductView | null) | null;
}

/** What rules may match a line by. */
export interface LineFacts {
  readonly sku: string | null;
  /** From the root to the deepest. */
  readonly categories: readonly string[];
  readonly brandKey: string | null;
  readonly tags: readonly string[];
}

/** A line while the steps work on it. */
export interface WorkLine extends LineFacts {
  readonly index: number;
  readonly lineId: string;
  readonly kind: CartLine['kind'];
  readonly product: ProductView | null;
  readonly quantity: bigint;
  readonly shelf: bigint;
  readonly till: bigint;
  /** Nothing of ours takes the line below it (R13). */
  readonly floor: bigint;
  /** The law forbids everything: the line does not even count for a condition. */
  readonly lawful: boolean;
  readonly canPromote: boolean;
  readonly canDiscount: boolean;
  readonly giftFor: { readonly promotionCode: string; readonly sku: string } | null;
  canEarn: boolean;
  canRedeem: boolean;
  /** What the last step left. */
  price: bigint;
  /** A promotion's rate in place of the tier's (R14). */
  redeemRate: Rate | null;
  redeemed: bigint;
  redeemedMoney: bigint;
  rounding: bigint;
  earned: bigint;
  readonly discounts: { promotionCode: string; amount: bigint }[];
}

export interface OpenPromotion {
  readonly promotion: CompiledPromotion;
  readonly windowId: string | null;
}

/** A promotion that has fired, with the lines it acts on. */
export interface Fired {
  readonly promotion: CompiledPromotion;
  readonly lines: readonly WorkLine[];
  readonly promoCodeId: string | null;
  readonly windowId: string | null;
  discount: bigint;
  points: bigint;
  /** False: it has given nothing yet; if that stays so it has not fired. */
  acted: boolean;
}

/** One quote in the making. Steps change it in turn; nobody else ever sees it. */
export interface Worksheet {
  readonly program: CompiledProgram;
  readonly scene: Scene;
  readonly cart: Cart;
  readonly lines: WorkLine[];
  readonly fired: Fired[];
  /** By group: what is known of it on this receipt. */
  readonly groups: Map<string, GroupState>;
  /** Promotions that who, where and when let through, in the order they act. */
  readonly open: readonly OpenPromotion[];
  readonly explain: ((explanation: Explanation) => void) | null;
  readonly explanation: Explanation[];
  readonly flags: Set<QuoteFlag>;
  /** Minor units that may still be taken off the receipt by ceilings; null: no ceiling. */
  receiptRoom: bigint | null;
  redeemLimit: Points;
  /** What this member could pay in points right now, asked for or not. */
  redeemable: Points;
  spends: Quote['spends'];
  earnings: Quote['earnings'];
  readonly nextCodes: NextCode[];
}

export interface GroupState {
  /** Of a best-of group: whose turn it is; null: of nobody's. */
  readonly winner: CompiledPromotion | null;
  firedCode: string | null;
  /** What percents that add up are taken of: prices when the group began. */
  readonly bases: readonly bigint[];
  /** Percents taken so far, by line. */
  readonly rates: bigint[];
}
