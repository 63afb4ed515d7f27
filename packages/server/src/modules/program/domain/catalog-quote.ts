import { type Money, money, noMoney } from '#kernel/money.ts';
import { noPoints, type Points, points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { ProductView, ShopView } from '#modules/catalog/index.ts';
import type { BudgetLeft, Cart, MemberInQuote, QuoteInput } from './cart.ts';
import type { CompiledProgram } from './compiled.ts';
import { runSteps } from './quote.ts';
import type { Explanation } from './quote-result.ts';
import { makeScene, openPromotions } from './scene.ts';
import type { OpenPromotion, Scene } from './worksheet.ts';

/** R17: each product alone, one piece, for this member, shop and time. */
export interface CatalogInput {
  readonly member: MemberInQuote | null;
  readonly shop: ShopView;
  readonly at: Instant;
  /** Budgets and exhausted promotions as in a quote: what has run out is not promised. */
  readonly budgets?: ReadonlyMap<string, BudgetLeft>;
  readonly exhausted?: ReadonlySet<string>;
  readonly products: readonly ProductView[];
}

/** Such prices do not add up: points that pay for one product are gone for the next, and receipt-wide rules are off. */
export interface CatalogPrice {
  readonly productId: string;
  readonly sku: string;
  /** null: the product has no price, and nothing else is known. */
  readonly shelfPrice: Money | null;
  readonly price: Money | null;
  /** Promotions that made the price or the points. */
  readonly promotions: readonly string[];
  /** Earned when the price is paid in money. */
  readonly earnedPoints: Points;
  readonly redeemablePoints: Points;
  readonly priceWithPoints: Money | null;
  readonly explanation: readonly Explanation[];
}

export interface CatalogQuote {
  readonly programVersion: number;
  readonly items: readonly CatalogPrice[];
}

export function catalogQuote(
  program: CompiledProgram,
  input: CatalogInput,
  options: { explain: boolean } = { explain: false },
): CatalogQuote {
  const scene = catalogScene(program, input);
  const open = openPromotions(program, scene, null);
  return {
    programVersion: program.version,
    items: input.products.map((product) => priceOf({ program, scene, open, explain: options.explain }, product)),
  };
}

function catalogScene(program: CompiledProgram, input: CatalogInput): Scene {
  const asked: QuoteInput = {
    cart: { shop: input.shop, at: input.at, lines: [], promoCodes: [], redeem: { kind: 'none' } },
    member: input.member,
    budgets: input.budgets ?? new Map(),
    exhausted: input.exhausted ?? new Set(),
  };
  return { ...makeScene(program, asked, null), catalog: true };
}

interface Page {
  readonly program: CompiledProgram;
  readonly scene: Scene;
  readonly open: readonly OpenPromotion[];
  readonly explain: boolean;
}

function priceOf({ program, scene, open, explain }: Page, product: ProductView): CatalogPrice {
  if (product.price === null) return { ...unpriced, productId: product.productId, sku: product.sku };
  const cart: Cart = {
    shop: scene.shop,
    at: scene.at,
    lines: [
      {
        lineId: product.sku,
        product,
        sku: product.sku,
        quantity: 1000n,
        shelfSum: product.price,
        tillDiscount: noMoney,
        kind: product.kind,
      },
    ],
    promoCodes: [],
    redeem: { kind: 'none' },
  };
  const explanation: Explanation[] = [];
  const sheet = runSteps({
    program,
    scene,
    cart,
    open,
    explanation,
    explain: explain ? (said) => void explanation.push(said) : null,
  });
  const price = sheet.lines[0]?.price ?? 0n;
  return {
    productId: product.productId,
    sku: product.sku,
    shelfPrice: product.price,
    price: money(price),
    promotions: sheet.fired.map(({ promotion }) => promotion.code),
    earnedPoints: points(sheet.lines[0]?.earned ?? 0n),
    redeemablePoints: sheet.redeemable,
    priceWithPoints: money(price - sheet.redeemable * program.pointValue),
    explanation,
  };
}

const unpriced = {
  shelfPrice: null,
  price: null,
  promotions: [],
  earnedPoints: noPoints,
  redeemablePoints: noPoints,
  priceWithPoints: null,
  explanation: [],
};
