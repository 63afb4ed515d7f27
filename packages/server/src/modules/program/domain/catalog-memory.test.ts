import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import type { ProductView } from '#modules/catalog/index.ts';
import { anyInput, anyProgram } from '#test/program/quote-arbitrary.ts';
import { aLot, aMember, aProduct, aProgram, center, noon, rubles } from '#test/program/quote-fixture.ts';
import type { QuoteInput } from './cart.ts';
import { type CatalogInput, catalogQuote } from './catalog-quote.ts';

/** Explained answers are never taken from memory: the yardstick. */
function withoutMemory(program: Parameters<typeof catalogQuote>[0], input: CatalogInput) {
  const told = catalogQuote(program, input, { explain: true });
  return told.items.map((item) => ({ ...item, explanation: [] }));
}

describe('the memory of the catalog calculation', () => {
  it('R17: pages of all kinds of members in any order come to what they come to alone', () => {
    fc.assert(
      fc.property(anyProgram, fc.array(anyInput, { minLength: 2, maxLength: 6 }), (written, inputs) => {
        const program = aProgram(written);
        const products = inputs.flatMap(productsOf);
        const dearer = products.map(({ price }, place) => (place % 2 === 0 ? price : money((price ?? 0n) * 2n)));
        for (const [place, input] of [...inputs, ...inputs.toReversed()].entries()) {
          const page = { ...pageOf(input, products), ...(place % 2 === 0 ? {} : { prices: dearer }) };
          expect(catalogQuote(program, page).items).toEqual(withoutMemory(program, page));
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['the tier', { tierCode: 'gold' }],
    ['points at hand', { lots: [aLot(7)] }],
    [
      'points for certain products',
      { lots: [aLot(9, { restriction: { products: { categories: ['tea'] } } }), aLot(2)] },
    ],
    ['points of another shop', { lots: [aLot(9, { restriction: { shops: ['elsewhere'] } })] }],
    ['what was earned today', { earnedToday: 14n }],
    ['what was redeemed today', { redeemedToday: 18n, lots: [aLot(50)] }],
    ['a block', { blocked: true }],
  ] as const)('R17: %s makes a difference after another member’s page', (_what, about) => {
    const named = { ru: 'Т', en: 'T' };
    const program = aProgram({
      tiers: {
        list: [
          { code: 'base', name: named, rank: 0, earn_rate: '10' },
          { code: 'gold', name: named, rank: 1, earn_rate: '20' },
        ],
      },
      redeeming: { rate: '30', step: 2, least_points: 2 },
      limits: { earn_per_day: 20, redeem_per_day: 20 },
    });
    const products = [aProduct('tea', { categories: ['tea'] }), aProduct('cup')];
    const page = { shop: center, at: noon, products };
    const first = catalogQuote(program, { ...page, member: aMember({ tierCode: 'base', lots: [aLot(50)] }) });
    const second = { ...page, member: aMember({ tierCode: 'base', ...about } as Parameters<typeof aMember>[0]) };
    expect(catalogQuote(program, second).items).toEqual(withoutMemory(program, second));
    expect(catalogQuote(program, second).items).not.toEqual(first.items);
  });

  it('R25: a budget that runs out shows at once', () => {
    const program = aProgram({
      promotions: [
        {
          ...{ code: 'promo', name: 'p', effects: [{ kind: 'percent_off', percent: '50' }] },
          limits: { total_money: 1_000_000 },
        },
      ],
    });
    const price = (left: number) =>
      catalogQuote(program, {
        ...{ member: null, shop: center, at: noon, products: [product] },
        budgets: new Map([['promo', { uses: null, points: null, money: rubles(left) }]]),
      }).items[0]?.price;
    const product = aProduct('cup');
    expect([1000, 20, 0, 1000].map(price)).toEqual([50, 80, 100, 50].map(rubles));
  });

  it('R3: a promotion that begins at an instant begins in the middle of a minute', () => {
    const program = aProgram({
      promotions: [
        { code: 'promo', name: 'p', from: '2026-03-01T09:00:30Z', effects: [{ kind: 'percent_off', percent: '50' }] },
      ],
    });
    const products = [aProduct('cup')];
    const price = (seconds: number) =>
      catalogQuote(program, { member: null, shop: center, at: noon.add({ seconds }), products }).items[0]?.price;
    expect([0, 29, 30, 0].map(price)).toEqual([100, 100, 50, 100].map(rubles));
  });
});

function productsOf({ cart }: QuoteInput): ProductView[] {
  return cart.lines.flatMap(({ product, shelfSum }) => (product === null ? [] : [{ ...product, price: shelfSum }]));
}

function pageOf({ cart, member, budgets, exhausted }: QuoteInput, products: readonly ProductView[]): CatalogInput {
  return { member, shop: cart.shop, at: cart.at, budgets, exhausted, products };
}
