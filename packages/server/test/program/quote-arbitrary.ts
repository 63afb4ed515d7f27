import fc from 'fast-check';
import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import type { CartLine, MemberInQuote, ProgramDocumentInput, QuoteInput } from '#modules/program/index.ts';
import { aMember, aProduct, center, noon } from './quote-fixture.ts';

/** Random programs and receipts for properties: every kind of effect, floors, ceilings, flags, laws, restricted lots. */
const percentText = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => (hundredths / 100).toString());
const skus = ['a', 'b', 'c', 'd', 'e'];

const lineMatch = fc.record({
  kind: fc.constant('line_match'),
  products: fc.record({ skus: fc.uniqueArray(fc.constantFrom(...skus), { minLength: 1 }) }),
});
const conditions = fc.array(
  fc.oneof(
    lineMatch,
    fc.record({ kind: fc.constant('receipt_sum'), from: fc.integer({ min: 0, max: 50_000 }) }),
    fc.constant({ kind: 'member_required' }),
    fc.record({ kind: fc.constant('redeeming_points'), redeeming: fc.boolean() }),
  ),
  { maxLength: 2 },
);
const perWhat = fc.constantFrom('receipt', 'line', 'unit');
const effect = fc.oneof(
  fc.record({ kind: fc.constant('percent_off'), percent: percentText }),
  fc.record({ kind: fc.constant('fixed_off'), amount: fc.integer({ min: 1, max: 30_000 }), per: perWhat }),
  fc.record({ kind: fc.constant('new_price'), price: fc.integer({ min: 0, max: 20_000 }) }),
  fc.record({
    kind: fc.constant('cheapest_free'),
    paid: fc.integer({ min: 1, max: 3 }),
    of: fc.constantFrom('all', 'each_set'),
  }),
  fc.record({ kind: fc.constant('gift_line'), sku: fc.constantFrom(...skus, 'gift') }),
  fc.record({ kind: fc.constantFrom('earn_replace', 'earn_add', 'redeem_limit'), rate: percentText }),
  fc.record({ kind: fc.constant('earn_multiply'), times: fc.constantFrom('2', '1.5', '3.33') }),
  fc.record({ kind: fc.constant('earn_fixed'), points: fc.integer({ min: 1, max: 500 }), per: perWhat }),
  fc.record({ kind: fc.constantFrom('forbid_earning', 'forbid_redeeming') }),
);

const promotion = fc.record({
  conditions,
  effects: fc.array(effect, { minLength: 1, maxLength: 3 }),
  priority: fc.integer({ min: -2, max: 2 }),
  group: fc.constantFrom(null, null, 'exclusive', 'sum', 'best'),
  points: fc.constantFrom({}, { term: { kind: 'days', days: 30 } }, { pays_debt: false }),
  limits: fc.constantFrom({}, { money_per_receipt: 5_000 }, { points_per_receipt: 40 }, { lines_per_receipt: 2 }),
});

export const anyProgram: fc.Arbitrary<ProgramDocumentInput> = fc
  .record({
    point_value: fc.constantFrom(100, 1, 50, 333),
    earning: fc.record({
      default_rate: percentText,
      on_points_paid: fc.boolean(),
      rounding: fc.constantFrom('down', 'nearest', 'up'),
      receipt_ceiling: fc.constantFrom(null, 100),
      multiply: fc.constantFrom('base', 'all'),
    }),
    redeeming: fc.record({
      rate: percentText,
      base: fc.constantFrom('after_discounts', 'shelf'),
      scope: fc.constantFrom('receipt', 'line'),
      step: fc.constantFrom(1, 10),
      lowest_unit_price: fc.constantFrom(0, 1, 100),
    }),
    receipt: fc.record({
      rounding_step: fc.constantFrom(1, 100, 1000),
      promotions_base: fc.constantFrom('left', 'shelf'),
    }),
    ceilings: fc.constantFrom({}, { line_percent: '40' }, { receipt_percent: '35.5' }, { receipt_money: 10_000 }),
    promotions: fc.array(promotion, { maxLength: 6 }),
  })
  .map(({ promotions, ...rest }) => ({
    format: 1 as const,
    name: 'any',
    ...rest,
    promotion_groups: [
      { code: 'exclusive', mode: 'exclusive' },
      { code: 'sum', mode: 'sum' },
      { code: 'best', mode: 'best' },
    ],
    promotions: promotions.map((one, index) => ({ ...one, code: `p${index}`, name: `p${index}` })),
  }));

const line = fc
  .record({
    sku: fc.constantFrom(...skus),
    sum: fc.integer({ min: 0, max: 100_000 }),
    tillPart: fc.integer({ min: 0, max: 100 }),
    quantity: fc.oneof(
      fc.integer({ min: 1, max: 5 }).map((pieces) => pieces * 1000),
      fc.integer({ min: 1, max: 5_000 }),
    ),
    floor: fc.constantFrom(null, null, 5_000),
    flags: fc.constantFrom(
      {},
      {},
      {},
      { noEarning: true },
      { noRedeeming: true },
      { noPromotions: true },
      { legalClass: 'alcohol' as const },
      { legalClass: 'tobacco' as const },
    ),
    kind: fc.constantFrom('goods', 'goods', 'goods', 'delivery', 'service', 'gift_card'),
    known: fc.constantFrom(true, true, true, false),
  })
  .map(
    ({ sku, sum, tillPart, quantity, floor, flags, kind, known }): Omit<CartLine, 'lineId'> => ({
      sku,
      product: known ? aProduct(sku, { ...flags, floorPrice: floor === null ? null : money(floor) }) : null,
      quantity: BigInt(quantity),
      shelfSum: money(sum),
      tillDiscount: money(Math.floor((sum * (tillPart > 50 ? 0 : tillPart)) / 100)),
      kind,
    }),
  );

const lot = fc.record({
  spendable: fc.integer({ min: 1, max: 800 }).map(points),
  restriction: fc.constantFrom(
    null,
    null,
    { products: { skus: ['a', 'b'] } },
    { products: { skus: ['b', 'c'] } },
    { least_receipt: 30_000 },
    { shops: ['north'] },
  ),
});

const member: fc.Arbitrary<MemberInQuote | null> = fc.option(
  fc
    .array(lot, { maxLength: 5 })
    .map((lots) => aMember({ lots: lots.map((one, index) => ({ ...one, lotId: `l${index}` })) })),
  { freq: 8 },
);

export const anyInput: fc.Arbitrary<QuoteInput> = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 6 }),
    member,
    redeem: fc.oneof(
      fc.constant({ kind: 'none' as const }),
      fc.constant({ kind: 'max' as const }),
      fc.integer({ min: 0, max: 1_000 }).map((count) => ({ kind: 'points' as const, points: points(count) })),
    ),
  })
  .map(({ lines, member: who, redeem }) => ({
    cart: {
      shop: center,
      at: noon,
      lines: lines.map((one, index) => ({ ...one, lineId: `${index}` })),
      promoCodes: [],
      redeem,
    },
    member: who,
    budgets: new Map(),
    exhausted: new Set<string>(),
    productOf: (sku) => aProduct(sku),
  }));
