// A cosmetics chain: its rules to the second, over HTTP.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { around, openPlaybook, type PlaybookHouse } from './playbook-house.ts';

let house: PlaybookHouse;
beforeAll(async () => {
  house = await openPlaybook('a-cosmetics-chain', { start: '2026-01-12T10:00:00' });
});
afterAll(() => house.close());

describe('case A, a cosmetics chain', () => {
  it('R15 R27: the rate depends on the tier; the receipt that crosses is rated by the tier before it', async () => {
    const vera = await house.join('Вера');
    const earned: [number, string | null][] = [];
    for (const rubles of [14_999, 1, 1_000, 24_000, 1_000, 59_000, 1_000]) {
      const sale = await house.buy(vera, rubles);
      earned.push([sale['totals'].earned_points, await house.tier(vera)]);
    }
    expect(earned).toEqual([
      [449, 'friend'],
      [0, 'regular'],
      [50, 'regular'],
      [1_200, 'expert'],
      [70, 'expert'],
      [4_130, 'vip'],
      [100, 'vip'],
    ]);
  });

  it('points of a purchase become spendable after 24 hours, to the second', async () => {
    house.at('2026-01-20T18:30:15');
    const anna = await house.join('Анна');
    await house.buy(anna, 10_000);
    expect(await house.balance(anna)).toMatchObject({ available: 0, pending: 300 });
    expect(await around(house, anna, '2026-01-21T18:30:15')).toEqual([0, 300]);
    house.at('2026-01-21T18:30:14');
    expect(await house.quote(anna, 1_000, { redeem: 'max' })).toMatchObject({ totals: { redeemed_points: 0 } });
    house.at('2026-01-21T18:30:15');
    expect(await house.quote(anna, 1_000, { redeem: 'max' })).toMatchObject({ totals: { redeemed_points: 300 } });
  });

  it('R14: points pay for up to 30 % of a receipt, rounded down once', async () => {
    house.at('2026-01-22T12:00:00');
    const olga = await house.join('Ольга');
    await house.grant(olga, 5_000, 'отзыв о товаре');
    const quote = await house.quote(olga, 0, {
      lines: [
        { sku: 'GOODS', rubles: 999 },
        { sku: 'GOODS', rubles: 998 },
      ],
      redeem: 'max',
    });
    expect(quote).toMatchObject({ redeem_limit: 599, totals: { redeemed_points: 599, paid: 139_800 } });
    // Points come on the money that is paid.
    expect(quote['totals'].earned_points).toBe(41);
  });

  it('R9: a year without purchases burns everything; a purchase before renews all of it', async () => {
    house.at('2026-02-01T12:00:00');
    const inna = await house.join('Инна');
    const rita = await house.join('Рита');
    await house.buy(inna, 10_000);
    await house.buy(rita, 10_000);
    house.at('2026-06-15T20:00:00');
    await house.buy(inna, 1_000);
    // 365 days after the points could be spent, the whole last day included.
    expect(await around(house, rita, '2027-02-03T00:00:00')).toEqual([300, 0]);
    // Inna bought again: her old 300 live on for a year from that purchase, its own 30 from the day they started.
    expect(await around(house, inna, '2027-06-16T00:00:00')).toEqual([330, 30]);
    expect(await around(house, inna, '2027-06-17T00:00:00')).toEqual([30, 0]);
    await house.runDue();
    const { items } = await house.ok('GET', `/v1/members/${rita}/points`);
    expect(items[0]).toMatchObject({ kind: 'expire', change: -300 });
    await house.buy(rita, 1_000);
    expect(await house.balance(rita)).toMatchObject({ available: 0, pending: 30 });
  });

  it('a purchase on the last evening renews: the day after everything is still there', async () => {
    house.at('2027-07-01T12:00:00');
    const lena = await house.join('Лена');
    await house.buy(lena, 10_000);
    house.at('2028-06-30T23:59:59');
    await house.buy(lena, 100);
    house.at('2028-07-01T00:00:00');
    expect(await house.balance(lena)).toMatchObject({ available: 300, pending: 3 });
  });

  it('R17: a product page shows how many points this member would earn for each product', async () => {
    house.at('2028-07-02T12:00:00');
    await house.product('CREAM', 129_900);
    await house.product('MASK', 33_300);
    const nina = await house.join('Нина');
    await house.grant(nina, 1_000, 'регистрация');
    const page = { shop: 'site', member: { member_id: nina }, products: [{ sku: 'CREAM' }, { sku: 'MASK' }] };
    const shown = async () =>
      (await house.ok('POST', '/v1/catalog/calculate', page))['products'].map((product: Record<string, number>) => [
        product['earned_points'],
        product['redeem_limit'],
      ]);
    expect(await shown()).toEqual([
      [38, 389],
      [9, 99],
    ]);
    await house.buy(nina, 15_000);
    expect(await shown()).toEqual([
      [64, 389],
      [16, 99],
    ]);
  });

  it('R23: a receipt without a card is recorded and earns nothing', async () => {
    const sale = await house.buy(null, 2_500);
    expect(sale).toMatchObject({ member: null, state: 'confirmed', totals: { paid: 250_000, earned_points: 0 } });
    expect(await house.ok('GET', `/v1/receipts/shop/${sale['id']}`)).toMatchObject({ id: sale['id'], member: null });
  });

  it('R26: the codes that campaigns give: 12 % and 15 %, one use each', async () => {
    const zoya = await house.join('Зоя');
    const personal = { member_id: zoya, uses_max: 1 };
    await house.ok('POST', '/v1/promo-codes', { code: 'NEXT-12', promotion: 'code-12', ...personal });
    await house.ok('POST', '/v1/promo-codes', { code: 'BIRTHDAY-15', promotion: 'code-15', ...personal });
    expect(await house.buy(zoya, 1_000, { code: 'next12' })).toMatchObject({ totals: { paid: 88_000 } });
    expect(await house.buy(zoya, 1_000, { code: 'NEXT-12' })).toMatchObject({ totals: { paid: 100_000 } });
    expect(await house.buy(zoya, 1_000, { code: 'BIRTHDAY-15' })).toMatchObject({ totals: { paid: 85_000 } });
  });

  it('a gift of 3,000 points for 30 days has dates of its own: no purchase renews it', async () => {
    house.at('2028-09-01T12:00:00');
    const yana = await house.join('Яна');
    await house.grant(yana, 3_000, 'покупка от 10 000 ₽', { days: 30 });
    house.at('2028-09-20T12:00:00');
    await house.buy(yana, 10_000);
    house.at('2028-09-21T12:00:00');
    expect(await house.available(yana)).toBe(3_300);
    expect(await around(house, yana, '2028-10-02T00:00:00')).toEqual([3_300, 300]);
  });

  it('and the books are clean', async () => {
    await house.runDue();
    expect(await house.auditProblems()).toEqual([]);
  });
});
