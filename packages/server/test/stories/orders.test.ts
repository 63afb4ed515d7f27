import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, type Json, openHouse } from '../house.ts';
import { figures, item, type Till, tillOf } from './till.ts';

const base = { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '10', redeem_rate: '50' };

describe('orders', () => {
  let house: House;
  let till: Till;

  beforeAll(async () => {
    house = await openHouse();
    till = tillOf(house);
    await house.shop('main');
    await house.product('TEA', 100_00);
    await house.product('CUP', 50_00);
    await house.publish({
      tiers: { list: [base] },
      promotions: [
        {
          code: 'once',
          name: 'Once',
          needs_code: true,
          limits: { total_uses: 1 },
          effects: [{ kind: 'percent_off', percent: '10' }],
        },
        {
          code: 'come-back',
          name: 'Come back',
          conditions: [{ kind: 'receipt_sum', from: 300_00 }],
          effects: [{ kind: 'next_code', promotion: 'next', days: 30 }],
        },
        { code: 'next', name: 'Next', needs_code: true, effects: [{ kind: 'percent_off', percent: '15' }] },
      ],
    });
    await house.ok('POST', '/v1/promo-codes', { code: 'ONCE', promotion: 'once', uses_max: 1 });
  });
  afterAll(() => house.close());

  const cart = [
    { ...item('TEA', 300, 3), line_id: 'tea' },
    { ...item('CUP', 100, 2), line_id: 'cup' },
  ];
  const pieces = (tea: number, cup: number) =>
    [
      { ...item('TEA', 100 * tea, tea), line_id: 'tea' },
      { ...item('CUP', 50 * cup, cup), line_id: 'cup' },
    ].filter((line) => line.quantity > 0);

  async function ordered(more: Json = {}) {
    const anna = await till.member();
    await till.grant(anna, 101);
    const id = till.newId();
    await till.hold(id, anna, cart, { redeem: 'max', order: true, ...more });
    return { anna, id };
  }
  const ship = (id: string, part: string, lines: readonly Json[], more: Json = {}) =>
    till.confirm(id, { part_id: `${id}-${part}`, lines, more_to_come: true, ...more });

  it('R24: shipped in parts, an order comes to the same as in one', async () => {
    const whole = await ordered();
    const one = await till.confirm(whole.id);
    const { anna, id } = await ordered();
    const parts = [
      await ship(id, 'a', pieces(1, 0)),
      await ship(id, 'b', pieces(1, 1)),
      await ship(id, 'c', pieces(1, 1), { more_to_come: false }),
    ];
    const sum = (field: string) => parts.reduce((total, part) => total + part['totals'][field], 0);
    for (const field of ['sum', 'paid', 'redeemed_points', 'redeemed_money', 'earned_points'])
      expect([field, sum(field)]).toEqual([field, one['totals'][field]]);
    expect(await till.figures(anna)).toEqual(await till.figures(whole.anna));
    expect(parts.flatMap((part) => part['next_codes'])).toHaveLength(one['next_codes'].length);
  });

  it('R24: a repeat of a part answers the same; more than was ordered is refused and changes nothing', async () => {
    const { anna, id } = await ordered();
    const first = await ship(id, 'a', pieces(2, 0));
    expect(await ship(id, 'a', pieces(2, 0))).toEqual(first);
    const before = await till.figures(anna);
    expect(await till.tryConfirm(id, { part_id: `${id}-b`, lines: pieces(2, 0), more_to_come: true })).toMatchObject({
      status: 422,
    });
    expect(await till.figures(anna)).toEqual(before);
  });

  it('R24: the rest may be confirmed under the order’s own id, and is not counted twice', async () => {
    const { anna, id } = await ordered();
    const first = await ship(id, 'a', pieces(1, 1));
    const rest = await till.confirm(id);
    expect(first['totals'].sum + rest['totals'].sum).toBe(400_00);
    expect(first['totals'].redeemed_points + rest['totals'].redeemed_points).toBe(101);
    expect(await till.figures(anna)).toEqual(
      figures({ available: first['totals'].earned_points + rest['totals'].earned_points }),
    );
    expect(await till.confirm(id)).toEqual(rest);
  });

  it('R24: when all of it went in parts, there is no rest to confirm', async () => {
    const { anna, id } = await ordered();
    await ship(id, 'a', pieces(1, 1));
    await ship(id, 'b', pieces(2, 1));
    const before = await till.figures(anna);
    expect(await till.tryConfirm(id, { paid: true })).toMatchObject({
      status: 409,
      body: { code: 'already_confirmed' },
    });
    expect(await till.figures(anna)).toEqual(before);
  });

  it('R24: what was not shipped is given up; an order that went in part is not edited any more', async () => {
    const { anna, id } = await ordered();
    const part = await ship(id, 'a', pieces(1, 0));
    expect(
      await house.call('PUT', '/v1/checkout/hold', {
        id,
        shop: 'main',
        member: { member_id: anna },
        lines: cart,
        order: true,
      }),
    ).toMatchObject({ status: 409, body: { code: 'already_confirmed' } });
    expect(await till.cancel(id)).toMatchObject({ state: 'shipped' });
    expect(await till.figures(anna)).toEqual(
      figures({ available: 101 - part['totals'].redeemed_points + part['totals'].earned_points }),
    );
  });

  it.each([{ end: 'cancel' }, { end: 'time-out' }])(
    'R25, R26: a code used by an order that went in part stays used after its $end; it comes back with the last part returned',
    async ({ end }) => {
      const { id } = await ordered({ promo_codes: ['ONCE'] });
      await ship(id, 'a', pieces(1, 0));
      await ship(id, 'b', pieces(1, 1));
      if (end === 'cancel') await till.cancel(id);
      else {
        house.clock.advance({ days: 16 });
        await house.runDue();
      }
      const uses = async () => (await house.ok('GET', '/v1/promo-codes/ONCE'))['uses'];
      expect(await uses()).toBe(1);
      await till.giveBack(`${id}-a`);
      expect(await uses()).toBe(1);
      await till.giveBack(`${id}-b`);
      expect(await uses()).toBe(0);
    },
  );

  it('R24, R19: a part after the time-out: its points, flagged', async () => {
    const { anna, id } = await ordered();
    await ship(id, 'a', pieces(1, 0));
    house.clock.advance({ days: 16 });
    await house.runDue();
    const { available } = await till.figures(anna);
    const part = await ship(id, 'b', pieces(2, 2), { more_to_come: false, paid: true });
    expect(part['flags']).toEqual(['part', 'hold_ended']);
    const { redeemed_points: spent, earned_points: earned } = part['totals'];
    expect(await till.figures(anna)).toEqual(figures({ available: available - spent + earned }));
  });

  it('R22, R24: every part returned, nothing of the order is left', async () => {
    const { anna, id } = await ordered();
    await ship(id, 'a', pieces(1, 1));
    await ship(id, 'b', pieces(2, 1), { more_to_come: false });
    await till.giveBack(`${id}-b`, { lines: [{ line_id: 'tea', quantity: 1000 }] });
    await till.giveBack(`${id}-a`);
    await till.giveBack(`${id}-b`);
    expect(await till.figures(anna)).toEqual(figures({ available: 101 }));
  });

  it('R24: other weights: the points paid shrink to the limit, the rest of the hold is released', async () => {
    const { anna, id } = await ordered();
    const sale = await till.confirm(id, { lines: pieces(1, 1) });
    expect(sale).toMatchObject({
      totals: { sum: 150_00, redeemed_points: 75, paid: 75_00 },
      flags: ['differs_from_hold'],
    });
    expect(await till.figures(anna)).toEqual(figures({ available: 101 - 75 + 7 }));
  });

  it('R24: an exchange is a return and a sale in one: what comes back pays for what goes', async () => {
    const anna = await till.member();
    await till.grant(anna, 50);
    const sold = await till.sell(anna, [item('TEA', 100)], { redeem: 'max' });
    expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
    const [back, sale] = [till.newId(), till.newId()];
    const body = {
      return: { id: back, shop: 'main', receipt: { id: sold['id'] } },
      sale: { id: sale, shop: 'main', member: { member_id: anna }, lines: [item('CUP', 100, 2)], redeem: 50 },
    };
    const exchanged = await house.ok('POST', '/v1/checkout/exchange', body);
    expect(exchanged).toMatchObject({
      return: { money_returned: 5000, points_given_back: 50, points_taken_back: 5 },
      sale: { totals: { paid: 5000, redeemed_points: 50 } },
      difference: 0,
    });
    expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
    expect(await house.ok('POST', '/v1/checkout/exchange', body)).toEqual(exchanged);
  });

  it('and the books are clean', async () => {
    expect(await house.auditProblems()).toEqual([]);
  });
});
