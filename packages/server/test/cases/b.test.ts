// A cosmetics brand sold through marketplaces and other people's chains.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlaybook, type PlaybookHouse } from './playbook-house.ts';

let house: PlaybookHouse;
let maya: string;
beforeAll(async () => {
  house = await openPlaybook('b-brand-on-marketplaces', { start: '2026-03-02T10:00:00' });
  await house.shop('ozon', { channel: 'marketplace' });
  maya = await house.join('Майя');
});
afterAll(() => house.close());

const ozon = { shop: 'ozon' };

describe('case B, a brand on marketplaces', () => {
  it('R27: level 2 from the first receipt', async () => {
    expect(await house.tier(maya)).toBe('level-1');
    const sale = await house.buy(maya, 1_000, ozon);
    expect(sale['totals'].earned_points).toBe(100);
    expect(await house.tier(maya)).toBe('level-2');
  });

  it('R27: level 3 from the fifth purchase and a review, whichever comes last: 10 % becomes 12 %', async () => {
    for (const receipts of [2, 3, 4, 5]) {
      expect(await house.buy(maya, 1_000, ozon)).toMatchObject({ totals: { earned_points: 100 } });
      expect([receipts, await house.tier(maya)]).toEqual([receipts, 'level-2']);
    }
    const { next } = await house.ok('GET', `/v1/members/${maya}/tier`);
    expect(next).toMatchObject({
      tier: 'level-3',
      rule: 'all',
      conditions: [
        { figure: 'receipts', value: 5, left: 0 },
        { figure: 'reviews', value: 0, left: 1 },
      ],
    });
    await house.ok('POST', `/v1/members/${maya}/counters`, { counter: 'reviews', add: 1 });
    expect(await house.tier(maya)).toBe('level-3');
    expect(await house.buy(maya, 1_000, ozon)).toMatchObject({ totals: { earned_points: 120 } });
  });

  it('a review first and the fifth purchase after it: the fifth itself is still rated at 10 %', async () => {
    const lada = await house.join('Лада');
    await house.ok('POST', `/v1/members/${lada}/counters`, { counter: 'reviews', add: 1 });
    const earned: number[] = [];
    for (let receipt = 1; receipt <= 6; receipt += 1)
      earned.push((await house.buy(lada, 1_000, ozon))['totals'].earned_points);
    expect(earned).toEqual([100, 100, 100, 100, 100, 120]);
    expect(await house.tier(lada)).toBe('level-3');
  });

  it('R27: a return of the fifth purchase takes back the level that it raised', async () => {
    const rada = await house.join('Рада');
    await house.ok('POST', `/v1/members/${rada}/counters`, { counter: 'reviews', add: 1 });
    for (let receipt = 1; receipt <= 4; receipt += 1) await house.buy(rada, 1_000, ozon);
    const fifth = await house.buy(rada, 1_000, ozon);
    expect(await house.tier(rada)).toBe('level-3');
    await house.giveBack(fifth);
    expect(await house.tier(rada)).toBe('level-2');
  });

  it('level 4 is the operator’s to give; nobody buys their way into it', async () => {
    const vika = await house.join('Вика');
    await house.buy(vika, 10_000_000, ozon);
    expect(await house.tier(vika)).toBe('level-2');
    await house.ok('PUT', `/v1/members/${vika}/tier/manual`, { tier: 'level-4', reason: 'закрытое сообщество' });
    expect(await house.tier(vika)).toBe('level-4');
    expect(await house.buy(vika, 1_000, ozon)).toMatchObject({ totals: { earned_points: 150 } });
  });

  it('R14: on the own site points pay for 100 %, on a marketplace for nothing', async () => {
    const nata = await house.join('Ната');
    await house.grant(nata, 1_000, 'чек');
    expect(await house.quote(nata, 700, { ...ozon, redeem: 'max' })).toMatchObject({
      redeem_limit: 0,
      totals: { redeemed_points: 0, paid: 70_000 },
    });
    const sale = await house.buy(nata, 700, { shop: 'site', redeem: 'max' });
    expect(sale).toMatchObject({ redeem_limit: 700, totals: { redeemed_points: 700, paid: 0, earned_points: 0 } });
    const part = await house.buy(nata, 400, { shop: 'site', redeem: 'max' });
    expect(part).toMatchObject({ totals: { redeemed_points: 300, paid: 10_000, earned_points: 10 } });
    await house.giveBack(sale);
    expect(await house.available(nata)).toBe(710);
  });

  it('R20: a receipt counts once, ever', async () => {
    const kira = await house.join('Кира');
    const sale = {
      id: 'fiscal-1',
      shop: 'ozon',
      member: { member_id: kira },
      lines: [{ sku: 'GOODS', sum: 100_000, quantity: 1000 }],
    };
    await house.ok('POST', '/v1/checkout/confirm', sale);
    await house.ok('POST', '/v1/checkout/confirm', sale);
    expect(await house.available(kira)).toBe(100);
  });

  it('and the books are clean', async () => {
    await house.runDue();
    expect(await house.auditProblems()).toEqual([]);
  });
});
