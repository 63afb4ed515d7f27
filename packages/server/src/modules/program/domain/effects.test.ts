import { describe, expect, it } from 'vitest';
import {
  type Asked,
  aLine,
  aLot,
  aProduct,
  quoteOf,
  reasons,
  rubles,
  withPromotion,
} from '#test/program/quote-fixture.ts';
import { effectKinds } from './effects/index.ts';

const cup = (sum: number, pieces: number) => aLine(sum, { sku: 'cup', pieces });
const pan = (sum: number, pieces = 1) => aLine(sum, { sku: 'pan', pieces });

/** [what, effect, receipt, discount of each line in rubles] */
const discounts: readonly (readonly [string, Record<string, unknown>, Asked, readonly number[]])[] = [
  ['percent_off', { kind: 'percent_off', percent: '12.5' }, { lines: [cup(100, 1), pan(200)] }, [12.5, 25]],
  [
    'percent_off rounds a line like a till',
    { kind: 'percent_off', percent: '10' },
    { lines: [cup(0.55, 1), pan(0.54)] },
    [0.06, 0.05],
  ],
  [
    'percent_off works on what the till left',
    { kind: 'percent_off', percent: '10' },
    { lines: [aLine(100, { tillDiscount: rubles(50) })] },
    [5],
  ],
  [
    'fixed_off the receipt, split by price',
    { kind: 'fixed_off', amount: 100_00 },
    { lines: [cup(100, 1), pan(200)] },
    [33.33, 66.67],
  ],
  [
    'fixed_off the receipt, more than there is',
    { kind: 'fixed_off', amount: 1000_00 },
    { lines: [cup(100, 1), pan(200)] },
    [99.99, 199.99],
  ],
  [
    'fixed_off each line',
    { kind: 'fixed_off', amount: 10_00, per: 'line' },
    { lines: [cup(100, 2), pan(200)] },
    [10, 10],
  ],
  [
    'fixed_off each piece',
    { kind: 'fixed_off', amount: 10_00, per: 'unit' },
    { lines: [cup(100, 2), pan(200)] },
    [20, 10],
  ],
  ['new_price of a piece', { kind: 'new_price', price: 40_00 }, { lines: [cup(100, 2), pan(30)] }, [20, 0]],
  ['new_price by weight', { kind: 'new_price', price: 100_00 }, { lines: [aLine(100, { quantity: 333n })] }, [66.7]],
  ['2 + 1: the cheapest of all', { kind: 'cheapest_free', paid: 2 }, { lines: [pan(500), cup(200, 2)] }, [0, 100]],
  ['2 + 1: six pieces, two free', { kind: 'cheapest_free', paid: 2 }, { lines: [pan(900, 3), cup(300, 3)] }, [0, 200]],
  [
    '2 + 1 of each set',
    { kind: 'cheapest_free', paid: 2, of: 'each_set' },
    { lines: [pan(900, 3), cup(300, 3)] },
    [300, 100],
  ],
  ['2 + 1: two pieces are no set', { kind: 'cheapest_free', paid: 2 }, { lines: [pan(900, 2)] }, [0]],
  [
    '1 + 1 at half the price, one set at most',
    { kind: 'cheapest_free', paid: 1, percent: '50', sets_max: 1 },
    { lines: [cup(400, 4)] },
    [50],
  ],
  [
    'N + M: what is weighed is no piece',
    { kind: 'cheapest_free', paid: 1 },
    { lines: [aLine(100, { quantity: 2500n })] },
    [0],
  ],
  [
    'gift_line in the cart: one piece of it',
    { kind: 'gift_line', sku: 'cup' },
    { lines: [pan(500), cup(300, 3)] },
    [0, 100],
  ],
];

describe('effects on the price', () => {
  it.each(discounts)('R16: %s', (_what, effect, asked, expected) => {
    const answer = quoteOf(withPromotion({ effects: [effect] }), asked);
    expect(
      answer.lines.map((line) => Number(line.discounts.reduce((sum, { amount }) => sum + amount, 0n)) / 100),
    ).toEqual(expected);
    const total = expected.reduce((sum, part) => sum + part, 0);
    expect(answer.uses).toHaveLength(total > 0 ? 1 : 0);
    expect(reasons(answer, 'promo')).toContain(total > 0 ? 'discount' : 'nothing_to_take_off');
  });

  it('R16: a gift that is not in the receipt is added for the lowest price', () => {
    const program = withPromotion({ effects: [{ kind: 'gift_line', sku: 'toy' }] });
    const answer = quoteOf(program, { productOf: (sku) => aProduct(sku, { price: rubles(50) }) });
    expect(answer.lines[1]).toMatchObject({
      lineId: 'gift:promo',
      gift: true,
      giftSku: 'toy',
      shelfSum: rubles(50),
      paid: 1n,
      earnedPoints: 0n,
    });
    expect(answer.totals.paid).toBe(rubles(1000.01));
    const free = withPromotion(
      { effects: [{ kind: 'gift_line', sku: 'toy' }] },
      { redeeming: { lowest_unit_price: 0 } },
    );
    expect(quoteOf(free, { productOf: (sku) => aProduct(sku) }).totals.paid).toBe(rubles(1000));
  });

  it.each([
    ['unknown to the catalog', () => null, {}],
    ['alcohol', (sku: string) => aProduct(sku, { legalClass: 'alcohol' as const }), {}],
    ['tobacco', (sku: string) => aProduct(sku, { legalClass: 'tobacco' as const }), {}],
    ['out of promotions', (sku: string) => aProduct(sku, { noPromotions: true }), {}],
    [
      'over the ceiling of the receipt',
      (sku: string) => aProduct(sku, { price: rubles(200) }),
      { ceilings: { receipt_money: 100_00 } },
    ],
  ])('R13: a gift that is %s is not added', (_what, productOf, rest) => {
    const answer = quoteOf(withPromotion({ effects: [{ kind: 'gift_line', sku: 'toy' }] }, rest), { productOf });
    expect(answer.lines).toHaveLength(1);
    expect(answer.totals).toMatchObject({ paid: rubles(1000), promotionDiscount: 0n });
    expect(answer.uses).toEqual([]);
  });
});

const fivePercent = { earning: { default_rate: '5' } };

/** [what, effect, receipt, points of each line]. The base is 5 %. */
const points: readonly (readonly [string, Record<string, unknown>, Asked, readonly number[]])[] = [
  ['earn_replace', { kind: 'earn_replace', rate: '20' }, {}, [200]],
  ['earn_replace may also be less', { kind: 'earn_replace', rate: '1' }, {}, [10]],
  ['earn_add', { kind: 'earn_add', rate: '3' }, {}, [80]],
  ['earn_multiply', { kind: 'earn_multiply', times: '2' }, {}, [100]],
  ['earn_multiply by a broken number', { kind: 'earn_multiply', times: '1.25' }, { lines: [aLine(160)] }, [10]],
  [
    'earn_fixed for the receipt, split by money',
    { kind: 'earn_fixed', points: 90 },
    { lines: [cup(100, 1), pan(200)] },
    [35, 70],
  ],
  [
    'earn_fixed for each line',
    { kind: 'earn_fixed', points: 10, per: 'line' },
    { lines: [cup(100, 1), pan(200)] },
    [15, 20],
  ],
  [
    'earn_fixed for each piece',
    { kind: 'earn_fixed', points: 10, per: 'unit' },
    { lines: [cup(100, 5), pan(200)] },
    [55, 20],
  ],
  ['forbid_earning', { kind: 'forbid_earning' }, {}, [0]],
];

describe('effects on points', () => {
  it.each(points)('R16: %s', (_what, effect, asked, expected) => {
    const answer = quoteOf(withPromotion({ effects: [effect] }, fivePercent), asked);
    expect(answer.lines.map((line) => Number(line.earnedPoints))).toEqual(expected);
    expect(answer.earnings.reduce((sum, earning) => sum + earning.points, 0n)).toBe(answer.totals.earnedPoints);
    expect(answer.uses).toHaveLength(1);
  });

  it('R22: points for the whole receipt are told apart from those of lines', () => {
    const answer = quoteOf(withPromotion({ effects: [{ kind: 'earn_fixed', points: 90 }] }, fivePercent));
    expect(answer.earnings).toMatchObject([
      { rule: 'base', points: 50n, wholeReceipt: false },
      { rule: 'promo', points: 90n, wholeReceipt: true, linePoints: [90n] },
    ]);
  });

  it('R15: a promotion that forbids stands above one that gives, whatever their order', () => {
    const answer = quoteOf(
      withPromotion(
        {
          priority: -5,
          effects: [{ kind: 'forbid_earning' }],
          conditions: [{ kind: 'line_match', products: { skus: ['cup'] } }],
        },
        fivePercent,
      ),
      { lines: [cup(100, 1), pan(200)] },
    );
    expect(answer.lines.map((line) => line.earnedPoints)).toEqual([0n, 10n]);
  });

  it('R16: redeem_limit replaces the rate, forbid_redeeming closes its lines', () => {
    const asked: Asked = { redeem: 'max', member: { lots: [aLot(10_000)] }, lines: [cup(100, 1), pan(200)] };
    const rest = { redeeming: { rate: '30' } };
    expect(
      quoteOf(withPromotion({ effects: [{ kind: 'redeem_limit', rate: '50' }] }, rest), asked).totals.redeemedPoints,
    ).toBe(150n);
    const match = [{ kind: 'line_match', products: { skus: ['cup'] } }];
    const mixed = quoteOf(
      withPromotion({ conditions: match, effects: [{ kind: 'redeem_limit', rate: '100' }] }, rest),
      asked,
    );
    expect(mixed.redeemLimit).toBe(160n);
    const closed = quoteOf(withPromotion({ conditions: match, effects: [{ kind: 'forbid_redeeming' }] }, rest), asked);
    expect(closed.lines.map((line) => line.redeemedPoints)).toEqual([0n, 60n]);
  });

  it('R16: next_code asks for a code to be issued, for a member only', () => {
    const promotions = [
      {
        code: 'thanks',
        name: 'Thanks',
        conditions: [{ kind: 'receipt_sum', from: 6000_00, below: 10_000_00 }],
        effects: [{ kind: 'next_code', promotion: 'next', days: 30 }],
      },
    ];
    const program = withPromotion({ ...promotions[0] });
    expect(quoteOf(program, { lines: [aLine(6000)] }).nextCodes).toEqual([
      { fromPromotion: 'thanks', promotionCode: 'next', days: 30 },
    ]);
    expect(quoteOf(program, { lines: [aLine(5999)] }).nextCodes).toEqual([]);
    const nobody = quoteOf(program, { lines: [aLine(6000)], member: null });
    expect(nobody.nextCodes).toEqual([]);
    expect(nobody.uses).toEqual([]);
  });

  it('R16: every kind of effect is tried here', () => {
    const tried = new Set(
      [...discounts, ...points]
        .map(([, effect]) => effect['kind'])
        .concat(['redeem_limit', 'forbid_redeeming', 'next_code']),
    );
    expect(effectKinds.map(({ code }) => code).filter((code) => !tried.has(code))).toEqual([]);
  });
});
