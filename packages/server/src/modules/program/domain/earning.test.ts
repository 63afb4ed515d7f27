import { describe, expect, it } from 'vitest';
import {
  type Asked,
  aLine,
  aLot,
  aProgram,
  earned,
  quoteOf,
  rubles,
  withPromotion,
} from '#test/program/quote-fixture.ts';

function earns(earning: Record<string, unknown>, asked: Asked = {}, rest: Record<string, unknown> = {}): number {
  return earned(aProgram({ earning, ...rest }), asked);
}

const twenty = Array.from({ length: 20 }, (_, index) => aLine(90, { sku: `s${index}` }));

describe('what a receipt earns', () => {
  it('R15: twenty lines of 90 ₽ at 1 % earn 18, not 0', () => {
    const answer = quoteOf(aProgram({ earning: { default_rate: '1' } }), { lines: twenty });
    expect(answer.totals.earnedPoints).toBe(18n);
    // R2: largest remainder, ties to the earlier line.
    expect(answer.lines.map((line) => Number(line.earnedPoints))).toEqual([...Array<number>(18).fill(1), 0, 0]);
  });

  it.each([
    ['down', 18],
    ['nearest', 19],
    ['up', 19],
  ])('R15: rounded %s once', (rounding, expected) => {
    expect(
      earns({ default_rate: '1', rounding }, { lines: [...twenty.slice(0, 19), aLine(159.99, { sku: 'x' })] }),
    ).toBe(expected);
  });

  it('R15: on money paid, not on the part paid in points; by setting on both', () => {
    const asked: Asked = { redeem: 300, member: { lots: [aLot(300)] } };
    const rest = { redeeming: { rate: '30' } };
    expect(earns({ default_rate: '10' }, asked, rest)).toBe(70);
    expect(earns({ default_rate: '10', on_points_paid: true }, asked, rest)).toBe(100);
  });

  it('R15: nothing without a member, on flagged products, on a delivery unless asked', () => {
    expect(earns({ default_rate: '10' }, { member: null })).toBe(0);
    expect(earns({ default_rate: '10' }, { lines: [aLine(100, { product: { noEarning: true } })] })).toBe(0);
    expect(earns({ default_rate: '10' }, { lines: [aLine(100, { kind: 'delivery' })] })).toBe(0);
    expect(earns({ default_rate: '10', on_delivery: true }, { lines: [aLine(100, { kind: 'delivery' })] })).toBe(10);
    expect(earns({ default_rate: '10', on_services: false }, { lines: [aLine(100, { kind: 'service' })] })).toBe(0);
  });

  it('R15: ceilings of a receipt and of a day', () => {
    expect(earns({ default_rate: '10', receipt_ceiling: 60 })).toBe(60);
    expect(earns({ default_rate: '10', day_ceiling: 60 }, { member: { earnedToday: 50n as never } })).toBe(10);
    expect(earns({ default_rate: '10', day_ceiling: 60 }, { member: { earnedToday: 90n as never } })).toBe(0);
  });

  it("R15: a ceiling cuts the promotion's points before the base", () => {
    const program = withPromotion(
      { effects: [{ kind: 'earn_fixed', points: 50 }] },
      { earning: { default_rate: '10', receipt_ceiling: 120 } },
    );
    expect(quoteOf(program).earnings.map(({ rule, points }) => [rule, Number(points)])).toEqual([
      ['base', 100],
      ['promo', 20],
    ]);
    expect(quoteOf(program).uses).toMatchObject([{ points: 20n }]);
  });

  it('R30: the limit of a day is flagged', () => {
    const answer = quoteOf(aProgram({ earning: { default_rate: '10' }, limits: { earn_per_day: 30 } }));
    expect(answer.totals.earnedPoints).toBe(30n);
    expect(answer.flags).toEqual(['earning_limit_reached']);
  });
});

describe('the base rate of a line', () => {
  const tier = { code: 'base', name: { ru: 'б', en: 'b' }, rank: 0, earn_rate: '5' };
  const rates = [
    { code: 'all', rate: '1', match: { channels: ['site'] } },
    { code: 'food', rate: '2', match: { products: { categories: ['food'] } } },
    { code: 'tea', rate: '3', match: { products: { categories: ['tea'] } } },
    { code: 'brand', rate: '4', match: { products: { brands: ['Ours'] } } },
    { code: 'sku', rate: '6', match: { products: { skus: ['cup'] } } },
    { code: 'food-north', rate: '7', match: { products: { categories: ['food'] }, shops: ['north'] } },
    { code: 'brand-gold', rate: '8', match: { products: { brands: ['Ours'] }, tiers: ['gold'] } },
  ];
  const program = aProgram({
    tiers: { list: [tier, { ...tier, code: 'gold', rank: 1, earn_rate: '7', by_hand_only: true }] },
    earning: { rates: rates as never },
  });

  it.each([
    ["the tier's where no rule matches", {}, {}, 5],
    ['the deepest category wins', { categories: ['food', 'tea'] }, {}, 3],
    ['a category above it', { categories: ['food', 'bread'] }, {}, 2],
    ['a category before a brand', { categories: ['food'], brand: 'OURS' }, {}, 2],
    ['a brand', { brand: 'ours' }, {}, 4],
    ['a product before everything', { sku: 'cup', categories: ['food', 'tea'], brand: 'Ours' }, {}, 6],
    ['a shop makes a rule more specific', { categories: ['food'] }, { shop: { code: 'north' } }, 7],
    ['the channel alone', {}, { shop: { channel: 'site' as const } }, 1],
    ['a tier makes a rule more specific', { brand: 'Ours' }, { member: { tierCode: 'gold' } }, 8],
    ["another tier's own rate", {}, { member: { tierCode: 'gold' } }, 7],
  ])('R15: %s', (_what, product, asked, percent) => {
    const answer = earned(program, { lines: [aLine(100, { product })], member: { tierCode: 'base' }, ...asked });
    expect(answer).toBe(percent);
  });

  it.each([
    ['instead', '3', 3],
    ['higher', '3', 5],
    ['lower', '3', 3],
    ['higher', '9', 9],
    ['lower', '9', 5],
  ])('R15: %s of 5 %% and %s %%', (combine, rate, expected) => {
    const combined = aProgram({
      earning: { default_rate: '5', rates: [{ code: 'r', rate, combine: combine as never }] },
    });
    expect(earned(combined, { lines: [aLine(100)] })).toBe(expected);
  });
});

describe('promotions of points', () => {
  const promotion = (code: string, priority: number, effect: Record<string, unknown>) => ({
    code,
    name: code,
    priority,
    effects: [effect],
  });
  const january = promotion('january', 5, { kind: 'earn_replace', rate: '20' });

  it('R15: replace, add, multiply by priority; a multiplication takes the base', () => {
    const promotions = [
      promotion('double', 1, { kind: 'earn_multiply', times: '2' }),
      promotion('more', 3, { kind: 'earn_add', rate: '5' }),
      january,
    ];
    const answer = quoteOf(aProgram({ earning: { default_rate: '5' }, promotions: promotions as never }));
    expect(answer.uses.map(({ promotionCode, points }) => [promotionCode, Number(points)])).toEqual([
      ['january', 200],
      ['more', 50],
      ['double', 200],
    ]);
    expect(answer.totals.earnedPoints).toBe(450n);
  });

  it('R15: by setting a multiplication takes all so far, exactly', () => {
    const promotions = [
      january,
      promotion('more', 3, { kind: 'earn_add', rate: '5' }),
      promotion('a', 2, { kind: 'earn_multiply', times: '1.5' }),
      promotion('b', 1, { kind: 'earn_multiply', times: '1.5' }),
    ];
    const all = aProgram({ earning: { default_rate: '5', multiply: 'all' }, promotions: promotions as never });
    // (20 % + 5 %) × 1.5 × 1.5 = 56.25 %
    expect(earned(all, { lines: [aLine(100)] })).toBe(56);
    expect(earned(all, { lines: [aLine(400)] })).toBe(225);
  });

  it('R15: two that replace: the first by priority does', () => {
    const promotions = [promotion('later', 1, { kind: 'earn_replace', rate: '50' }), january];
    const answer = quoteOf(aProgram({ promotions: promotions as never }));
    expect(answer.uses.map(({ promotionCode }) => promotionCode)).toEqual(['january']);
    expect(answer.totals.earnedPoints).toBe(200n);
  });

  it('R15: rules of the same terms are one lot and are rounded together', () => {
    const program = withPromotion(
      { effects: [{ kind: 'earn_multiply', times: '2' }] },
      { earning: { default_rate: '1' } },
    );
    const answer = quoteOf(program, { lines: [aLine(150)] });
    expect(answer.earnings).toMatchObject([{ rule: 'base', points: 3n }]);
    expect(answer.uses).toMatchObject([{ points: 2n }]);
  });

  it('R15: points with terms of their own are a lot of their own', () => {
    const program = withPromotion(
      {
        effects: [{ kind: 'earn_multiply', times: '2' }],
        points: {
          term: { kind: 'days', days: 30 },
          restriction: { shops: ['center'] },
          funder: 'brand:x',
          pays_debt: false,
        },
      },
      {
        earning: { default_rate: '1', delay: { hours: 24 }, term: { kind: 'inactivity', days: 365 }, funder: 'chain' },
      },
    );
    const [base, own] = quoteOf(program, { lines: [aLine(150)] }).earnings;
    expect(base).toMatchObject({
      rule: 'base',
      points: 1n,
      inactivityDays: 365,
      restriction: null,
      funder: 'chain',
      paysDebt: true,
    });
    expect(own).toMatchObject({
      rule: 'promo',
      points: 1n,
      inactivityDays: null,
      restriction: { shops: ['center'] },
      funder: 'brand:x',
      paysDebt: false,
    });
    expect(String(base?.startsAt)).toBe('2026-03-02T09:00:00Z');
    expect(String(base?.burnsAt)).toBe('2027-03-02T21:00:00Z');
    expect(String(own?.burnsAt)).toBe('2026-04-01T21:00:00Z');
  });

  it.each([
    ['hours are exact', { delay: { hours: 24 } }, '2026-03-02T09:00:00Z', null],
    ['days include the whole last local day', { delay: { days: 14 } }, '2026-03-15T21:00:00Z', null],
    ['N days of life', { term: { kind: 'days', days: 7 } }, '2026-03-01T09:00:00Z', '2026-03-08T21:00:00Z'],
    ['months', { term: { kind: 'months', months: 6 } }, '2026-03-01T09:00:00Z', '2026-09-01T21:00:00Z'],
    ['years', { term: { kind: 'years', years: 1 } }, '2026-03-01T09:00:00Z', '2027-03-01T21:00:00Z'],
    [
      'until a date, the whole day',
      { term: { kind: 'until', date: '2026-03-10' } },
      '2026-03-01T09:00:00Z',
      '2026-03-10T21:00:00Z',
    ],
    ['never', { term: { kind: 'never' } }, '2026-03-01T09:00:00Z', null],
  ])('R3: %s', (_what, earning, startsAt, burnsAt) => {
    const [lot] = quoteOf(aProgram({ earning: { default_rate: '1', ...(earning as object) } })).earnings;
    expect(String(lot?.startsAt)).toBe(startsAt);
    expect(lot?.burnsAt === null ? null : String(lot?.burnsAt)).toBe(burnsAt);
  });

  it("R3: a lot's days are the member's, not the shop's", () => {
    const program = aProgram({ earning: { default_rate: '1', term: { kind: 'days', days: 7 } } });
    const [lot] = quoteOf(program, { member: { zone: 'Asia/Vladivostok' } }).earnings;
    expect(String(lot?.burnsAt)).toBe('2026-03-08T14:00:00Z');
  });

  it('R3: a fixed end that has passed gives no points and says so', () => {
    const answer = quoteOf(aProgram({ earning: { default_rate: '1', term: { kind: 'until', date: '2026-02-28' } } }));
    expect(answer.earnings).toEqual([]);
    expect(answer.explanation).toContainEqual(expect.objectContaining({ code: 'term_is_over', applied: false }));
  });

  it('R28: a gift card earns nothing, takes no discount and no points', () => {
    const program = withPromotion(
      { effects: [{ kind: 'percent_off', percent: '10' }] },
      { earning: { default_rate: '5' }, redeeming: { rate: '50' } },
    );
    const answer = quoteOf(program, {
      lines: [aLine(1000, { kind: 'gift_card', product: null })],
      redeem: 'max',
      member: { lots: [aLot(500)] },
    });
    expect(answer.totals).toMatchObject({ paid: rubles(1000), earnedPoints: 0n, redeemedPoints: 0n });
  });
});
