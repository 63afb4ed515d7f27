// Tools and auto paint in two small towns.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../house.ts';
import { around, openPlaybook, type PlaybookHouse } from './playbook-house.ts';

let house: PlaybookHouse;
beforeAll(async () => {
  house = await openPlaybook('e-two-small-towns', { start: '2026-05-04T09:00:00' });
});
afterAll(() => house.close());

const welcomeCode = (memberId: string, code: string): Promise<Json> =>
  house.ok('POST', '/v1/promo-codes', { code, promotion: 'welcome-500', member_id: memberId, uses_max: 1 });
const stateOf = async (code: string): Promise<string> => (await house.ok('GET', `/v1/promo-codes/${code}`))['state'];

describe('case E, two small towns', () => {
  it('R26: the code for 500 rubles: unused stays, quoted stays, used is used up', async () => {
    const stas = await house.join('Стас');
    await welcomeCode(stas, 'STAS-500');
    house.at('2026-05-07T09:00:00');
    expect(await stateOf('STAS-500')).toBe('usable');
    const quote = await house.quote(stas, 3_000, { code: 'STAS-500' });
    expect(quote).toMatchObject({ totals: { promotion_discount: 50_000, paid: 250_000, earned_points: 75 } });
    expect(await stateOf('STAS-500')).toBe('usable');
    await house.buy(stas, 3_000, { code: 'stas 500' });
    expect(await stateOf('STAS-500')).toBe('used_up');
    expect(await house.buy(stas, 3_000, { code: 'STAS-500' })).toMatchObject({ totals: { paid: 300_000 } });
  });

  it('R26: a full return gives the code back, and it works again', async () => {
    const tanya = await house.join('Таня');
    await welcomeCode(tanya, 'TANYA-500');
    const sale = await house.buy(tanya, 3_000, { code: 'TANYA-500' });
    expect(await stateOf('TANYA-500')).toBe('used_up');
    expect(await house.giveBack(sale)).toMatchObject({ money_returned: 250_000, complete: true });
    expect(await stateOf('TANYA-500')).toBe('usable');
    expect(await house.buy(tanya, 2_000, { code: 'TANYA-500' })).toMatchObject({ totals: { paid: 150_000 } });
  });

  it('once per member: a second code of the same gift takes nothing off; another’s code neither', async () => {
    const igor = await house.join('Игорь');
    await welcomeCode(igor, 'IGOR-500');
    await welcomeCode(igor, 'IGOR-501');
    await house.buy(igor, 3_000, { code: 'IGOR-500' });
    expect(await house.buy(igor, 3_000, { code: 'IGOR-501' })).toMatchObject({ totals: { promotion_discount: 0 } });
    const guest = await house.join('Гость');
    await welcomeCode(guest, 'GUEST-500');
    expect(await house.buy(igor, 3_000, { code: 'GUEST-500' })).toMatchObject({ totals: { promotion_discount: 0 } });
    expect(await house.buy(null, 3_000, { code: 'GUEST-500' })).toMatchObject({ totals: { promotion_discount: 0 } });
    expect(await stateOf('GUEST-500')).toBe('usable');
  });

  it('a receipt smaller than the code goes down to a kopeck a piece, not below', async () => {
    const lev = await house.join('Лев');
    await welcomeCode(lev, 'LEV-500');
    expect(await house.buy(lev, 300, { code: 'LEV-500' })).toMatchObject({
      totals: { promotion_discount: 29_999, paid: 1 },
    });
  });

  it('birthday: 500 points for 7 days', async () => {
    house.at('2026-06-10T09:00:00');
    const sveta = await house.join('Света', { birthday: '1988-06-10' });
    await house.grant(sveta, 500, 'день рождения', { days: 7 });
    expect(await house.available(sveta)).toBe(500);
    expect(await around(house, sveta, '2026-06-18T00:00:00')).toEqual([500, 0]);
  });

  it('the long absent: 250 points for 10 days; what is spent in time is spent, the rest burns', async () => {
    house.at('2026-09-01T18:00:00');
    const roma = await house.join('Рома');
    await house.grant(roma, 250, 'давно не были', { days: 10 });
    house.at('2026-09-11T20:00:00');
    expect(await house.buy(roma, 500, { redeem: 'max' })).toMatchObject({
      totals: { redeemed_points: 150, paid: 35_000, earned_points: 10 },
    });
    expect(await around(house, roma, '2026-09-12T00:00:00')).toEqual([110, 10]);
  });

  it('points and the code work in one receipt: the code first, then 30 % of what is left', async () => {
    const zhenya = await house.join('Женя');
    await welcomeCode(zhenya, 'ZHENYA-500');
    await house.grant(zhenya, 2_000, 'день рождения', { days: 7 });
    expect(await house.quote(zhenya, 3_000, { code: 'ZHENYA-500', redeem: 'max' })).toMatchObject({
      redeem_limit: 750,
      totals: { promotion_discount: 50_000, redeemed_points: 750, paid: 175_000 },
    });
  });

  it('after a purchase the answer has the balance to thank with', async () => {
    const yura = await house.join('Юра');
    expect(await house.buy(yura, 5_000)).toMatchObject({ member: { member_id: yura, balance: { available: 150 } } });
  });

  it('and the books are clean', async () => {
    await house.runDue();
    expect(await house.auditProblems()).toEqual([]);
  });
});
