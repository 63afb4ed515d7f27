import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type House, type Json, openHouse } from '../house.ts';
import { figures, item, type Till, tillOf } from './till.ts';

type Program = Parameters<House['publish']>[0];
const base = { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '10', redeem_rate: '50' };
const atOnce = 64;

describe('limits', () => {
  let house: House;
  let till: Till;
  let people: string[];

  beforeAll(async () => {
    house = await openHouse({ poolSize: 16 });
    till = tillOf(house);
    await house.shop('main');
    await house.product('TEA', 100_00);
    await publish({});
    people = await Promise.all(Array.from({ length: atOnce }, () => till.member()));
  });
  afterAll(() => house.close());

  const publish = (program: Program) => house.publish({ tiers: { list: [base] }, ...program });
  const tea = (rubles: number) => [item('TEA', rubles)];
  const confirm = (member: string, more = {}, rubles = 100) =>
    till.tryConfirm(till.newId(), { member: { member_id: member }, lines: tea(rubles), ...more });
  const all = (sale: (member: string, index: number) => Promise<Answer>) => Promise.all(people.map(sale));
  const discounted = (answers: readonly Answer[]) =>
    answers.filter(({ body }) => body['totals'].promotion_discount > 0).length;
  const discounts = (answers: readonly Answer[]) =>
    answers.reduce((sum, { body }) => sum + body['totals'].promotion_discount, 0);
  const statuses = (answers: readonly Answer[]) =>
    [200, 409].map((status) => answers.filter((answer) => answer.status === status).length);

  it('R25: of 64 sales at once exactly as many get a limited promotion as it allows', async () => {
    await publish({
      promotions: [
        { code: 'ten', name: 'Ten', limits: { total_uses: 10 }, effects: [{ kind: 'percent_off', percent: '10' }] },
      ],
    });
    const answers = await all((member) => confirm(member));
    expect(statuses(answers)).toEqual([atOnce, 0]);
    expect(discounted(answers)).toBe(10);
  });

  it('R25: a budget of money and one of points are used to the last unit, and no further', async () => {
    await publish({
      promotions: [
        {
          code: 'money',
          name: 'Money',
          limits: { total_money: 123_45 },
          effects: [{ kind: 'percent_off', percent: '10' }],
        },
        { code: 'points', name: 'Points', limits: { total_points: 77 }, effects: [{ kind: 'earn_fixed', points: 5 }] },
      ],
    });
    const answers = await all((member) => confirm(member));
    expect(statuses(answers)).toEqual([atOnce, 0]);
    expect(discounts(answers)).toBe(123_45);
    const used = (await house.ok('GET', '/v1/promotions/limits'))['items'] as Json[];
    const of = (promotion: string) => used.find((one) => one['promotion'] === promotion);
    expect(of('money')).toMatchObject({ money: { used: 123_45, forced: 0 } });
    expect(of('points')).toMatchObject({ points: { used: 77, forced: 0 } });
  });

  it('R25, R26: of 64 sales at once with one code exactly ten get it; a hold takes a slot, cancel and time-out give it back', async () => {
    await publish({
      promotions: [
        { code: 'coded', name: 'Coded', needs_code: true, effects: [{ kind: 'percent_off', percent: '20' }] },
      ],
    });
    await house.ok('POST', '/v1/promo-codes', { code: 'TEN', promotion: 'coded', uses_max: 10 });
    const more = { promo_codes: ['TEN'] };
    const held = await Promise.all(
      people.map((member, index) => {
        const id = `H-${index}`;
        const body = { id, shop: 'main', member: { member_id: member }, lines: tea(100), ...more };
        return house.call('POST', '/v1/checkout/hold', body);
      }),
    );
    expect(statuses(held)).toEqual([atOnce, 0]);
    expect(discounted(held)).toBe(10);
    const withCode = held.filter(({ body }) => body['totals'].promotion_discount > 0).map(({ body }) => body['id']);
    await Promise.all(withCode.slice(0, 4).map((id) => till.cancel(id)));
    await Promise.all(withCode.slice(4, 6).map((id) => till.confirm(id)));
    expect(await house.ok('GET', '/v1/promo-codes/TEN')).toMatchObject({ uses: 6 });
    house.clock.advance({ minutes: 16 });
    await house.runDue();
    expect(await house.ok('GET', '/v1/promo-codes/TEN')).toMatchObject({ uses: 2 });
    const answers = await all((member) => confirm(member, more));
    expect(statuses(answers)).toEqual([atOnce, 0]);
    expect(discounted(answers)).toBe(8);
  });

  it('R25: a limit per member holds when the member’s sales come at once', async () => {
    await publish({
      promotions: [
        {
          code: 'thrice',
          name: 'Thrice',
          limits: { per_member: 3 },
          effects: [{ kind: 'percent_off', percent: '10' }],
        },
      ],
    });
    const anna = await till.member();
    const answers = await Promise.all(Array.from({ length: 16 }, () => confirm(anna)));
    expect(discounted(answers)).toBe(3);
  });

  it('R10: of 64 redemptions of one balance at once exactly what fits succeeds', async () => {
    await publish({ earning: { default_rate: '0' }, tiers: { list: [{ ...base, earn_rate: '0' }] } });
    const anna = await till.member();
    await till.grant(anna, 60);
    await till.grant(anna, 45, { days: 3 });
    const answers = await all(() => confirm(anna, { redeem: 10 }));
    expect(statuses(answers)).toEqual([10, atOnce - 10]);
    expect(new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body['code']))).toEqual(
      new Set(['not_enough_points']),
    );
    expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
    expect((await till.entries(anna)).filter((entry) => entry['kind'] === 'redeem').length).toBeGreaterThanOrEqual(10);
  });

  it('R10, R18: of 64 holds of one balance at once exactly what fits is set aside; R19: paid ones all stand', async () => {
    const anna = await till.member();
    await till.grant(anna, 100);
    const holds = await Promise.all(
      Array.from({ length: atOnce }, () =>
        house.call('POST', '/v1/checkout/hold', {
          ...{ id: till.newId(), shop: 'main', member: { member_id: anna }, lines: tea(100), redeem: 10 },
        }),
      ),
    );
    expect(statuses(holds)).toEqual([10, atOnce - 10]);
    expect(await till.figures(anna)).toEqual(figures({ reserved: 100 }));
    const paid = await Promise.all(Array.from({ length: 8 }, () => confirm(anna, { redeem: 10, paid: true })));
    expect(statuses(paid)).toEqual([8, 0]);
    expect(await till.figures(anna)).toEqual(figures({ reserved: 100, debt: 80 }));
  });

  it('R20: 16 times the same call at once is one: a sale, a hold, its confirm, its part, a return', async () => {
    await publish({});
    const anna = await till.member();
    await till.grant(anna, 100);
    const sixteen = async (path: string, body: Json) => {
      const answers = await Promise.all(Array.from({ length: 16 }, () => house.call('POST', path, body)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 200));
      expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    };
    const sale = { shop: 'main', member: { member_id: anna }, lines: tea(100) };
    await sixteen('/v1/checkout/confirm', { id: 'P-1', ...sale });
    await sixteen('/v1/checkout/hold', { id: 'P-2', ...sale, redeem: 'max' });
    await sixteen('/v1/checkout/confirm', { id: 'P-2', shop: 'main' });
    await sixteen('/v1/checkout/hold', { id: 'P-3', ...sale, redeem: 'max', order: true });
    await sixteen('/v1/checkout/confirm', { id: 'P-3', shop: 'main', part_id: 'P-3-a', lines: tea(100) });
    await sixteen('/v1/checkout/return', { id: 'P-4', shop: 'main', receipt: { id: 'P-1' } });
    await sixteen('/v1/checkout/hold', { id: 'P-5', ...sale, redeem: 'max' });
    await sixteen('/v1/checkout/cancel', { id: 'P-5', shop: 'main' });
    expect(await till.figures(anna)).toEqual(figures({ available: 10 }));
  });

  it('R22: 16 returns of one piece of four at once: four succeed', async () => {
    const anna = await till.member();
    const sold = await till.sell(anna, [item('TEA', 400, 4)]);
    const answers = await Promise.all(
      Array.from({ length: 16 }, () =>
        house.call('POST', '/v1/checkout/return', {
          ...{ id: till.newId(), shop: 'main', receipt: { id: sold['id'] } },
          lines: [{ line_id: '1', quantity: 1000 }],
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('R30: over the program’s limits of a member’s day the sale passes and is flagged; the next day is a new one', async () => {
    await publish({ limits: { earn_per_day: 25, redeem_per_day: 30 } });
    const anna = await till.member();
    await till.grant(anna, 200);
    const sell = (more = {}) => till.sell(anna, tea(100), more);
    expect(await sell()).toMatchObject({ totals: { earned_points: 10 }, flags: [] });
    expect(await sell()).toMatchObject({ totals: { earned_points: 10 }, flags: [] });
    expect(await sell()).toMatchObject({ totals: { earned_points: 5 }, flags: ['earning_limit_reached'] });
    expect(await sell({ redeem: 20 })).toMatchObject({ totals: { redeemed_points: 20, earned_points: 0 } });
    const over = await sell({ redeem: 'max' });
    expect(over).toMatchObject({ totals: { redeemed_points: 10 } });
    expect(over['flags']).toContain('redeeming_limit_reached');
    // What the till printed stands (R19, R21).
    const printed = await sell({ redeem: 40, paid: true });
    expect(printed).toMatchObject({ totals: { redeemed_points: 40 } });
    expect(printed['flags']).toContain('over_redeem_limit');
    house.clock.advance({ days: 1 });
    expect(await sell({ redeem: 'max' })).toMatchObject({
      totals: { redeemed_points: 30, earned_points: 7 },
      flags: ['redeeming_limit_reached'],
    });
  });

  it('R30: a blocked member neither earns nor spends; a cashier’s own card alerts', async () => {
    await publish({});
    const anna = await till.member();
    await till.grant(anna, 50);
    await house.ok('POST', `/v1/members/${anna}/block`, { reason: 'a story' });
    const sold = await till.sell(anna, tea(100), { redeem: 'max' });
    expect(sold).toMatchObject({ totals: { redeemed_points: 0, earned_points: 0 }, flags: ['member_blocked'] });
    expect(await till.figures(anna)).toEqual(figures({ available: 50 }));
    const cashier = await till.member();
    await house.ok('PATCH', `/v1/members/${cashier}`, { staff: true });
    expect((await till.sell(cashier, tea(100), { cashier: 'C-7' }))['flags']).toContain('staff_card');
  });

  it('and the books are clean', async () => {
    expect(await house.auditProblems()).toEqual([]);
  });
});
