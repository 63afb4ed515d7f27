import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, houseZone, type Json, openHouse } from '../house.ts';
import { figures, item, type Line, type Till, tillOf } from './till.ts';

type Program = Parameters<House['publish']>[0];
const base = { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '10', redeem_rate: '50' };
const gold = {
  code: 'gold',
  name: { ru: 'Золотой', en: 'Gold' },
  rank: 1,
  earn_rate: '20',
  conditions: { any: [{ figure: 'money_paid', at_least: 5000_00 }] },
};
const tiers = { list: [base, gold] };

describe('returns', () => {
  let house: House;
  let till: Till;

  beforeAll(async () => {
    house = await openHouse();
    till = tillOf(house);
    await house.shop('main');
    await house.product('TEA', 100_00);
    await house.product('CUP', 50_00);
    await house.product('POT', 77_00);
  });
  afterAll(() => house.close());

  const publish = (program: Program) => house.publish({ tiers, ...program });
  const after = async (duration: { days?: number; hours?: number }) => {
    house.clock.advance(duration);
    await house.runDue();
  };
  const tea = (rubles: number, pieces = 1) => [item('TEA', rubles, pieces)];

  it('R22: before activation pending points are taken, first of all', async () => {
    await publish({
      earning: { delay: { hours: 24 } },
      promotions: [
        {
          code: 'now',
          name: 'At once',
          effects: [{ kind: 'earn_fixed', points: 10 }],
          points: { delay: { hours: 0 } },
        },
      ],
    });
    const anna = await till.member();
    const sold = await till.sell(anna, tea(200, 2));
    expect(await till.figures(anna)).toEqual(figures({ available: 10, pending: 20 }));
    const half = await till.giveBack(sold['id'], { lines: [{ line_id: '1', quantity: 1000 }] });
    expect(half).toMatchObject({ points_taken_back: 15, debt_made: 0 });
    expect(await till.figures(anna)).toEqual(figures({ available: 10, pending: 5 }));
    await till.giveBack(sold['id']);
    expect(await till.figures(anna)).toEqual(figures({}));
    await after({ hours: 24 });
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('R22: other available points pay for what was spent while this receipt’s own are pending no more', async () => {
    await publish({ earning: { delay: { hours: 24 } } });
    const anna = await till.member();
    const first = await till.sell(anna, tea(500));
    await after({ hours: 24 });
    await till.sell(anna, tea(100), { redeem: 50 });
    expect(await till.figures(anna)).toEqual(figures({ pending: 5 }));
    // Pending points of another receipt are not available: the rest is a debt, paid at the very instant they start.
    expect(await till.giveBack(first['id'])).toMatchObject({ points_taken_back: 50, debt_made: 50 });
    expect(await till.figures(anna)).toEqual(figures({ pending: 5, debt: 50 }));
    house.clock.advance({ hours: 23, minutes: 59 });
    expect(await till.figures(anna)).toEqual(figures({ pending: 5, debt: 50 }));
    house.clock.advance({ minutes: 1 });
    expect(await till.figures(anna)).toEqual(figures({ debt: 45 }));
    await till.grant(anna, 100);
    expect(await till.figures(anna)).toEqual(figures({ available: 55 }));
  });

  it('R10: two pending lots and a grant that pays no debts: each start pays at its own instant, without due work', async () => {
    await publish({ earning: { delay: { hours: 24 } } });
    const anna = await till.member();
    const first = await till.sell(anna, tea(500));
    await after({ hours: 24 });
    await till.sell(anna, tea(1000), { redeem: 50 });
    await till.grant(anna, 30, { pays_debt: false });
    const now = house.clock.now();
    await till.grant(anna, 20, { pays_debt: false, starts_at: now.add({ hours: 1 }).toString() });
    await till.grant(anna, 15, { starts_at: now.add({ hours: 2 }).toString() });
    await till.giveBack(first['id']);
    // 30 of the 50 come from other points whatever they may pay: only debts ask (R10, R22).
    expect(await till.figures(anna)).toEqual(figures({ pending: 95 + 20 + 15, debt: 20 }));
    house.clock.advance({ hours: 1 });
    expect(await till.figures(anna)).toEqual(figures({ available: 20, pending: 95 + 15, debt: 20 }));
    house.clock.advance({ hours: 1 });
    expect(await till.figures(anna)).toEqual(figures({ available: 20, pending: 95, debt: 5 }));
    house.clock.advance({ hours: 22 });
    expect(await till.figures(anna)).toEqual(figures({ available: 20 + 90 }));
    await house.runDue();
    expect(await till.figures(anna)).toEqual(figures({ available: 110 }));
  });

  /** 100 points earned, 60 of them spent, 40 burned. */
  async function spentAndBurned() {
    const anna = await till.member();
    const sold = await till.sell(anna, tea(1000, 10));
    await till.sell(anna, tea(600), { redeem: 60 });
    await after({ days: 11 });
    return { anna, id: sold['id'] as string };
  }

  it('R22, R11: after part was spent and part burned: what burned is gone, what was spent comes from other points, then debt', async () => {
    await publish({ earning: { term: { kind: 'days', days: 10 } } });
    const { anna, id } = await spentAndBurned();
    expect(await till.figures(anna)).toEqual(figures({}));
    await till.grant(anna, 45);
    expect(await till.giveBack(id)).toMatchObject({
      points_burned_already: 40,
      points_taken_back: 60,
      debt_made: 15,
      balance_change: -60,
    });
    expect(await till.figures(anna)).toEqual(figures({ debt: 15 }));
  });

  it('R22: the same in parts', async () => {
    const { anna, id } = await spentAndBurned();
    await till.grant(anna, 45);
    const part = () => till.giveBack(id, { lines: [{ line_id: '1', quantity: 3000 }] });
    expect(await part()).toMatchObject({ points_burned_already: 30, points_taken_back: 0 });
    expect(await part()).toMatchObject({ points_burned_already: 10, points_taken_back: 20, debt_made: 0 });
    expect(await part()).toMatchObject({ points_burned_already: 0, points_taken_back: 30, debt_made: 5 });
    await till.giveBack(id);
    expect(await till.figures(anna)).toEqual(figures({ debt: 15 }));
  });

  it('R22: by the setting, what was spent is a debt at once', async () => {
    await publish({ earning: { term: { kind: 'days', days: 10 } }, returns: { take_back_from: 'debt' } });
    const { anna, id } = await spentAndBurned();
    await till.grant(anna, 45);
    expect(await till.giveBack(id)).toMatchObject({ points_burned_already: 40, debt_made: 60 });
    expect(await till.figures(anna)).toEqual(figures({ available: 45, debt: 60 }));
    await till.grant(anna, 10);
    expect(await till.figures(anna)).toEqual(figures({ available: 45, debt: 50 }));
  });

  it.each([
    { days: 7, lives: 7 },
    { days: 30, lives: 14 },
  ])(
    'R22: redeemed points go back to a lot that has ended: it lives $lives days ($days days of its own)',
    async ({ days, lives }) => {
      await publish({});
      const anna = await till.member();
      await till.grant(anna, 50, { days });
      const sold = await till.sell(anna, tea(100), { redeem: 50 });
      await after({ days: 40 });
      expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
      await till.giveBack(sold['id']);
      expect(await till.figures(anna)).toEqual(figures({ available: 50 }));
      const lot = (await till.lots(anna)).find((one) => one['amount'] === 50) as Json;
      const end = house.clock.now().toZonedDateTimeISO(houseZone).toPlainDate().add({ days: lives });
      // By its own term to the hour, else to the end of the 14th day.
      const lastMoment = Temporal.Instant.from(lot['burns_at'] as string).subtract({ nanoseconds: 1 });
      const lastDay = lastMoment.toZonedDateTimeISO(houseZone).toPlainDate();
      expect([end.toString(), end.add({ days: 1 }).toString()]).toContain(lastDay.toString());
      await after({ days: lives + 1 });
      expect(await till.figures(anna)).toEqual(figures({}));
    },
  );

  it('R22: points that return to a voided lot pay its debt first, though its grant pays none', async () => {
    await publish({ earning: { pays_debt: false } });
    const anna = await till.member();
    const earning = await till.sell(anna, tea(1000));
    const spending = await till.sell(anna, tea(200), { redeem: 100 });
    await till.giveBack(earning['id']);
    // The 10 of the second sale were taken, 90 are owed.
    expect(await till.figures(anna)).toEqual(figures({ debt: 90 }));
    expect(await till.giveBack(spending['id'])).toMatchObject({ points_given_back: 100 });
    // 100 came back: 90 paid the debt, and its own 10 were taken from the rest.
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('R22, R16: gains of the whole receipt go back in proportion', async () => {
    await publish({
      promotions: [
        {
          code: 'big',
          name: 'Big receipt',
          conditions: [{ kind: 'receipt_sum', from: 1000_00 }],
          effects: [{ kind: 'earn_fixed', points: 300 }],
        },
      ],
    });
    const anna = await till.member();
    const sold = await till.sell(anna, tea(1000, 10));
    expect(await till.figures(anna)).toEqual(figures({ available: 400 }));
    await till.giveBack(sold['id'], { lines: [{ line_id: '1', quantity: 1000 }] });
    expect(await till.figures(anna)).toEqual(figures({ available: 360 }));
    await till.giveBack(sold['id'], { sum: 450_00 });
    expect(await till.figures(anna)).toEqual(figures({ available: 180 }));
    await till.giveBack(sold['id']);
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('R22: by the setting "all", once the condition fails, all of the gain goes, and nothing goes twice', async () => {
    await publish({
      returns: { receipt_gains: 'all' },
      promotions: [
        {
          code: 'big',
          name: 'Big receipt',
          conditions: [{ kind: 'receipt_sum', from: 800_00 }],
          effects: [{ kind: 'earn_fixed', points: 300 }],
        },
      ],
    });
    const anna = await till.member();
    const sold = await till.sell(anna, tea(1000, 10));
    const back = (quantity: number) => till.giveBack(sold['id'], { lines: [{ line_id: '1', quantity }] });
    // 800 are left and still earn it: the share of what came back goes.
    await back(2000);
    expect(await till.figures(anna)).toEqual(figures({ available: 320 }));
    await back(1000);
    expect(await till.figures(anna)).toEqual(figures({ available: 70 }));
    await back(3000);
    expect(await till.figures(anna)).toEqual(figures({ available: 40 }));
    await till.giveBack(sold['id']);
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('R22: a code for next time is cancelled with the whole receipt, unless it was used', async () => {
    await publish({
      promotions: [
        {
          code: 'come-back',
          name: 'Come back',
          conditions: [{ kind: 'receipt_sum', from: 500_00 }],
          effects: [{ kind: 'next_code', promotion: 'next', days: 30 }],
        },
        { code: 'next', name: 'Next', needs_code: true, effects: [{ kind: 'percent_off', percent: '15' }] },
      ],
    });
    const anna = await till.member();
    const [unused, used] = [await till.sell(anna, tea(500, 5)), await till.sell(anna, tea(500))];
    const codeOf = (sold: Json) => sold['next_codes'][0].code as string;
    const stateOf = async (sold: Json) => (await house.ok('GET', `/v1/promo-codes/${codeOf(sold)}`))['state'];
    expect(await till.sell(anna, tea(100), { promo_codes: [codeOf(used)] })).toMatchObject({ totals: { paid: 8500 } });
    await till.giveBack(unused['id'], { lines: [{ line_id: '1', quantity: 1000 }] });
    expect(await stateOf(unused)).toBe('usable');
    await till.giveBack(unused['id']);
    await till.giveBack(used['id']);
    expect(await stateOf(unused)).toBe('cancelled');
    expect(await till.quote(anna, tea(100), { promo_codes: [codeOf(unused)] })).toMatchObject({
      totals: { paid: 10_000 },
    });
  });

  it('R27: a receipt that raised the tier is returned: at once down within its window, nothing is re-rated', async () => {
    await publish({});
    const anna = await till.member();
    const tier = async () => (await till.quote(anna, tea(100)))['member'].tier as string;
    const sold = await till.sell(anna, tea(5000, 50));
    // The receipt that crosses is rated by the tier before it.
    expect(sold).toMatchObject({ totals: { earned_points: 500 }, member: { tier: 'gold' } });
    const between = await till.sell(anna, tea(100));
    expect(between).toMatchObject({ totals: { earned_points: 20 } });
    await till.giveBack(sold['id'], { lines: [{ line_id: '1', quantity: 1000 }] });
    expect(await tier()).toBe('gold');
    await till.giveBack(sold['id'], { lines: [{ line_id: '1', quantity: 1000 }] });
    expect(await tier()).toBe('base');
    expect(await till.figures(anna)).toEqual(figures({ available: 480 + 20 }));
    await till.giveBack(sold['id']);
    await till.giveBack(between['id']);
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('R27: after the window the tier stays', async () => {
    const anna = await till.member();
    const sold = await till.sell(anna, tea(5000));
    await after({ days: 16 });
    await till.giveBack(sold['id']);
    expect(await till.quote(anna, tea(100))).toMatchObject({ member: { tier: 'gold' } });
  });

  it('R9: the return of the last purchase moves the deadline back and leaves 14 days', async () => {
    await publish({ earning: { term: { kind: 'inactivity', days: 30 } } });
    const anna = await till.member();
    await till.sell(anna, tea(1000));
    await after({ days: 28 });
    const last = await till.sell(anna, tea(500));
    await after({ days: 5 });
    expect(await till.figures(anna)).toEqual(figures({ available: 150 }));
    await till.giveBack(last['id']);
    expect(await till.figures(anna)).toEqual(figures({ available: 100 }));
    await after({ days: 14 });
    expect(await till.figures(anna)).toEqual(figures({ available: 100 }));
    await after({ days: 1 });
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('R22: it concerns the receipt’s member, blocked or merged since; R20: a repeat answers the same', async () => {
    await publish({});
    const [anna, boris] = [await till.member(), await till.member()];
    await till.grant(anna, 50);
    const sold = await till.sell(anna, tea(100), { redeem: 'max' });
    const other = await till.sell(anna, tea(200));
    await house.ok('POST', `/v1/members/${anna}/block`, { reason: 'a story' });
    await till.giveBack(sold['id']);
    expect(await till.figures(anna)).toEqual(figures({ available: 70 }));
    await house.ok('POST', `/v1/members/${anna}/unblock`);
    await house.ok('POST', `/v1/members/${boris}/merge`, { absorbed_id: anna });
    const id = till.newId();
    const back = { id, shop: 'main', receipt: { id: other['id'] } };
    const answer = await house.ok('POST', '/v1/checkout/return', back);
    expect(answer).toMatchObject({ points_taken_back: 20, member: { balance: { available: 50 } } });
    expect(await house.ok('POST', '/v1/checkout/return', back)).toEqual(answer);
    expect(await house.call('POST', '/v1/checkout/return', { ...back, sum: 100 })).toMatchObject({
      status: 409,
      body: { code: 'other_content' },
    });
    expect(await till.figures(boris)).toEqual(figures({ available: 50 }));
  });

  it('R32, R22: sold while merged with another’s points, returned after they parted: the points are the receipt’s member’s', async () => {
    await publish({});
    const [anna, boris] = [await till.member(), await till.member()];
    await till.grant(anna, 50);
    await till.grant(boris, 80);
    const id = till.newId();
    await till.hold(id, anna, tea(100), { redeem: 'max' });
    await after({ hours: 1 });
    await till.sell(anna, tea(100), { redeem: 50 });
    const merge = await house.ok('POST', `/v1/members/${boris}/merge`, { absorbed_id: anna });
    await till.confirm(id, { paid: true });
    const together = await till.figures(boris);
    await house.ok('POST', `/v1/members/${boris}/unmerge`, { merge_id: merge['merge_id'] });
    await till.giveBack(id);
    const apart = [await till.figures(anna), await till.figures(boris)];
    const net = apart.reduce((sum, one) => sum + one.available - one.debt, 0);
    expect(net).toBe(together.available + 50 - 5);
    expect(await house.auditProblems()).toEqual([]);
  });

  it('R32, R22: a lot that moved before its start, was spent, and its member parted: points that come back are spendable', async () => {
    await publish({});
    const [anna, boris] = [await till.member(), await till.member()];
    await till.grant(anna, 60, { starts_at: house.clock.now().add({ hours: 1 }).toString() });
    const id = till.newId();
    await till.grant(anna, 50);
    await till.hold(id, anna, tea(100), { redeem: 'max' });
    const merge = await house.ok('POST', `/v1/members/${boris}/merge`, { absorbed_id: anna });
    await after({ hours: 2 });
    // The 50 that were held are spent elsewhere: the late confirm takes of the 60, which have started by now.
    await till.sell(boris, tea(100), { redeem: 50 });
    await till.confirm(id, { paid: true });
    await till.sell(boris, tea(100), { redeem: 'max' });
    await house.ok('POST', `/v1/members/${boris}/unmerge`, { merge_id: merge['merge_id'] });
    await till.giveBack(id);
    expect(await till.figures(anna)).toMatchObject({ pending: 0, reserved: 0 });
    expect(await house.auditProblems()).toEqual([]);
  });

  describe('in parts', () => {
    const carts: { name: string; lines: Line[]; more?: Json }[] = [
      { name: 'one line', lines: tea(333, 7) },
      { name: 'twenty lines of 90 ₽', lines: Array.from({ length: 20 }, () => item('CUP', 90)) },
      {
        name: 'weights',
        lines: [
          { sku: 'TEA', sum: 12_345, quantity: 777 },
          { sku: 'POT', sum: 999, quantity: 1_333 },
        ],
      },
      { name: 'with points', lines: [item('TEA', 500, 5), item('CUP', 130, 3)], more: { redeem: 97 } },
      {
        name: 'paid wholly by points and discounts',
        lines: [item('POT', 77), item('CUP', 3)],
        more: { redeem: 'max' },
      },
      { name: 'a free line', lines: [{ ...item('TEA', 100, 2), till_discount: 100_00 }, item('CUP', 51, 3)] },
      { name: 'over the threshold', lines: [item('TEA', 1111, 11), item('POT', 231, 3)], more: { redeem: 111 } },
    ];
    const states = ['fresh', 'spent', 'burned', 'poor'] as const;

    beforeAll(() =>
      publish({
        earning: { term: { kind: 'days', days: 10 } },
        promotions: [
          {
            code: 'big',
            name: 'Big receipt',
            conditions: [{ kind: 'receipt_sum', from: 1000_00 }],
            effects: [{ kind: 'earn_fixed', points: 101 }],
          },
          {
            code: 'cups',
            name: 'Cups',
            conditions: [{ kind: 'line_match', products: { skus: ['CUP'] } }],
            effects: [
              { kind: 'percent_off', percent: '7' },
              { kind: 'earn_multiply', times: '3' },
            ],
            points: { delay: { days: 2 } },
          },
        ],
      }),
    );

    /** Two members with one history: the same sale, the same life afterwards. */
    async function twins(cart: (typeof carts)[number], state: (typeof states)[number]) {
      const members: { id: string; sold: Json }[] = [];
      for (const _ of ['at once', 'in parts']) {
        const id = await till.member();
        await till.grant(id, 60, { days: 60 });
        await till.grant(id, 90, { days: 5 });
        members.push({ id, sold: await till.sell(id, cart.lines, cart.more ?? {}) });
      }
      if (state === 'burned' || state === 'spent') await after({ days: 3 });
      for (const { id } of members) {
        const { available } = await till.figures(id);
        if (state === 'poor') await till.sell(id, tea(available * 2 + 2), { redeem: available });
        if (state === 'spent' || state === 'burned') await till.sell(id, tea(400), { redeem: Math.min(available, 35) });
      }
      if (state === 'burned') await after({ days: 10 });
      return members;
    }

    it.each(carts.flatMap((cart) => states.map((state) => ({ ...cart, state }))))(
      'R22: in parts = at once, at the same instant: $name, $state',
      async (shape) => {
        const [atOnce, inParts] = (await twins(shape, shape.state)) as [Twin, Twin];
        const answer = await till.giveBack(atOnce.sold['id']);
        const parts = partsOf(shape.lines, shape.state.length);
        let returned = 0;
        for (const part of parts) {
          const one = await till.giveBack(inParts.sold['id'], part === null ? {} : { lines: part });
          returned += one['money_returned'];
          if (one['complete']) break;
        }
        expect(returned).toBe(answer['money_returned']);
        expect(await till.figures(inParts.id)).toEqual(await till.figures(atOnce.id));
        expect(await remaining(inParts.id)).toEqual(await remaining(atOnce.id));
      },
    );

    interface Twin {
      readonly id: string;
      readonly sold: Json;
    }

    /** Some of each line by quantity, out of order; the last takes what is left. */
    function partsOf(lines: readonly Line[], seed: number): ({ line_id: string; quantity: number }[] | null)[] {
      const first = lines.flatMap((line, index) =>
        (index + seed) % 2 === 0 ? [{ line_id: String(index + 1), quantity: Math.ceil(line.quantity / 3) }] : [],
      );
      const second = lines.flatMap((line, index) =>
        (index + seed) % 3 === 0 ? [{ line_id: String(index + 1), quantity: Math.floor(line.quantity / 2) }] : [],
      );
      return [...[first, second].filter((part) => part.length > 0), null];
    }

    async function remaining(memberId: string) {
      return (await till.lots(memberId))
        .map((lot) => `${lot['rule']} ${lot['amount']} ${lot['burns_at']} left ${lot['remaining']}`)
        .sort();
    }
  });

  it('and the books are clean', async () => {
    expect(await house.auditProblems()).toEqual([]);
  });
});
