import { describe, expect, it } from 'vitest';
import { type Asked, aLine, aProgram, quoteOf, reasons, rubles } from '#test/program/quote-fixture.ts';

const percent = (code: string, value: string, about: Record<string, unknown> = {}) => ({
  code,
  name: code,
  effects: [{ kind: 'percent_off', percent: value }],
  ...about,
});

function program(promotions: readonly Record<string, unknown>[], rest: Record<string, unknown> = {}) {
  return aProgram({ promotions: promotions as never, ...rest });
}

function fired(
  promotions: readonly Record<string, unknown>[],
  rest: Record<string, unknown> = {},
  asked: Asked = {},
): [string, number][] {
  return quoteOf(program(promotions, rest), asked).uses.map(({ promotionCode, discount }) => [
    promotionCode,
    Number(discount) / 100,
  ]);
}

describe('stacking', () => {
  it('R12: each works on what the last left, the greater priority first', () => {
    expect(fired([percent('a', '10'), percent('b', '50', { priority: 5 })])).toEqual([
      ['b', 500],
      ['a', 50],
    ]);
  });

  it('R12: of equal priority the older acts first', () => {
    expect(fired([percent('a', '10'), percent('b', '50')])).toEqual([
      ['a', 100],
      ['b', 450],
    ]);
  });

  it('R12: a setting takes percents of the shelf price', () => {
    expect(fired([percent('a', '10'), percent('b', '50')], { receipt: { promotions_base: 'shelf' } })).toEqual([
      ['a', 100],
      ['b', 500],
    ]);
  });

  it('R12: a promo code acts after every promotion, whatever its priority', () => {
    const codes: Asked['codes'] = [{ text: 'X', state: 'usable', promotionCode: 'code', promoCodeId: 'id' }];
    expect(
      fired([percent('code', '50', { priority: 9, needs_code: true }), percent('a', '10')], {}, { codes }),
    ).toEqual([
      ['a', 100],
      ['code', 450],
    ]);
  });

  it('R12: in an exclusive group the first that fires keeps the others off', () => {
    const promotions = [
      percent('shut', '90', { group: 'g', priority: 9, conditions: [{ kind: 'shops', shops: ['north'] }] }),
      percent('first', '10', { group: 'g', priority: 5 }),
      percent('second', '50', { group: 'g' }),
    ];
    const rest = { promotion_groups: [{ code: 'g', mode: 'exclusive' }] };
    expect(fired(promotions, rest)).toEqual([['first', 100]]);
    expect(reasons(quoteOf(program(promotions, rest)), 'second')).toEqual(['group_taken']);
  });

  it('R12: groups that exclude one another', () => {
    const promotions = [
      percent('a', '10', { group: 'g', priority: 5 }),
      percent('b', '50', { group: 'h' }),
      percent('c', '1'),
    ];
    const groups = [
      { code: 'g', mode: 'sum' },
      { code: 'h', mode: 'sum', excludes: ['g'] },
    ];
    expect(fired(promotions, { promotion_groups: groups })).toEqual([
      ['a', 100],
      ['c', 9],
    ]);
  });

  it('R12: percents add up inside a sum group only, to the kopeck', () => {
    const promotions = [percent('a', '10', { group: 'g' }), percent('b', '5', { group: 'g' }), percent('c', '10')];
    const lines = [aLine(99.99)];
    const answer = quoteOf(program(promotions, { promotion_groups: [{ code: 'g', mode: 'sum' }] }), { lines });
    // 15 % of 99.99 is 15.00; then 10 % of what is left, 84.99.
    expect(answer.lines[0]?.discounts.map(({ amount }) => amount)).toEqual([rubles(10), rubles(5), rubles(8.5)]);
  });

  it('R12: best of takes the largest discount + points × point value', () => {
    const rest = { promotion_groups: [{ code: 'g', mode: 'best' }], earning: { default_rate: '5' } };
    const double = { code: 'double', name: 'd', group: 'g', effects: [{ kind: 'earn_multiply', times: '3' }] };
    const small = percent('small', '9', { group: 'g', priority: 5 });
    const large = percent('large', '11', { group: 'g' });
    expect(fired([small, double, large], rest)).toEqual([['large', 110]]);
    const answer = quoteOf(program([small, double], rest));
    expect(answer.uses).toMatchObject([{ promotionCode: 'double', points: 100n }]);
    expect(reasons(answer, 'small')).toEqual(['group_better']);
    // Nobody to give points to: the discount is all there is.
    expect(fired([small, double], rest, { member: null })).toEqual([['small', 90]]);
  });

  it('R12: best of: ties go to the priority, then to the older', () => {
    const rest = { promotion_groups: [{ code: 'g', mode: 'best' }] };
    expect(fired([percent('a', '10', { group: 'g' }), percent('b', '10', { group: 'g', priority: 1 })], rest)).toEqual([
      ['b', 100],
    ]);
    expect(fired([percent('a', '10', { group: 'g' }), percent('b', '10', { group: 'g' })], rest)).toEqual([['a', 100]]);
  });
});

describe('limits', () => {
  it.each([
    ['per member', { per_member: 2 }, { uses: 2, usesToday: 0 }, 'limit_per_member'],
    ['per member and day', { per_member_per_day: 1 }, { uses: 5, usesToday: 1 }, 'limit_per_day'],
  ])('R25: %s', (_what, limits, used, reason) => {
    const promotions = [percent('a', '10', { limits })];
    const left = { uses: 1, usesToday: 0 };
    expect(fired(promotions, {}, { member: { uses: new Map([['a', left]]) } })).toEqual([['a', 100]]);
    const answer = quoteOf(program(promotions), { member: { uses: new Map([['a', used]]) } });
    expect(reasons(answer, 'a')).toEqual([reason]);
    expect(quoteOf(program(promotions), { member: null }).uses).toEqual([]);
  });

  it('R25: all of a budget is usable, and no more', () => {
    const promotions = [percent('a', '10', { limits: { total_money: 1000_00 } })];
    const budget = (money: bigint) => new Map([['a', { uses: null, points: null, money }]]);
    expect(fired(promotions, {}, { budgets: budget(60_00n) })).toEqual([['a', 60]]);
    expect(fired(promotions, {}, { budgets: budget(0n) })).toEqual([]);
    expect(quoteOf(program(promotions)).uses[0]?.limits.total).toEqual({ uses: null, points: null, money: 1000_00n });
  });

  it('R25: a budget of points, a ceiling of points per receipt', () => {
    const points = [
      {
        code: 'a',
        name: 'a',
        effects: [{ kind: 'earn_add', rate: '10' }],
        limits: { total_points: 500, points_per_receipt: 80 },
      },
    ];
    const lines = [aLine(333.33, { sku: 'x' }), aLine(666.67, { sku: 'y' })];
    const budgets = new Map([['a', { uses: null, points: 70n, money: null }]]);
    expect(quoteOf(program(points), { lines }).uses).toMatchObject([{ points: 80n }]);
    expect(quoteOf(program(points), { lines, budgets }).totals.earnedPoints).toBe(70n);
  });

  it('R25: a promotion whose last slot went to another sale does not fire', () => {
    const answer = quoteOf(program([percent('a', '10')]), { exhausted: ['a'] });
    expect(answer.uses).toEqual([]);
    expect(reasons(answer, 'a')).toEqual(['limit_total']);
  });

  it('R16: lines and money of a receipt', () => {
    const lines = [aLine(100, { sku: 'x' }), aLine(100, { sku: 'y' }), aLine(100, { sku: 'z' })];
    expect(fired([percent('a', '10', { limits: { lines_per_receipt: 2 } })], {}, { lines })).toEqual([['a', 20]]);
    expect(fired([percent('a', '10', { limits: { money_per_receipt: 25_00 } })], {}, { lines })).toEqual([['a', 25]]);
  });
});
