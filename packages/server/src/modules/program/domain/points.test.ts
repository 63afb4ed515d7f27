import { describe, expect, it } from 'vitest';
import { type Asked, aLine, aLot, aProgram, quoteOf, rubles, withPromotion } from '#test/program/quote-fixture.ts';

const rich = { lots: [aLot(1_000_000)] };

function redeemed(redeeming: Record<string, unknown>, asked: Asked): number[] {
  const answer = quoteOf(aProgram({ redeeming }), { redeem: 'max', member: rich, ...asked });
  return answer.lines.map((line) => Number(line.redeemedPoints));
}

const three = [aLine(99.99, { sku: 'a' }), aLine(50, { sku: 'b' }), aLine(10, { sku: 'c' })];

describe('what points may pay', () => {
  it('R14: rate × price after discounts, rounded down once to whole points', () => {
    // 30 % of 159.99 is 47.997; lines rounded apart would give 46.
    expect(redeemed({ rate: '30' }, { lines: three })).toEqual([29, 15, 3]);
    expect(redeemed({ rate: '30', scope: 'line' }, { lines: three })).toEqual([29, 15, 3]);
  });

  it('R14: of the shelf price by setting', () => {
    const lines = [aLine(1000, { tillDiscount: rubles(500) })];
    expect(redeemed({ rate: '30' }, { lines })).toEqual([150]);
    expect(redeemed({ rate: '30', base: 'shelf' }, { lines })).toEqual([300]);
  });

  it("R14: the rate is the tier's", () => {
    const tier = (code: string, rank: number, redeem: string) => ({
      code,
      name: { ru: code, en: code },
      rank,
      earn_rate: '0',
      redeem_rate: redeem,
      by_hand_only: rank > 0,
    });
    const program = aProgram({
      tiers: { list: [tier('low', 0, '10'), tier('high', 1, '50')] },
      redeeming: { rate: '30' },
    });
    const limit = (tierCode: string | null) => quoteOf(program, { member: { tierCode } }).redeemLimit;
    expect([limit('low'), limit('high'), limit(null), limit('gone')]).toEqual([100n, 500n, 300n, 300n]);
  });

  it('R14: the top matching promotion replaces the rate; a lower one finds the place taken', () => {
    const promotion = (code: string, rate: string, priority: number) => ({
      code,
      name: code,
      priority,
      effects: [{ kind: 'redeem_limit', rate }],
    });
    const program = aProgram({
      redeeming: { rate: '30' },
      promotions: [promotion('a', '90', 1), promotion('b', '50', 2)],
    });
    const answer = quoteOf(program, { redeem: 'max', member: rich });
    expect(answer.totals.redeemedPoints).toBe(500n);
    expect(answer.uses.map(({ promotionCode }) => promotionCode)).toEqual(['b']);
  });

  it('R14: excluded lines are outside the base', () => {
    const lines = [
      aLine(100, { sku: 'a' }),
      aLine(100, { sku: 'b', product: { noRedeeming: true } }),
      aLine(100, { sku: 'c', product: { categories: ['sale'] } }),
    ];
    expect(redeemed({ rate: '50', excluded: { categories: ['sale'] } }, { lines })).toEqual([50, 0, 0]);
  });

  it('R14: lowest unit price of 1 kopeck, 0 by setting', () => {
    const lines = [aLine(100, { pieces: 3 })];
    expect(redeemed({ rate: '100' }, { lines })).toEqual([99]);
    expect(redeemed({ rate: '100', lowest_unit_price: 0 }, { lines })).toEqual([100]);
  });

  it.each([
    ['least receipt', { least_receipt: 500_00 }, { lines: [aLine(499)] }, 0],
    ['least receipt, reached', { least_receipt: 500_00 }, { lines: [aLine(500)] }, 500],
    ['least points', { least_points: 100 }, { lines: [aLine(1000)], redeem: 99 }, 0],
    ['step', { step: 50 }, { lines: [aLine(1000)], redeem: 149 }, 100],
    ['step, what lots cover', { step: 50 }, { lines: [aLine(1000)], member: { lots: [aLot(120)] } }, 100],
    ['asked for more than the limit', {}, { lines: [aLine(100)], redeem: 5000 }, 100],
    ['asked for none', {}, { lines: [aLine(100)], redeem: 0 }, 0],
  ] as const)('R14: %s', (_what, settings, asked, expected) => {
    const answer = quoteOf(aProgram({ redeeming: { rate: '100', lowest_unit_price: 0, ...settings } }), {
      redeem: 'max',
      member: rich,
      ...asked,
    });
    expect(answer.totals.redeemedPoints).toBe(BigInt(expected));
    expect(answer.spends.reduce((sum, spend) => sum + spend.points, 0n)).toBe(BigInt(expected));
  });

  it('R14: no points together with a code, by setting', () => {
    const code: Asked = {
      redeem: 'max',
      member: rich,
      codes: [{ text: 'X', state: 'usable', promotionCode: 'promo', promoCodeId: null }],
    };
    const promotion = { needs_code: true, effects: [{ kind: 'percent_off', percent: '10' }] };
    expect(quoteOf(withPromotion(promotion, { redeeming: { rate: '30' } }), code).totals.redeemedPoints).toBe(270n);
    expect(
      quoteOf(withPromotion(promotion, { redeeming: { rate: '30', with_promo_code: false } }), code).totals
        .redeemedPoints,
    ).toBe(0n);
  });

  it('R2: whole points, in proportion, capped per line, the excess split again', () => {
    const lines = [
      aLine(100, { sku: 'a', product: { floorPrice: rubles(95) } }),
      aLine(100, { sku: 'b' }),
      aLine(100, { sku: 'c' }),
    ];
    expect(redeemed({ rate: '50' }, { lines })).toEqual([5, 73, 72]);
  });

  it('R24: the delivery is not paid with points unless the program says so', () => {
    const lines = [aLine(100), aLine(100, { sku: 'd', kind: 'delivery' })];
    expect(redeemed({ rate: '50' }, { lines })).toEqual([50, 0]);
    expect(redeemed({ rate: '50', on_delivery: true }, { lines })).toEqual([50, 50]);
  });

  it('R30: a limit per member and day is flagged, and the sale passes', () => {
    const program = aProgram({ redeeming: { rate: '100' }, limits: { redeem_per_day: 100, redeem_code_above: 50 } });
    const answer = quoteOf(program, { redeem: 'max', member: { ...rich, redeemedToday: 30n as never } });
    expect(answer.totals.redeemedPoints).toBe(70n);
    expect(answer.flags).toEqual(['redeeming_limit_reached', 'redeeming_needs_code']);
  });

  it('R30: a blocked member neither earns nor spends', () => {
    const program = aProgram({ redeeming: { rate: '100' }, earning: { default_rate: '5' } });
    const answer = quoteOf(program, { redeem: 'max', member: { ...rich, blocked: true } });
    expect(answer.totals).toMatchObject({ redeemedPoints: 0n, earnedPoints: 0n, paid: rubles(1000) });
    expect(answer.flags).toEqual(['member_blocked']);
  });
});

describe('which lots pay', () => {
  const program = aProgram({ redeeming: { rate: '50' } });
  const lines = [aLine(100, { sku: 'cup', product: { brand: 'Ours' } }), aLine(100, { sku: 'pan' })];
  const ours = { products: { brands: ['ours'] } };

  function spends(lots: NonNullable<Asked['member']>['lots'], about: Asked = {}) {
    const answer = quoteOf(program, { redeem: 'max', lines, ...about, member: { lots: lots ?? [] } });
    return {
      spends: answer.spends.map(({ lotId, points }) => [lotId, Number(points)]),
      lines: answer.lines.map((line) => Number(line.redeemedPoints)),
    };
  }

  it('R8: lots are taken in the order given', () => {
    expect(spends([aLot(30, { lotId: 'a' }), aLot(500, { lotId: 'b' })])).toEqual({
      spends: [
        ['a', 30],
        ['b', 70],
      ],
      lines: [50, 50],
    });
  });

  it('R14: a lot bound to products pays for those lines only', () => {
    expect(spends([aLot(500, { lotId: 'a', restriction: ours })])).toEqual({ spends: [['a', 99]], lines: [99, 0] });
  });

  it('R14: an earlier free lot makes way for a bound one, so that all that can be paid is', () => {
    const lots = [aLot(60, { lotId: 'free' }), aLot(40, { lotId: 'bound', restriction: ours })];
    expect(spends(lots)).toEqual({
      spends: [
        ['free', 60],
        ['bound', 40],
      ],
      lines: [50, 50],
    });
    const bound = [aLot(20, { lotId: 'free' }), aLot(80, { lotId: 'bound', restriction: ours })];
    expect(spends(bound)).toEqual({
      spends: [
        ['free', 20],
        ['bound', 80],
      ],
      lines: [80, 20],
    });
  });

  it.each([
    ['another shop', { shops: ['north'] }, []],
    ['this shop', { shops: ['center'] }, [['a', 100]]],
    ['another channel', { channels: ['site'] }, []],
    ['a greater receipt', { least_receipt: 200_01 }, []],
    ['this receipt', { least_receipt: 200_00 }, [['a', 100]]],
  ])('R5: a lot bound to %s', (_what, restriction, expected) => {
    expect(spends([aLot(500, { lotId: 'a', restriction })]).spends).toEqual(expected);
  });

  it('R19: what was printed is paid over any limit, and what lots do not cover is left open', () => {
    const answer = quoteOf(program, {
      lines,
      redeem: { kind: 'printed', points: 150n as never },
      member: { lots: [aLot(40)] },
    });
    expect(answer.totals.redeemedPoints).toBe(150n);
    expect(answer.spends).toEqual([{ lotId: 'lot', points: 40n }]);
    expect(answer.flags).toEqual(['over_redeem_limit']);
    expect(answer.totals.paid).toBe(rubles(50));
  });

  it('R21: a printed discount stands in place of every price effect; points rules act as usual', () => {
    const printed = withPromotion({
      effects: [
        { kind: 'percent_off', percent: '50' },
        { kind: 'earn_fixed', points: 7 },
      ],
    });
    const answer = quoteOf(printed, { lines, printedDiscount: 30 });
    expect(answer.lines.map((line) => line.discounts)).toEqual([
      [{ promotionCode: 'printed', amount: 15_00n }],
      [{ promotionCode: 'printed', amount: 15_00n }],
    ]);
    expect(answer.totals).toMatchObject({ promotionDiscount: rubles(30), paid: rubles(170), earnedPoints: 7n });
    expect(answer.uses).toMatchObject([{ promotionCode: 'promo', discount: 0n, points: 7n }]);
  });
});
