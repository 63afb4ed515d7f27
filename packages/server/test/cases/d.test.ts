// A hookah and tobacco chain: the law stands above the program, and the cash registers know no promo codes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlaybook, type PlaybookHouse } from './playbook-house.ts';

const zone = 'Asia/Yekaterinburg';

let house: PlaybookHouse;
beforeAll(async () => {
  house = await openPlaybook('d-hookah-chain', { start: '2026-04-01T12:00:00' });
  await house.product('TOBACCO', 100_000, { legal_class: 'tobacco' });
  await house.product('VAPE', 100_000, { legal_class: 'nicotine' });
  await house.product('HOOKAH', 500_000, { legal_class: 'hookah' });
});
afterAll(() => house.close());

const banned = [
  { sku: 'TOBACCO', rubles: 1_000 },
  { sku: 'VAPE', rubles: 1_000 },
  { sku: 'HOOKAH', rubles: 5_000 },
];

describe('case D, a hookah chain', () => {
  it('R14 R15 R27: both the rate and the redemption limit depend on the tier', async () => {
    const oleg = await house.join('Олег');
    await house.grant(oleg, 10_000, 'приветственные баллы');
    const seen: unknown[] = [];
    for (const rubles of [9_999, 1, 20_000, 1]) {
      const quote = await house.quote(oleg, 1_000);
      const { redeem_limit: limit, totals } = quote;
      seen.push([await house.tier(oleg), totals.earned_points, limit]);
      await house.buy(oleg, rubles);
    }
    expect(seen).toEqual([
      ['guest', 30, 200],
      ['guest', 30, 200],
      ['friend', 50, 300],
      ['master', 70, 500],
    ]);
  });

  it('R13: tobacco, nicotine and hookahs earn nothing and take no points; other goods of the receipt do', async () => {
    const ivan = await house.join('Иван');
    await house.grant(ivan, 5_000, 'приветственные баллы');
    const alone = await house.quote(ivan, 0, { lines: banned, redeem: 'max' });
    expect(alone).toMatchObject({
      redeem_limit: 0,
      totals: { redeemed_points: 0, earned_points: 0, promotion_discount: 0, paid: 700_000 },
    });
    const mixed = await house.buy(ivan, 0, { lines: [...banned, { sku: 'GOODS', rubles: 2_000 }], redeem: 'max' });
    expect(mixed).toMatchObject({ redeem_limit: 400, totals: { redeemed_points: 400, earned_points: 48 } });
    expect(
      mixed['lines'].map((line: Record<string, number>) => [line['redeemed_points'], line['earned_points']]),
    ).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [400, 48],
    ]);
  });

  it('R3 R16: double points for 10 days from the day of the message, the last day whole, in the member’s zone', async () => {
    house.at('2026-05-01T15:20:00', zone);
    const pavel = await house.join('Павел', { zone });
    const other = await house.join('Другой', { zone });
    const earned = async (member: string) => (await house.quote(member, 1_000))['totals'].earned_points as number;
    expect(await earned(pavel)).toBe(30);
    await house.window(pavel, 'double-points', 10, zone);
    const seen: [number, number][] = [];
    for (const time of ['05-01T15:20:00', '05-11T23:59:59', '05-12T00:00:00']) {
      house.at(`2026-${time}`, zone);
      seen.push([await earned(pavel), await earned(other)]);
    }
    expect(seen).toEqual([
      [60, 30],
      [60, 30],
      [30, 30],
    ]);
  });

  it('double points for the first purchase only, while the window is open', async () => {
    house.at('2026-06-01T12:00:00');
    const gleb = await house.join('Глеб');
    await house.window(gleb, 'double-first-purchase', 14);
    const earned: number[] = [];
    for (let purchase = 0; purchase < 2; purchase += 1)
      earned.push((await house.buy(gleb, 1_000))['totals'].earned_points);
    expect(earned).toEqual([60, 30]);
  });

  it('15 % for named members for 7 days, on lawful goods only', async () => {
    house.at('2026-07-01T11:00:00');
    const named = await house.join('Получатель');
    const other = await house.join('Сосед');
    await house.window(named, 'minus-15', 7);
    const lines = [...banned, { sku: 'GOODS', rubles: 2_000 }];
    const sale = await house.buy(named, 0, { lines });
    expect(sale).toMatchObject({
      totals: { sum: 900_000, promotion_discount: 30_000, paid: 870_000, earned_points: 51 },
    });
    expect(sale['lines'].map((line: { discounts: { amount: number }[] }) => line.discounts)).toEqual([
      [],
      [],
      [],
      [{ promotion: 'minus-15', amount: 30_000 }],
    ]);
    expect(await house.buy(other, 0, { lines })).toMatchObject({ totals: { promotion_discount: 0 } });
    const discounts: number[] = [];
    for (const time of ['07-08T23:59:59', '07-09T00:00:00']) {
      house.at(`2026-${time}`);
      discounts.push((await house.quote(named, 1_000))['totals'].promotion_discount);
    }
    expect(discounts).toEqual([15_000, 0]);
  });

  it('R13: nor do double points reach tobacco', async () => {
    const petr = await house.join('Пётр');
    await house.window(petr, 'double-points', 10);
    expect(await house.buy(petr, 0, { lines: banned })).toMatchObject({ totals: { earned_points: 0 } });
    expect(await house.buy(petr, 0, { lines: [...banned, { sku: 'GOODS', rubles: 1_000 }] })).toMatchObject({
      totals: { earned_points: 60 },
    });
  });

  it('R26: a code does nothing here and never fails the sale', async () => {
    const anton = await house.join('Антон');
    await house.ok('POST', '/v1/promo-codes', { code: 'SALE', promotion: 'minus-15' });
    expect(await house.buy(anton, 1_000, { code: 'SALE' })).toMatchObject({
      state: 'confirmed',
      totals: { promotion_discount: 0, paid: 100_000 },
    });
  });

  it('and the books are clean', async () => {
    await house.runDue();
    expect(await house.auditProblems()).toEqual([]);
  });
});
