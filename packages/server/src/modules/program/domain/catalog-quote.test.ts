import { describe, expect, it } from 'vitest';
import { aLot, aMember, aProduct, aProgram, center, noon, rubles } from '#test/program/quote-fixture.ts';
import { catalogQuote } from './catalog-quote.ts';

const program = aProgram({
  earning: { default_rate: '10' },
  redeeming: { rate: '30' },
  promotions: [
    {
      code: 'tea',
      name: 't',
      conditions: [{ kind: 'line_match', products: { categories: ['tea'] } }],
      effects: [{ kind: 'percent_off', percent: '20' }],
    },
    {
      code: 'big',
      name: 'b',
      conditions: [{ kind: 'receipt_sum', from: 1 }],
      effects: [{ kind: 'percent_off', percent: '50' }],
    },
    { code: 'secret', name: 's', needs_code: true, effects: [{ kind: 'percent_off', percent: '50' }] },
  ],
});
const products = [
  aProduct('cup'),
  aProduct('tea', { categories: ['tea'] }),
  aProduct('pack', { legalClass: 'tobacco' }),
  aProduct('unpriced', { price: null }),
];

describe('the catalog calculation', () => {
  it('R17: each product alone, receipt-wide conditions and codes off', () => {
    const { items } = catalogQuote(program, {
      member: aMember({ lots: [aLot(25)] }),
      shop: center,
      at: noon,
      products,
    });
    expect(items).toMatchObject([
      {
        sku: 'cup',
        price: rubles(100),
        earnedPoints: 10n,
        redeemablePoints: 25n,
        priceWithPoints: rubles(75),
        promotions: [],
      },
      {
        sku: 'tea',
        price: rubles(80),
        earnedPoints: 8n,
        redeemablePoints: 24n,
        priceWithPoints: rubles(56),
        promotions: ['tea'],
      },
      {
        sku: 'pack',
        price: rubles(100),
        earnedPoints: 0n,
        redeemablePoints: 0n,
        priceWithPoints: rubles(100),
        promotions: [],
      },
      { sku: 'unpriced', price: null, earnedPoints: 0n, priceWithPoints: null },
    ]);
  });

  it('R17: without a member: prices, no points', () => {
    const { items } = catalogQuote(program, { member: null, shop: center, at: noon, products });
    expect(items[1]).toMatchObject({ price: rubles(80), earnedPoints: 0n, priceWithPoints: rubles(80) });
  });

  it('R12: explanations on request change no figure', () => {
    const input = { member: aMember({ lots: [aLot(25)] }), shop: center, at: noon, products };
    const bare = catalogQuote(program, input);
    const told = catalogQuote(program, input, { explain: true });
    expect(told.items.map((item) => ({ ...item, explanation: [] }))).toEqual(bare.items);
    expect(told.items[1]?.explanation.length).toBeGreaterThan(0);
  });
});
