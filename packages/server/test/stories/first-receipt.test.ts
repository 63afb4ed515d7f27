import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../house.ts';

describe('a first receipt', () => {
  let house: House;
  let anna: string;

  beforeAll(async () => {
    house = await openHouse();
    await house.shop('main');
    await house.product('CREAM', 129_900);
    await house.product('SOAP', 10_000);
    await house.publish({
      tiers: {
        list: [{ code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '5', redeem_rate: '30' }],
      },
    });
    anna = await house.member('+7 916 123-45-67');
  });
  afterAll(() => house.close());

  const line = (sku: string, sum: number, quantity = 1000) => ({ sku, sum, quantity });

  it('R18: a quote changes nothing', async () => {
    const quote = await house.ok('POST', '/v1/checkout/quote', {
      shop: 'main',
      member: { phone: '89161234567' },
      lines: [line('CREAM', 129_900)],
    });
    expect(quote).toMatchObject({ totals: { paid: 129_900, earned_points: 64 }, redeem_limit: 389 });
    expect(await house.balance(anna)).toMatchObject({ available: 0 });
  });

  it('anna buys for 1299.00: earns 64; R20: the same again answers the same; other content under the id is refused', async () => {
    const sale = { id: 'A-1', shop: 'main', member: { phone: '+79161234567' }, lines: [line('CREAM', 129_900)] };
    const first = await house.ok('POST', '/v1/checkout/confirm', sale);
    expect(first).toMatchObject({
      state: 'confirmed',
      totals: { earned_points: 64 },
      member: { member_id: anna, balance: { available: 64 } },
    });
    expect(await house.ok('POST', '/v1/checkout/confirm', { ...sale, member: { phone: '8 (916) 123-45-67' } })).toEqual(
      first,
    );
    expect(await house.call('POST', '/v1/checkout/confirm', { ...sale, lines: [line('CREAM', 100)] })).toMatchObject({
      status: 409,
      body: { code: 'other_content' },
    });
    expect(await house.balance(anna)).toMatchObject({ available: 64 });
  });

  it('anna holds 30 points, edits, confirms', async () => {
    const sale = {
      id: 'A-2',
      shop: 'main',
      member: { card: undefined, phone: '+79161234567' },
      lines: [line('SOAP', 10_000)],
      redeem: 'max',
    };
    const held = await house.ok('POST', '/v1/checkout/hold', sale);
    expect(held).toMatchObject({
      state: 'held',
      totals: { redeemed_points: 30, paid: 7_000 },
      member: { balance: { available: 34, reserved: 30 } },
    });
    const edited = await house.ok('PUT', '/v1/checkout/hold', { ...sale, lines: [line('SOAP', 20_000, 2000)] });
    expect(edited).toMatchObject({
      totals: { redeemed_points: 60 },
      member: { balance: { available: 4, reserved: 60 } },
    });
    const confirmed = await house.ok('POST', '/v1/checkout/confirm', { id: 'A-2', shop: 'main' });
    expect(confirmed).toMatchObject({
      state: 'confirmed',
      totals: { redeemed_points: 60, paid: 14_000, earned_points: 7 },
      member: { balance: { available: 11, reserved: 0 } },
    });
  });

  it('anna returns one soap of two, then the other: points come back as at once (R22)', async () => {
    const back = (id: string) => ({
      id,
      shop: 'main',
      receipt: { id: 'A-2' },
      lines: [{ line_id: '1', quantity: 1000 }],
    });
    const one = await house.ok('POST', '/v1/checkout/return', back('R-1'));
    expect(one).toMatchObject({ money_returned: 7_000, points_given_back: 30, points_taken_back: 3, complete: false });
    const two = await house.ok('POST', '/v1/checkout/return', back('R-2'));
    expect(two).toMatchObject({ money_returned: 7_000, points_given_back: 30, points_taken_back: 4, complete: true });
    expect(await house.balance(anna)).toMatchObject({ available: 64, debt: 0 });
    expect(await house.call('POST', '/v1/checkout/return', back('R-3'))).toMatchObject({
      status: 409,
      body: { code: 'nothing_left_to_return' },
    });
  });

  it('anna cancels a held order: nothing is left of it', async () => {
    const sale = {
      id: 'A-3',
      shop: 'main',
      order: true,
      member: { phone: '+79161234567' },
      lines: [line('SOAP', 10_000)],
      redeem: 30,
    };
    await house.ok('POST', '/v1/checkout/hold', sale);
    expect(await house.ok('POST', '/v1/checkout/cancel', { id: 'A-3', shop: 'main' })).toMatchObject({
      state: 'cancelled',
      member: { balance: { available: 64, reserved: 0 } },
    });
  });

  it('a receipt without a member is kept', async () => {
    expect(
      await house.ok('POST', '/v1/checkout/confirm', { id: 'A-4', shop: 'main', lines: [line('SOAP', 10_000)] }),
    ).toMatchObject({ state: 'confirmed', member: null });
  });

  it('and the books are clean', async () => {
    expect(await house.auditProblems()).toEqual([]);
  });
});
