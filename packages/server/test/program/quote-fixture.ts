import { Temporal } from 'temporal-polyfill';
import { money, noMoney } from '#kernel/money.ts';
import { noPoints, points } from '#kernel/points.ts';
import type { ProductView, ShopView } from '#modules/catalog/index.ts';
import {
  type CartLine,
  type CompiledProgram,
  compileProgram,
  type MemberInQuote,
  type ProgramDocumentInput,
  programDocument,
  type Quote,
  type QuoteInput,
  quote,
  type RedeemWish,
  russia,
} from '#modules/program/index.ts';

/** Small receipts for tests: what a test does not say is the plainest there is. Money in rubles. */
export function aProgram(input: Partial<ProgramDocumentInput> = {}, version = 1): CompiledProgram {
  const document = programDocument.parse({ format: 1, name: 'test', ...input });
  return compileProgram(document, { version, legalProfile: russia, zone: 'Europe/Moscow' });
}

/** One promotion with what a test is about. */
export function withPromotion(
  promotion: Record<string, unknown>,
  rest: Partial<ProgramDocumentInput> = {},
): CompiledProgram {
  return aProgram({ ...rest, promotions: [{ code: 'promo', name: 'Promo', ...promotion }] as never });
}

export const center: ShopView = {
  shopId: 'shop-1',
  code: 'center',
  name: 'Center',
  zone: 'Europe/Moscow',
  channel: 'pos',
  test: false,
  inn: null,
};

/** Sunday noon in Moscow. */
export const noon = Temporal.Instant.from('2026-03-01T09:00:00Z');

export function rubles(amount: number) {
  return money(Math.round(amount * 100));
}

export function aProduct(sku: string, about: Partial<ProductView> = {}): ProductView {
  return {
    productId: `id-${sku}`,
    sku,
    name: sku,
    categories: [],
    brand: null,
    price: rubles(100),
    regularPrice: null,
    floorPrice: null,
    noEarning: false,
    noRedeeming: false,
    noPromotions: false,
    legalClass: null,
    volumeMl: null,
    kind: 'goods',
    tags: [],
    ...about,
  };
}

export interface LineAbout extends Partial<Omit<CartLine, 'product'>> {
  readonly sku?: string;
  readonly product?: Partial<ProductView> | null;
  readonly pieces?: number;
}

export function aLine(sumInRubles: number, about: LineAbout = {}): CartLine {
  const { sku = 'thing', product, pieces = 1, ...rest } = about;
  return {
    lineId: sku,
    sku,
    product: product === null ? null : aProduct(sku, { price: rubles(sumInRubles / pieces), ...product }),
    quantity: BigInt(pieces * 1000),
    shelfSum: rubles(sumInRubles),
    tillDiscount: noMoney,
    kind: 'goods',
    ...rest,
  };
}

export function aMember(about: Partial<MemberInQuote> = {}): MemberInQuote {
  return {
    memberId: 'anna',
    blocked: false,
    staff: false,
    zone: 'Europe/Moscow',
    birthday: null,
    joinedAt: Temporal.Instant.from('2025-01-01T00:00:00Z'),
    tierCode: null,
    receiptsCount: 0,
    paidTotal: noMoney,
    lastPurchaseAt: null,
    segments: new Set(),
    windows: [],
    uses: new Map(),
    lots: [],
    earnedToday: noPoints,
    redeemedToday: noPoints,
    debt: noPoints,
    ...about,
  };
}

export function aLot(count: number, about: Partial<MemberInQuote['lots'][number]> = {}): MemberInQuote['lots'][number] {
  return { lotId: 'lot', spendable: points(count), restriction: null, ...about };
}

export interface Asked {
  readonly lines?: readonly CartLine[];
  readonly member?: Partial<MemberInQuote> | null;
  readonly at?: string;
  readonly shop?: Partial<ShopView>;
  readonly redeem?: RedeemWish | number | 'max';
  readonly codes?: QuoteInput['cart']['promoCodes'];
  readonly printedDiscount?: number;
  readonly budgets?: QuoteInput['budgets'];
  readonly exhausted?: readonly string[];
  readonly productOf?: QuoteInput['productOf'];
  readonly explain?: boolean;
}

export function inputOf(asked: Asked): QuoteInput {
  return {
    cart: {
      shop: { ...center, ...asked.shop },
      at: asked.at === undefined ? noon : Temporal.Instant.from(asked.at),
      lines: asked.lines ?? [aLine(1000)],
      promoCodes: asked.codes ?? [],
      redeem: wish(asked.redeem),
      ...(asked.printedDiscount === undefined ? {} : { printedDiscount: rubles(asked.printedDiscount) }),
    },
    member: asked.member === null ? null : aMember(asked.member),
    budgets: asked.budgets ?? new Map(),
    exhausted: new Set(asked.exhausted),
    ...(asked.productOf ? { productOf: asked.productOf } : {}),
  };
}

function wish(redeem: Asked['redeem']): RedeemWish {
  if (redeem === undefined) return { kind: 'none' };
  if (redeem === 'max') return { kind: 'max' };
  return typeof redeem === 'number' ? { kind: 'points', points: points(redeem) } : redeem;
}

export function quoteOf(program: CompiledProgram, asked: Asked = {}): Quote {
  return quote(program, inputOf(asked), { explain: asked.explain ?? true });
}

export function earned(program: CompiledProgram, asked: Asked = {}): number {
  return Number(quoteOf(program, asked).totals.earnedPoints);
}

/** Codes of what was explained about a rule. */
export function reasons(answer: Quote, rule: string): string[] {
  return answer.explanation.filter((said) => said.rule === rule).map(({ code }) => code);
}
