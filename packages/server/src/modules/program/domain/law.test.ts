import { describe, expect, it } from 'vitest';
import { aLine, aLot, aProgram, quoteOf, rubles, withPromotion } from '#test/program/quote-fixture.ts';
import { russia } from './legal/russia.ts';

const generous = {
  earning: { default_rate: '10' },
  redeeming: { rate: '100', lowest_unit_price: 0 },
  receipt: { rounding_step: 100 },
};

describe('floors and ceilings', () => {
  const half = { effects: [{ kind: 'percent_off', percent: '50' }] };

  it('R13: a floor binds all steps together, the till included', () => {
    const lines = [aLine(100, { tillDiscount: rubles(20), product: { floorPrice: rubles(70) } })];
    const answer = quoteOf(withPromotion(half, { redeeming: { rate: '100' } }), {
      lines,
      redeem: 'max',
      member: { lots: [aLot(100)] },
    });
    expect(answer.lines[0]).toMatchObject({ paid: rubles(70), redeemedMoney: 0n });
    expect(answer.explanation).toContainEqual(
      expect.objectContaining({
        step: 'limit',
        code: 'floor',
        rule: 'promo',
        lineId: 'thing',
        args: { missing: 30_00 },
      }),
    );
  });

  it('R13: a price under its floor gets nothing more, and no error', () => {
    const lines = [aLine(100, { tillDiscount: rubles(60), product: { floorPrice: rubles(70) } })];
    const answer = quoteOf(withPromotion(half, generous), { lines, redeem: 'max', member: { lots: [aLot(100)] } });
    expect(answer.totals).toMatchObject({
      paid: rubles(40),
      promotionDiscount: 0n,
      redeemedPoints: 0n,
      earnedPoints: 4n,
    });
  });

  it.each([
    ['of a line', { line_percent: '30' }, 140],
    ['of a receipt in percent', { receipt_percent: '20' }, 160],
    ['of a receipt in money', { receipt_money: 15_00 }, 185],
  ])('R13: a ceiling %s counts the till, promotions and points', (_what, ceilings, paid) => {
    const lines = [aLine(100, { sku: 'a', tillDiscount: rubles(10) }), aLine(100, { sku: 'b' })];
    const tenth = { effects: [{ kind: 'percent_off', percent: '10' }] };
    const answer = quoteOf(withPromotion(tenth, { redeeming: { rate: '100' }, ceilings }), {
      lines,
      redeem: 'max',
      member: { lots: [aLot(1000)] },
    });
    expect(Number(answer.totals.paid) / 100).toBeCloseTo(paid, 0);
    expect(answer.totals.paid).toBeGreaterThanOrEqual(rubles(paid));
  });

  it('R13: flags keep a product out of promotions', () => {
    const answer = quoteOf(
      withPromotion({
        effects: [
          { kind: 'percent_off', percent: '50' },
          { kind: 'earn_fixed', points: 5, per: 'line' },
        ],
      }),
      {
        lines: [aLine(100, { product: { noPromotions: true } })],
      },
    );
    expect(answer.totals).toMatchObject({ paid: rubles(100), earnedPoints: 0n });
  });
});

describe('the law', () => {
  const everything = {
    effects: [
      { kind: 'percent_off', percent: '50' },
      { kind: 'gift_line', sku: 'pack' },
      { kind: 'earn_fixed', points: 100 },
      { kind: 'redeem_limit', rate: '100' },
      { kind: 'next_code', promotion: 'x' },
    ],
  };

  it.each(['tobacco', 'nicotine', 'hookah', 'prescription'] as const)(
    'R13: %s: no discount, no points, no gift, no rounding, no code',
    (legalClass) => {
      const lines = [aLine(100.5, { sku: 'pack', product: { legalClass } })];
      const answer = quoteOf(withPromotion(everything, generous), {
        lines,
        redeem: 'max',
        member: { lots: [aLot(1000)] },
      });
      expect(answer.totals).toMatchObject({
        paid: rubles(100.5),
        promotionDiscount: 0n,
        redeemedPoints: 0n,
        rounding: 0n,
        earnedPoints: 0n,
      });
      expect(answer.uses).toEqual([]);
      expect(answer.nextCodes).toEqual([]);
      expect(answer.explanation).toContainEqual(expect.objectContaining({ code: 'law', lineId: 'pack' }));
    },
  );

  it('R13: buying tobacco brings nothing about on other goods either', () => {
    const program = withPromotion({
      effects: [{ kind: 'percent_off', percent: '50' }],
      conditions: [{ kind: 'receipt_sum', from: 500_00 }],
    });
    const lines = [aLine(1000, { sku: 'pack', product: { legalClass: 'tobacco' } }), aLine(100)];
    expect(quoteOf(program, { lines }).uses).toEqual([]);
  });

  it.each([
    ['vodka of 0.5 l in 2025', { tags: ['alcohol:spirits'], volumeMl: 500 }, '2025-06-01T09:00:00Z', 349],
    ['vodka of 0.25 l in 2025', { tags: ['alcohol:spirits'], volumeMl: 250 }, '2025-06-01T09:00:00Z', 174.5],
    ['vodka of 0.5 l in 2026', { tags: ['alcohol:spirits'], volumeMl: 500 }, '2026-01-01T09:00:00Z', 409],
    [
      'on the last evening of 2025 in Moscow',
      { tags: ['alcohol:spirits'], volumeMl: 500 },
      '2025-12-31T20:59:59Z',
      349,
    ],
    ['cognac', { tags: ['alcohol:cognac'], volumeMl: 500 }, '2026-03-01T09:00:00Z', 755],
    ['what nobody described', { tags: [], volumeMl: null }, '2026-03-01T09:00:00Z', 409],
  ])('R13: %s is never under its legal minimum', (_what, { tags, volumeMl }, at, least) => {
    const lines = [aLine(1000, { product: { legalClass: 'alcohol', tags, volumeMl } })];
    const program = withPromotion(
      { effects: [{ kind: 'percent_off', percent: '90' }] },
      { redeeming: { rate: '100' } },
    );
    const answer = quoteOf(program, { lines, at, redeem: 'max', member: { lots: [aLot(1000)] } });
    expect(answer.totals.paid).toBe(rubles(least));
  });

  it('R13: two bottles cost twice the minimum; beer has none', () => {
    const program = withPromotion({ effects: [{ kind: 'percent_off', percent: '90' }] });
    const bottles = aLine(2000, {
      pieces: 2,
      product: { legalClass: 'alcohol', tags: ['alcohol:spirits'], volumeMl: 500 },
    });
    const beer = aLine(1000, {
      sku: 'beer',
      product: { legalClass: 'alcohol', tags: ['alcohol:beer'], volumeMl: 500 },
    });
    expect(quoteOf(program, { lines: [bottles, beer] }).lines.map((line) => line.paid)).toEqual([
      rubles(818),
      rubles(100),
    ]);
  });

  it('R13: the profile is of the installation: no document has a word about it', () => {
    expect(Object.keys(aProgram().document)).not.toContain('legal');
    expect(aProgram().legalProfile).toBe(russia);
  });
});

describe('rounding', () => {
  it('R12: the receipt is rounded after points and before earning', () => {
    const program = aProgram({ ...generous, earning: { default_rate: '100' } });
    const answer = quoteOf(program, { lines: [aLine(100.99, { sku: 'a' }), aLine(50.5, { sku: 'b' })] });
    expect(answer.totals).toMatchObject({ paid: rubles(151), rounding: 49n, earnedPoints: 151n });
  });

  it('R13: what the law or a floor closes does not round', () => {
    const lines = [aLine(100.5, { sku: 'a', product: { legalClass: 'tobacco' } }), aLine(50.25, { sku: 'b' })];
    const answer = quoteOf(aProgram(generous), { lines });
    expect(answer.lines.map((line) => line.rounding)).toEqual([0n, 75n]);
    const closed = quoteOf(aProgram(generous), { lines: lines.slice(0, 1) });
    expect(closed.totals.paid).toBe(rubles(100.5));
    expect(closed.explanation).toContainEqual(expect.objectContaining({ code: 'no_room_to_round', applied: false }));
  });
});
