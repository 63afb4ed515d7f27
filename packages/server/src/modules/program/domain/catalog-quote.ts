import { type Money, money, noMoney } from '#kernel/money.ts';
import { noPoints, type Points, points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { ProductView, ShopView } from '#modules/catalog/index.ts';
import type { BudgetLeft, Cart, MemberInQuote, QuoteInput } from './cart.ts';
import { type CatalogPage, memoryOf, type RatedAlone, remember } from './catalog-memory.ts';
import type { CompiledProgram } from './compiled.ts';
import { runSteps } from './quote.ts';
import type { Explanation } from './quote-result.ts';
import { makeScene, openPromotions } from './scene.ts';
import { payable } from './steps/points.ts';
import type { Scene, Worksheet } from './worksheet.ts';

/** R17: each product alone, one piece, for this member, shop and time. */
export interface CatalogInput {
  readonly member: MemberInQuote | null;
  readonly shop: ShopView;
  readonly at: Instant;
  /** Budgets and exhausted promotions as in a quote: what has run out is not promised. */
  readonly budgets?: ReadonlyMap<string, BudgetLeft>;
  readonly exhausted?: ReadonlySet<string>;
  readonly products: readonly ProductView[];
  /** The asker's own price of each product, by place; null or absent: the catalog's. */
  readonly prices?: readonly (Money | null)[];
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
  const page: CatalogPage = { program, scene, open };
  const balance = pointsAnywhere(scene);
  const one =
    options.explain || balance === null
      ? (product: ProductView, shelf: Money | null) => priceOf({ ...page, explain: options.explain }, product, shelf)
      : pricesInMemory(page, balance);
  const items = input.products.map((product, place) => one(product, input.prices?.[place] ?? product.price));
  return { programVersion: program.version, items };
}

type PriceOne = (product: ProductView, shelf: Money | null) => CatalogPrice;

/** Most pages are asked again with other members of the same tier: what does not depend on the balance is remembered (catalog-memory.ts). */
function pricesInMemory(page: CatalogPage, balance: bigint): PriceOne {
  const { program, scene } = page;
  const bare: Page = {
    ...page,
    explain: false,
    scene: { ...scene, member: scene.member && { ...scene.member, lots: [] } },
  };
  const memory = memoryOf(page);
  return (product, shelf) => {
    if (shelf === null) return priceOf(bare, product, shelf);
    const { price, earnedPoints, promotions, redeemLimit } = remember(memory, { product, shelf }, () =>
      ratedAlone(bare, product, shelf),
    );
    const redeemable = payable(program, redeemLimit, balance);
    return {
      productId: product.productId,
      sku: product.sku,
      shelfPrice: shelf,
      price,
      promotions,
      earnedPoints,
      redeemablePoints: points(redeemable),
      priceWithPoints: money(price - redeemable * program.pointValue),
      explanation: nothing,
    };
  };
}

const nothing: readonly never[] = [];

/** What the member's points come to on any product of the page; null: some of them are for certain products only. */
function pointsAnywhere({ shop, member }: Scene): bigint | null {
  let sum = 0n;
  for (const { restriction, spendable } of member?.lots ?? []) {
    if (restriction?.shops?.includes(shop.code) === false) continue;
    if (restriction?.channels?.includes(shop.channel) === false) continue;
    if (restriction?.products !== undefined || restriction?.least_receipt !== undefined) return null;
    sum += spendable;
  }
  return sum;
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

interface Page extends CatalogPage {
  readonly explain: boolean;
}

function priceOf(page: Page, product: ProductView, shelf: Money | null): CatalogPrice {
  if (shelf === null) return { ...unpriced, productId: product.productId, sku: product.sku };
  const sheet = sheetOf(page, product, shelf);
  const price = sheet.lines[0]?.price ?? 0n;
  return {
    productId: product.productId,
    sku: product.sku,
    shelfPrice: shelf,
    price: money(price),
    promotions: sheet.fired.map(({ promotion }) => promotion.code),
    earnedPoints: points(sheet.lines[0]?.earned ?? 0n),
    redeemablePoints: sheet.redeemable,
    priceWithPoints: money(price - sheet.redeemable * page.program.pointValue),
    explanation: sheet.explanation,
  };
}

function ratedAlone(page: Page, product: ProductView, shelf: Money): RatedAlone {
  const sheet = sheetOf(page, product, shelf);
  return {
    shelf,
    price: money(sheet.lines[0]?.price ?? 0n),
    earnedPoints: points(sheet.lines[0]?.earned ?? 0n),
    promotions: sheet.fired.map(({ promotion }) => promotion.code),
    redeemLimit: sheet.redeemLimit,
  };
}

function sheetOf({ program, scene, open, explain }: Page, product: ProductView, price: Money): Worksheet {
  const line = {
    lineId: product.sku,
    product,
    sku: product.sku,
    quantity: 1000n,
    shelfSum: price,
    tillDiscount: noMoney,
    kind: product.kind,
  };
  const cart: Cart = { shop: scene.shop, at: scene.at, lines: [line], promoCodes: [], redeem: { kind: 'none' } };
  const explanation: Explanation[] = [];
  return runSteps({
    program,
    scene,
    cart,
    open,
    explanation,
    explain: explain ? (said) => void explanation.push(said) : null,
  });
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
