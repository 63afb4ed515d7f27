// What went wrong with points, receipts and limits for others: each a test that names their issue. The table is in docs/reliability.md.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, type Json, openHouse } from '../house.ts';
import { figures, item, type Till, tillOf } from './till.ts';

const base = { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '10', redeem_rate: '100' };
const gold = {
  ...{ code: 'gold', name: { ru: 'Золотой', en: 'Gold' }, rank: 1, earn_rate: '20', redeem_rate: '100' },
  conditions: { any: [{ figure: 'money_paid', at_least: 1000_00 }] },
};

describe('known troubles', () => {
  let house: House;
  let till: Till;

  beforeAll(async () => {
    house = await openHouse();
    till = tillOf(house);
    for (const shop of ['main', 'other']) await house.shop(shop);
    for (const sku of ['TEA', 'CUP']) await house.product(sku, 100_00);
    await house.publish(program);
    for (const [code, promotion] of [
      ['ОДИН-РАЗ', 'once'],
      ['МИНУС', 'minus'],
    ])
      await house.ok('POST', '/v1/promo-codes', { code, promotion, uses_max: 1 });
  });
  afterAll(async () => {
    const problems = await house.auditProblems();
    await house.close();
    if (problems.length > 0) throw new Error(`the audit found ${JSON.stringify(problems)}`);
  });

  const program: Parameters<House['publish']>[0] = {
    tiers: { list: [base, gold] },
    earning: { term: { kind: 'days', days: 30 } },
    promotions: [
      { code: 'once', name: 'Once', needs_code: true, effects: [{ kind: 'percent_off', percent: '10' }] },
      { code: 'minus', name: 'Minus', needs_code: true, effects: [{ kind: 'fixed_off', amount: 500_00 }] },
      {
        ...{ code: 'three', name: 'Three without a code', limits: { total_uses: 3 } },
        ...{ conditions: [{ kind: 'receipt_sum', from: 7777_00 }], effects: [{ kind: 'percent_off', percent: '50' }] },
      },
      {
        ...{ code: 'cup', name: 'A cup', conditions: [{ kind: 'receipt_sum', from: 5555_00, below: 5556_00 }] },
        effects: [{ kind: 'gift_line', sku: 'CUP' }],
      },
    ],
  };
  const tea = (rubles: number, pieces = 1) => [item('TEA', rubles, pieces)];
  const days = async (count: number) => {
    house.clock.advance({ days: count });
    await house.runDue();
  };

  it('FloCafe #78: balance collapse: a spent lot that burns is not taken off a second time', async () => {
    const anna = await till.member();
    await till.grant(anna, 100, { days: 10 });
    await till.grant(anna, 50, { days: 60 });
    await till.sell(anna, tea(100), { redeem: 80 });
    expect(await till.figures(anna)).toEqual(figures({ available: 72 }));
    await days(11);
    // The 20 that were left of the first lot, and nothing else.
    expect(await till.figures(anna)).toEqual(figures({ available: 52 }));
  });

  it('FloCafe #62: dead expiry setting: what the program says about burning happens', async () => {
    const anna = await till.member();
    await till.sell(anna, tea(500));
    expect(await till.figures(anna)).toEqual(figures({ available: 50 }));
    await days(31);
    expect(await till.figures(anna)).toEqual(figures({}));
    const kinds = (await till.entries(anna)).map(({ kind, change }) => `${kind} ${change}`);
    expect(kinds.toSorted()).toEqual(['earn 50', 'expire -50']);
  });

  it('ERPNext #59050: infinite redemption: points for one shop only are not spent in another, nor counted there', async () => {
    const anna = await till.member();
    await till.grant(anna, 100, { restriction: { shops: ['other'] } });
    await till.grant(anna, 10);
    const first = await till.sell(anna, tea(100), { redeem: 'max' });
    expect(first['totals']).toMatchObject({ redeemed_points: 10 });
    const again = await till.sell(anna, tea(100), { redeem: 'max' });
    // Only what the first receipt earned.
    expect(again['totals'].redeemed_points).toBe(first['totals'].earned_points);
    expect((await till.lots(anna)).find(({ amount }) => amount === 100)).toMatchObject({ remaining: 100 });
  });

  it('ERPNext #32951: returns keep points: a returned receipt leaves none', async () => {
    const anna = await till.member();
    const sold = await till.sell(anna, tea(500));
    await till.giveBack(sold['id']);
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('Odoo PR #257854: buy, spend the points elsewhere, refund: what was spent is owed', async () => {
    const anna = await till.member();
    const sold = await till.sell(anna, tea(500));
    // Of 50.99 what is left to pay earns nothing.
    await till.sell(anna, tea(50.99), { redeem: 50 });
    expect(await till.giveBack(sold['id'])).toMatchObject({ points_taken_back: 50, debt_made: 50 });
    expect(await till.figures(anna)).toEqual(figures({ debt: 50 }));
    await till.sell(anna, tea(300));
    expect(await till.figures(anna)).toEqual(figures({ debt: 20 }));
  });

  it('Odoo PR #212922: refund deducts twice: a return sent again, or made again, takes nothing more', async () => {
    const anna = await till.member();
    await till.grant(anna, 5);
    const sold = await till.sell(anna, tea(500));
    const back = { id: till.newId(), shop: 'main', receipt: { id: sold['id'] } };
    const first = await house.ok('POST', '/v1/checkout/return', back);
    expect(await house.ok('POST', '/v1/checkout/return', back)).toEqual(first);
    expect(await house.call('POST', '/v1/checkout/return', { ...back, id: till.newId() })).toMatchObject({
      status: 409,
    });
    expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
  });

  it('Odoo PR #221928: partial refund: a third comes back with a third of its points', async () => {
    const anna = await till.member();
    await till.grant(anna, 90);
    const sold = await till.sell(anna, tea(300, 3), { redeem: 90 });
    expect(await till.figures(anna)).toEqual(figures({ available: 21 }));
    const third = { lines: [{ line_id: '1', quantity: 1000 }] };
    expect(await till.giveBack(sold['id'], third)).toMatchObject({ points_given_back: 30, points_taken_back: 7 });
    expect(await till.figures(anna)).toEqual(figures({ available: 44 }));
  });

  it('Odoo #150833: reward line earns points: a gift and what is paid in points earn none', async () => {
    const anna = await till.member();
    await till.grant(anna, 5555);
    const sold = await till.sell(anna, tea(5555.99), { redeem: 5555 });
    const gift = (sold['lines'] as Json[]).find((line) => line['gift'] === true);
    expect(gift).toMatchObject({ paid: 1, earned_points: 0 });
    expect(sold['totals']).toMatchObject({ paid: 100, earned_points: 0 });
  });

  it('OCA/pos PR #185: offline POS resync doubles points: the same receipts uploaded again change nothing', async () => {
    const anna = await till.member();
    const at = house.clock.now().subtract({ hours: 3 }).toString();
    const receipts = [1, 2, 3].map(() => ({
      sale: { id: till.newId(), shop: 'main', at, member: { member_id: anna }, lines: tea(100) },
    }));
    const first = await house.ok('POST', '/v1/checkout/receipts/batch', { receipts });
    expect(await till.figures(anna)).toEqual(figures({ available: 30 }));
    expect(await house.ok('POST', '/v1/checkout/receipts/batch', { receipts })).toEqual(first);
    // One by one too, as another version of the till would.
    for (const { sale } of receipts) await house.ok('POST', '/v1/checkout/confirm', sale);
    expect(await till.figures(anna)).toEqual(figures({ available: 30 }));
  });

  it('ERPNext #33550: tier picked before eligibility: the receipt that crosses is rated by the tier before it', async () => {
    const anna = await till.member();
    expect((await till.sell(anna, tea(1000)))['totals']).toMatchObject({ earned_points: 100 });
    expect((await till.sell(anna, tea(100)))['totals']).toMatchObject({ earned_points: 20 });
  });

  it('Open Loyalty #131: level by balance instead of earned: spending all points leaves the tier', async () => {
    const anna = await till.member();
    await till.sell(anna, tea(1000));
    await till.sell(anna, tea(100.5), { redeem: 100 });
    expect(await till.figures(anna)).toEqual(figures({}));
    expect(await house.ok('GET', `/v1/members/${anna}/tier`)).toMatchObject({ tier: 'gold' });
    const rich = await till.member();
    await till.grant(rich, 50_000);
    expect(await house.ok('GET', `/v1/members/${rich}/tier`)).toMatchObject({ tier: 'base' });
  });

  it('mall #1003: one coupon on five orders, negative totals: one order has it, and no total is below zero', async () => {
    const answers = [];
    for (let order = 0; order < 5; order += 1)
      answers.push(await till.hold(till.newId(), null, tea(100), { promo_codes: ['МИНУС'], order: true }));
    expect(answers.map(({ totals }) => totals.promotion_discount)).toEqual([9_999, 0, 0, 0, 0]);
    // The lowest price is one kopeck (R14).
    expect(answers.map(({ totals }) => totals.paid)).toEqual([1, 10_000, 10_000, 10_000, 10_000]);
  });

  it('Medusa #15360: duplicate adjustments: a cart edited ten times has its discount once', async () => {
    const anna = await till.member();
    const id = till.newId();
    await till.hold(id, anna, tea(100), { promo_codes: ['один раз'] });
    for (let edit = 0; edit < 10; edit += 1) await till.edit(id, anna, tea(200 + edit), { promo_codes: ['один раз'] });
    const sold = await till.confirm(id);
    expect(sold).toMatchObject({ totals: { sum: 209_00, promotion_discount: 20_90, paid: 188_10 } });
    expect(await house.ok('GET', '/v1/promo-codes/один-раз')).toMatchObject({ uses: 1 });
  });

  it('Vendure #4353: limits ignored without a code: a promotion without a code is limited too', async () => {
    const receipts = [];
    for (let sale = 0; sale < 5; sale += 1) receipts.push(await till.sell(null, tea(7777)));
    expect(receipts.filter(({ totals }) => totals.promotion_discount > 0)).toHaveLength(3);
  });

  it('Vendure #1466: usage not returned on cancel: a cancelled order gives its code and its slot back', async () => {
    const { code } = await house.ok('POST', '/v1/promo-codes', { code: 'ОТМЕНА', promotion: 'once', uses_max: 1 });
    for (let order = 0; order < 3; order += 1) {
      const id = till.newId();
      const held = await till.hold(id, null, tea(100), { promo_codes: [code] });
      expect(held['totals'].promotion_discount).toBe(10_00);
      expect(await house.ok('GET', `/v1/promo-codes/${code}`)).toMatchObject({ uses: 1 });
      await till.cancel(id);
      expect(await house.ok('GET', `/v1/promo-codes/${code}`)).toMatchObject({ uses: 0 });
    }
  });

  it('Medusa #16595: usage given back without a lock: a code given back 16 times at once is given back once', async () => {
    const { code } = await house.ok('POST', '/v1/promo-codes', { code: 'ВОЗВРАТ', promotion: 'once', uses_max: 2 });
    await till.sell(null, tea(100), { promo_codes: [code] });
    const id = till.newId();
    await till.hold(id, null, tea(100), { promo_codes: [code] });
    await Promise.all(Array.from({ length: 16 }, () => till.cancel(id)));
    expect(await house.ok('GET', `/v1/promo-codes/${code}`)).toMatchObject({ uses: 1 });
  });

  it('Formance wallets PR #110: retry not deduplicated: points given by hand under one key are given once', async () => {
    const anna = await till.member();
    const give = () =>
      house.call(
        'POST',
        `/v1/members/${anna}/points`,
        { kind: 'grant', points: 70, reason: 'a gift' },
        { headers: { 'idempotency-key': 'gift-1' } },
      );
    const answers = await Promise.all(Array.from({ length: 8 }, give));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(new Set(answers.map(({ body }) => body['lot_id'])).size).toBe(1);
    expect(await till.figures(anna)).toEqual(figures({ available: 70 }));
  });
});
