// A book publisher's site: dates that begin and end in each member's own zone.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { around, openPlaybook, type PlaybookHouse } from './playbook-house.ts';

const east = 'Asia/Vladivostok';
const west = 'Europe/Kaliningrad';
const site = { shop: 'site' };

let house: PlaybookHouse;
let vlada: string;
let kolya: string;
beforeAll(async () => {
  house = await openPlaybook('c-book-publisher', { start: '2026-02-02T10:00:00' });
  vlada = await house.join('Влада', { zone: east });
  kolya = await house.join('Коля', { zone: west });
});
afterAll(() => house.close());

describe('case C, a book publisher', () => {
  it('R15: cashback by tier, 5 to 15 %', async () => {
    const reader = await house.join('Читатель');
    const rates: number[] = [];
    for (const rubles of [5_000, 10_000, 25_000, 1_000]) {
      const quote = await house.quote(reader, 1_000, site);
      rates.push(quote['totals'].earned_points);
      await house.buy(reader, rubles, site);
    }
    expect(rates).toEqual([50, 70, 100, 150]);
  });

  it('R14: points pay for up to 30 % of an order, of a discounted book as well', async () => {
    const anna = await house.join('Анна');
    await house.grant(anna, 1_000, 'отзыв о книге');
    await house.product('SALE', 50_000, { regular_price: 90_000 });
    const lines = [
      { sku: 'GOODS', rubles: 1_000 },
      { sku: 'SALE', rubles: 500 },
    ];
    expect(await house.quote(anna, 0, { ...site, lines, redeem: 'max' })).toMatchObject({ redeem_limit: 450 });
    const quote = await house.ok('POST', '/v1/checkout/quote', {
      shop: 'site',
      member: { member_id: anna },
      lines: [{ sku: 'SALE', sum: 90_000, till_discount: 40_000, quantity: 1000 }],
      redeem: 'max',
    });
    expect(quote).toMatchObject({ redeem_limit: 150, totals: { redeemed_points: 150, paid: 35_000 } });
  });

  it('registration: 300 points burn after 7 days, the whole seventh included', async () => {
    house.at('2026-02-10T15:45:00');
    const boris = await house.join('Борис');
    await house.grant(boris, 300, 'регистрация', { days: 7 });
    expect(await around(house, boris, '2026-02-18T00:00:00')).toEqual([300, 0]);
  });

  it('8 March: 5,000 points for three days, until 10 March inclusive, each in their own zone', async () => {
    house.at('2026-03-05T12:00:00');
    const eighth = { starts_on: '2026-03-08', burns_on: '2026-03-10' };
    for (const member of [vlada, kolya]) await house.grant(member, 5_000, '8 Марта', eighth);
    expect(await around(house, vlada, '2026-03-08T00:00:00', east)).toEqual([0, 5_000]);
    expect(await house.available(kolya)).toBe(0);
    expect(await around(house, kolya, '2026-03-08T00:00:00', west)).toEqual([0, 5_000]);
    expect(await around(house, vlada, '2026-03-11T00:00:00', east)).toEqual([5_000, 0]);
    expect(await house.available(kolya)).toBe(5_000);
    expect(await around(house, kolya, '2026-03-11T00:00:00', west)).toEqual([5_000, 0]);
  });

  it('May: 5,000 points burn on 31 May; what was spent of them is not taken again (R11)', async () => {
    house.at('2026-05-19T09:00:00');
    await house.grant(kolya, 5_000, 'майские баллы', { burns_on: '2026-05-31' });
    await house.grant(vlada, 5_000, 'майские баллы', { burns_on: '2026-05-31' });
    house.at('2026-05-31T20:00:00', west);
    const sale = await house.buy(kolya, 2_000, { ...site, redeem: 'max' });
    expect(sale).toMatchObject({ totals: { redeemed_points: 600, earned_points: 70 } });
    expect(await house.available(vlada)).toBe(0);
    expect(await around(house, kolya, '2026-06-01T00:00:00', west)).toEqual([4_470, 70]);
    await house.runDue();
    const { items } = await house.ok('GET', `/v1/members/${kolya}/points`);
    expect(items.filter((entry: { kind: string }) => entry.kind === 'expire')[0]).toMatchObject({ change: -4_400 });
  });

  it('birthday: 500 points two weeks before the day', async () => {
    house.at('2026-08-01T08:00:00');
    const dina = await house.join('Дина', { birthday: '1990-08-15' });
    await house.grant(dina, 500, 'день рождения', { starts_on: '2026-08-01', burns_on: '2026-08-15' });
    expect(await house.available(dina)).toBe(500);
    expect(await around(house, dina, '2026-08-16T00:00:00')).toEqual([500, 0]);
  });

  it('R14: for a period points pay for 50 % in place of 30 %, by the shop’s own dates', async () => {
    const egor = await house.join('Егор', { zone: east });
    house.at('2026-11-01T12:00:00');
    await house.grant(egor, 5_000, 'извинение за доставку');
    const limits: number[] = [];
    for (const time of ['11-09T23:59:59', '11-10T00:00:00', '11-23T23:59:59', '11-24T00:00:00']) {
      house.at(`2026-${time}`);
      limits.push((await house.quote(egor, 1_000, { ...site, redeem: 'max' }))['totals'].redeemed_points);
    }
    expect(limits).toEqual([300, 500, 500, 300]);
  });

  it('New Year: 3,000 points may be spent from 18 to 22 December only, each in their own zone', async () => {
    house.at('2026-12-10T12:00:00');
    const days = { starts_on: '2026-12-18', burns_on: '2026-12-22' };
    for (const member of [vlada, kolya]) await house.grant(member, 3_000, 'Новый год', days);
    expect(await house.balance(vlada)).toMatchObject({ available: 0, pending: 3_000 });
    expect(await around(house, vlada, '2026-12-18T00:00:00', east)).toEqual([0, 3_000]);
    // Kaliningrad is eight hours behind: it is 16:00 of the 17th there, and nothing can be spent yet.
    expect(await house.quote(kolya, 10_000, { ...site, redeem: 'max' })).toMatchObject({
      totals: { redeemed_points: 70 },
    });
    expect(await house.buy(vlada, 1_000, { ...site, redeem: 'max' })).toMatchObject({
      totals: { redeemed_points: 300 },
    });
    expect(await around(house, kolya, '2026-12-18T00:00:00', west)).toEqual([70, 3_070]);
    expect(await around(house, vlada, '2026-12-23T00:00:00', east)).toEqual([2_735, 35]);
    expect(await house.available(kolya)).toBe(3_070);
    expect(await around(house, kolya, '2026-12-23T00:00:00', west)).toEqual([3_070, 70]);
  });

  it('R22: an order of New Year’s, paid by its points and returned after them: they live again for their own five days', async () => {
    house.at('2026-12-24T12:00:00');
    const { items } = await house.ok('GET', `/v1/members/${vlada}/receipts`);
    await house.giveBack(items[0]);
    expect(await house.available(vlada)).toBe(300);
    expect(await around(house, vlada, '2026-12-29T12:00:00')).toEqual([300, 0]);
  });

  it('January: 20 % for everyone for two weeks, in place of the tier’s rate and not on top of it', async () => {
    const roman = await house.join('Роман');
    await house.buy(roman, 40_000, site);
    const newcomer = await house.join('Яна');
    const earned: [number, number][] = [];
    for (const time of ['01-08T23:59:59', '01-09T00:00:00', '01-22T23:59:59', '01-23T00:00:00']) {
      house.at(`2027-${time}`);
      const best = await house.quote(roman, 1_000, site);
      const first = await house.quote(newcomer, 1_000, site);
      earned.push([best['totals'].earned_points, first['totals'].earned_points]);
    }
    expect(earned).toEqual([
      [150, 50],
      [200, 200],
      [200, 200],
      [150, 50],
    ]);
  });

  it('and the books are clean', async () => {
    await house.runDue();
    expect(await house.auditProblems()).toEqual([]);
  });
});
