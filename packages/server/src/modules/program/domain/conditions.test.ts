import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  type Asked,
  aLine,
  aProgram,
  noon,
  quoteOf,
  reasons,
  rubles,
  withPromotion,
} from '#test/program/quote-fixture.ts';
import { conditionKinds } from './conditions/index.ts';

const tenOff = { effects: [{ kind: 'percent_off', percent: '10' }] };
const tiers = {
  list: [
    { code: 'base', name: { ru: 'б', en: 'b' }, rank: 0, earn_rate: '0' },
    { code: 'gold', name: { ru: 'з', en: 'g' }, rank: 1, earn_rate: '0', by_hand_only: true },
  ],
};

/** [what, condition, when it holds, when it does not] */
const table: readonly (readonly [string, Record<string, unknown>, Asked, Asked])[] = [
  ['member_required', { kind: 'member_required' }, {}, { member: null }],
  ['member_required: a blocked member is nobody', { kind: 'member_required' }, {}, { member: { blocked: true } }],
  ['segment', { kind: 'segment', segment: 'vip' }, { member: { segments: new Set(['vip']) } }, {}],
  [
    'segment, turned round',
    { kind: 'segment', segment: 'vip', not: true },
    {},
    { member: { segments: new Set(['vip']) } },
  ],
  [
    'segment, turned round: nobody is in no segment',
    { kind: 'segment', segment: 'vip', not: true },
    {},
    { member: null },
  ],
  ['tier', { kind: 'tier', tiers: ['gold'] }, { member: { tierCode: 'gold' } }, { member: { tierCode: 'base' } }],
  [
    'dates include the whole last day at the shop',
    { kind: 'dates', from: '2026-02-20', until: '2026-03-01' },
    { at: '2026-03-01T20:59:59Z' },
    { at: '2026-03-01T21:00:00Z' },
  ],
  ['dates of every year', { kind: 'dates', from: '03-01', until: '03-08' }, {}, { at: '2027-03-09T09:00:00Z' }],
  [
    'dates of every year over New Year',
    { kind: 'dates', from: '12-25', until: '01-08' },
    { at: '2026-01-08T09:00:00Z' },
    { at: '2026-01-09T09:00:00Z' },
  ],
  [
    '29 February is kept on the 28th',
    { kind: 'dates', from: '02-29', until: '02-29' },
    { at: '2026-02-28T09:00:00Z' },
    { at: '2028-02-28T09:00:00Z' },
  ],
  [
    'hours at the shop, end excluded',
    { kind: 'hours', from: '10:00', until: '12:00' },
    { at: '2026-03-01T08:59:00Z' },
    { at: '2026-03-01T09:00:00Z' },
  ],
  [
    'hours over midnight',
    { kind: 'hours', from: '22:00', until: '02:00' },
    { at: '2026-03-01T22:30:00Z' },
    { at: '2026-03-01T23:00:00Z' },
  ],
  [
    'hours in another zone',
    { kind: 'hours', from: '14:00', until: '15:00' },
    { shop: { zone: 'Asia/Yekaterinburg' } },
    { shop: { zone: 'Europe/Moscow' } },
  ],
  ['week_days', { kind: 'week_days', days: [7] }, {}, { at: '2026-03-02T09:00:00Z' }],
  [
    'week_days turn at the shop',
    { kind: 'week_days', days: [1] },
    { at: '2026-03-01T21:00:00Z' },
    { at: '2026-03-01T20:59:59Z' },
  ],
  ['shops', { kind: 'shops', shops: ['center'] }, {}, { shop: { code: 'north' } }],
  ['shops, all but', { kind: 'shops', shops: ['north'], not: true }, {}, { shop: { code: 'north' } }],
  ['channels', { kind: 'channels', channels: ['site'] }, { shop: { channel: 'site' } }, { shop: { channel: 'pos' } }],
  [
    'products_in_cart by quantity',
    { kind: 'products_in_cart', products: { skus: ['cup'] }, least_quantity: 2000 },
    { lines: [aLine(500, { sku: 'cup', pieces: 2 })] },
    { lines: [aLine(500, { sku: 'cup' }), aLine(500, { sku: 'pan' })] },
  ],
  [
    'products_in_cart by sum',
    { kind: 'products_in_cart', products: { brands: ['Nivea'] }, least_sum: 500_00 },
    { lines: [aLine(500, { product: { brand: 'NIVEA ' } })] },
    { lines: [aLine(499, { product: { brand: 'Nivea' } })] },
  ],
  [
    'products_in_cart by category',
    { kind: 'products_in_cart', products: { categories: ['tea'], except: { skus: ['bad'] } } },
    { lines: [aLine(10, { product: { categories: ['food', 'tea'] } })] },
    { lines: [aLine(10, { sku: 'bad', product: { categories: ['food', 'tea'] } })] },
  ],
  ['receipt_sum from', { kind: 'receipt_sum', from: 1000_00 }, { lines: [aLine(1000)] }, { lines: [aLine(999.99)] }],
  [
    'receipt_sum below',
    { kind: 'receipt_sum', from: 0, below: 1000_00 },
    { lines: [aLine(999.99)] },
    { lines: [aLine(1000)] },
  ],
  [
    'receipt_sum works on what the till left',
    { kind: 'receipt_sum', from: 1000_00 },
    { lines: [aLine(1100, { tillDiscount: rubles(100) })] },
    { lines: [aLine(1000, { tillDiscount: rubles(1) })] },
  ],
  [
    'receipt_sum at shelf price',
    { kind: 'receipt_sum', from: 1000_00, of: 'shelf' },
    { lines: [aLine(1000, { tillDiscount: rubles(1) })] },
    { lines: [aLine(999)] },
  ],
  [
    'receipt_sum leaves the delivery out',
    { kind: 'receipt_sum', from: 1000_00 },
    { lines: [aLine(1000), aLine(300, { sku: 'd', kind: 'delivery' })] },
    { lines: [aLine(900), aLine(300, { sku: 'd', kind: 'delivery' })] },
  ],
  [
    'receipt_sum with the delivery',
    { kind: 'receipt_sum', from: 1000_00, with_delivery: true },
    { lines: [aLine(900), aLine(300, { sku: 'd', kind: 'delivery' })] },
    { lines: [aLine(900)] },
  ],
  [
    'nth_purchase: the first',
    { kind: 'nth_purchase', nth: 1 },
    { member: { receiptsCount: 0 } },
    { member: { receiptsCount: 1 } },
  ],
  [
    'nth_purchase: every third',
    { kind: 'nth_purchase', nth: 3, every: true },
    { member: { receiptsCount: 5 } },
    { member: { receiptsCount: 6 } },
  ],
  [
    'birthday_window: before',
    { kind: 'birthday_window', before: 2 },
    { member: { birthday: Temporal.PlainDate.from('1990-03-03') } },
    { member: { birthday: Temporal.PlainDate.from('1990-03-04') } },
  ],
  [
    'birthday_window: after',
    { kind: 'birthday_window', after: 7 },
    { member: { birthday: Temporal.PlainDate.from('1990-02-22') } },
    { member: { birthday: Temporal.PlainDate.from('1990-02-21') } },
  ],
  [
    'birthday_window over New Year',
    { kind: 'birthday_window', before: 7 },
    { at: '2026-12-30T09:00:00Z', member: { birthday: Temporal.PlainDate.from('1990-01-03') } },
    { at: '2026-12-20T09:00:00Z', member: { birthday: Temporal.PlainDate.from('1990-01-03') } },
  ],
  [
    "birthday_window in the member's zone",
    { kind: 'birthday_window' },
    { at: '2026-03-01T16:00:00Z', member: { zone: 'Asia/Kamchatka', birthday: Temporal.PlainDate.from('1990-03-02') } },
    { at: '2026-03-01T16:00:00Z', member: { birthday: Temporal.PlainDate.from('1990-03-02') } },
  ],
  [
    'birthday_window of 29 February',
    { kind: 'birthday_window' },
    { at: '2026-02-28T09:00:00Z', member: { birthday: Temporal.PlainDate.from('2000-02-29') } },
    { at: '2026-03-01T09:00:00Z', member: { birthday: Temporal.PlainDate.from('2000-02-29') } },
  ],
  ['redeeming_points', { kind: 'redeeming_points', redeeming: true }, { redeem: 'max' }, {}],
  ['redeeming_points: not', { kind: 'redeeming_points', redeeming: false }, { redeem: 0 }, { redeem: 10 }],
  [
    'line_match by tag',
    { kind: 'line_match', products: { tags: ['new'] } },
    { lines: [aLine(10, { product: { tags: ['new'] } })] },
    { lines: [aLine(10)] },
  ],
  [
    'line_match at the regular price only',
    { kind: 'line_match', regular_price_only: true },
    { lines: [aLine(10, { product: { regularPrice: rubles(10) } })] },
    { lines: [aLine(10, { product: { regularPrice: rubles(12) } })] },
  ],
  [
    'line_match by the sum of the line',
    { kind: 'line_match', least_line_sum: 100_00 },
    { lines: [aLine(100)] },
    { lines: [aLine(99)] },
  ],
  [
    'line_match of the delivery',
    { kind: 'line_match', kinds: ['delivery'] },
    { lines: [aLine(300, { kind: 'delivery' })] },
    { lines: [aLine(300)] },
  ],
];

describe('conditions', () => {
  it.each(table)('R16: %s', (_what, condition, holds, fails) => {
    const program = withPromotion({ ...tenOff, conditions: [condition] }, { tiers });
    const yes = quoteOf(program, holds);
    const no = quoteOf(program, fails);
    expect(yes.uses.map(({ promotionCode }) => promotionCode)).toEqual(['promo']);
    expect(yes.totals.promotionDiscount).toBeGreaterThan(0n);
    expect(no.uses).toEqual([]);
    expect(no.totals.promotionDiscount).toBe(0n);
    const [reason] = no.explanation.filter(({ rule }) => rule === 'promo');
    expect(reason).toMatchObject({ applied: false });
  });

  it('R16: every kind of condition is in the table', () => {
    const tried = new Set(table.map(([, condition]) => condition['kind']));
    expect(conditionKinds.map(({ code }) => code).filter((code) => !tried.has(code))).toEqual([]);
  });

  it('R12: a rule that did not apply says why', () => {
    const program = withPromotion({ ...tenOff, conditions: [{ kind: 'shops', shops: ['north'] }] });
    const said = quoteOf(program).explanation.find(({ rule }) => rule === 'promo');
    expect(said).toEqual({
      step: 'promotion',
      code: 'unmet_shops',
      rule: 'promo',
      lineId: null,
      applied: false,
      args: { shops: 'north', not: 0 },
    });
  });
});

describe('times, windows and codes of a promotion', () => {
  it.each([
    ['2026-03-01', '2026-03-01', true],
    ['2026-03-02', null, false],
    [null, '2026-02-28', false],
    ['2026-03-01T09:00:00Z', '2026-03-01T09:00:01Z', true],
    [null, '2026-03-01T09:00:00Z', false],
    ['2026-03-01T12:00:00.001+03:00', null, false],
  ])('R3: from %s until %s, at noon of 1 March: %s', (from, until, runs) => {
    expect(quoteOf(withPromotion({ ...tenOff, from, until })).uses.length === 1).toBe(runs);
  });

  it('R16: a personal window opens a promotion for its member, in its time, for its uses', () => {
    const program = withPromotion({ ...tenOff, needs_window: true });
    const window = { windowId: 'w1', promotionCode: 'promo', from: noon, until: noon.add({ hours: 24 }), usesLeft: 1 };
    const later = { ...window, windowId: 'w2', until: noon.add({ hours: 48 }) };
    expect(quoteOf(program, { member: { windows: [later, window] } }).uses).toMatchObject([{ windowId: 'w1' }]);
    expect(reasons(quoteOf(program), 'promo')).toEqual(['unmet_personal_window']);
    expect(quoteOf(program, { member: { windows: [{ ...window, usesLeft: 0 }] } }).uses).toEqual([]);
    expect(quoteOf(program, { member: { windows: [window] }, at: '2026-03-02T09:00:00Z' }).uses).toEqual([]);
    expect(quoteOf(program, { member: { windows: [{ ...window, promotionCode: 'other' }] } }).uses).toEqual([]);
  });

  it.each(['unknown', 'used_up', 'not_yet', 'ended', 'not_yours', 'too_many_tries'] as const)(
    'R26: a code that is %s is explained and fails nothing',
    (state) => {
      const program = withPromotion({ ...tenOff, needs_code: true });
      const answer = quoteOf(program, {
        codes: [{ text: 'MAY', state, promotionCode: state === 'unknown' ? null : 'promo', promoCodeId: null }],
      });
      expect(answer.totals.paid).toBe(rubles(1000));
      expect(answer.explanation).toContainEqual(
        expect.objectContaining({ step: 'promo_code', code: `code_${state}`, applied: false, args: { text: 'MAY' } }),
      );
    },
  );

  it('R26: one code per receipt, the first; a setting allows more', () => {
    const promotions = ['a', 'b'].map((code) => ({
      code,
      name: code,
      needs_code: true,
      effects: [{ kind: 'fixed_off', amount: 100_00 }],
    }));
    const codes = promotions.map(({ code }) => ({
      text: code,
      state: 'usable' as const,
      promotionCode: code,
      promoCodeId: `id-${code}`,
    }));
    const one = quoteOf(programOf(promotions, 1), { codes });
    expect(one.uses).toMatchObject([{ promotionCode: 'a', promoCodeId: 'id-a' }]);
    expect(reasons(one, 'b')).toEqual(['code_one_per_receipt']);
    expect(quoteOf(programOf(promotions, 2), { codes }).uses.map(({ promotionCode }) => promotionCode)).toEqual([
      'a',
      'b',
    ]);
  });
});

function programOf(promotions: readonly Record<string, unknown>[], codesMax: number) {
  return aProgram({ promotions: promotions as never, receipt: { promo_codes_max: codesMax } });
}
