import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../house.ts';
import { figures, item, type Till, tillOf } from './till.ts';

const base = { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '10', redeem_rate: '50' };

/** The network is cut between the payment and the confirm; the till sends it when it can (R19). */
describe('a sale is a fact', () => {
  let house: House;
  let till: Till;

  beforeAll(async () => {
    house = await openHouse();
    till = tillOf(house);
    await house.shop('main');
    await house.shop('other');
    await house.product('TEA', 100_00);
    await house.publish({
      tiers: { list: [base] },
      promotions: [
        {
          code: 'ten-off',
          name: 'Ten off',
          needs_code: true,
          limits: { total_uses: 1 },
          effects: [{ kind: 'percent_off', percent: '10' }],
        },
      ],
    });
  });
  afterAll(() => house.close());

  const hundred = [item('TEA', 100)];

  /** A sale of 100 ₽ that holds 50 points, all that the member has. */
  async function held(granted = 50) {
    const anna = await till.member();
    await till.grant(anna, granted, { days: 60 });
    const id = till.newId();
    const sale = await till.hold(id, anna, hundred, { redeem: 'max' });
    expect(sale).toMatchObject({ state: 'held', totals: { redeemed_points: 50, paid: 5000 } });
    return { anna, id };
  }
  const after = async (minutes: number, options: { due: boolean }) => {
    house.clock.advance({ minutes });
    if (options.due) await house.runDue();
  };
  const spendAll = async (anna: string) => {
    const { available } = await till.figures(anna);
    await till.sell(anna, [item('TEA', available * 2)], { redeem: available });
  };

  it('R19: a cut shorter than the time-out leaves no trace', async () => {
    const { anna, id } = await held();
    await after(14, { due: true });
    const sale = await till.confirm(id);
    expect(sale).toMatchObject({ state: 'confirmed', flags: [], totals: { redeemed_points: 50, earned_points: 5 } });
    expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
  });

  it.each([{ due: true }, { due: false }])(
    'R19: after the time-out the very lots are taken while they are there, and the receipt is flagged (due work ran: $due)',
    async (options) => {
      const { anna, id } = await held();
      await after(16, options);
      expect(await till.figures(anna)).toEqual(figures({ available: 50 }));
      const sale = await till.confirm(id);
      expect(sale).toMatchObject({ state: 'confirmed', totals: { redeemed_points: 50, paid: 5000, earned_points: 5 } });
      expect(sale['flags']).toEqual(['hold_ended']);
      expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
      expect(await till.confirm(id)).toEqual(sale);
      await house.runDue();
      expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
    },
  );

  it.each([{ due: true }, { due: false }])(
    'R19: the lots were spent meanwhile: other available points pay (due work ran: $due)',
    async (options) => {
      const { anna, id } = await held();
      await after(16, options);
      await spendAll(anna);
      await till.grant(anna, 200);
      const sale = await till.confirm(id);
      expect(sale['flags']).toEqual(['hold_ended']);
      // 5 from the sale that spent the 50, 200 granted, less 50, plus 5.
      expect(await till.figures(anna)).toEqual(figures({ available: 160 }));
    },
  );

  it('R19, R10: nothing else is there: a debt, flagged, paid by the next points', async () => {
    const { anna, id } = await held();
    await after(16, { due: true });
    await spendAll(anna);
    const sale = await till.confirm(id);
    expect(sale['flags']).toEqual(['hold_ended', 'redeemed_on_credit']);
    // 5 of the sale between pay the first; 45 are owed, and the 5 of this sale pay again.
    expect(await till.figures(anna)).toEqual(figures({ debt: 40 }));
    await till.grant(anna, 100);
    expect(await till.figures(anna)).toEqual(figures({ available: 60 }));
  });

  it('R19: points that may be spent elsewhere only do not cover it', async () => {
    const { anna, id } = await held();
    await after(16, { due: true });
    await spendAll(anna);
    await till.grant(anna, 500, { restriction: { shops: ['other'] }, pays_debt: false });
    await till.confirm(id);
    expect(await till.figures(anna)).toEqual(figures({ available: 500, debt: 40 }));
  });

  it('R19: partly there: what is left of the lots, then other points, then a debt', async () => {
    const { anna, id } = await held();
    await after(16, { due: true });
    await till.sell(anna, [item('TEA', 60)], { redeem: 30 });
    const sale = await till.confirm(id);
    expect(sale['flags']).toContain('redeemed_on_credit');
    // 20 of the lot and 3 of the sale between; 27 owed, less the 5 it earned.
    expect(await till.figures(anna)).toEqual(figures({ debt: 22 }));
  });

  it.each([
    { name: 'a day later', minutes: 1440 * 2, day: 1 },
    { name: 'a week later', minutes: 1440 * 7, day: 3 },
  ])(
    'R19, R18: the lots burned after the time-out ($name): their burn is undone, for the sale is older',
    async ({ minutes, day }) => {
      const anna = await till.member();
      await till.grant(anna, 50, { days: day });
      await till.grant(anna, 70, { days: 90 });
      const id = till.newId();
      await till.hold(id, anna, hundred, { redeem: 'max' });
      await after(minutes, { due: true });
      expect(await till.figures(anna)).toEqual(figures({ available: 70 }));
      const sale = await till.confirm(id);
      expect(sale['flags']).toEqual(['hold_ended']);
      expect(await till.figures(anna)).toEqual(figures({ available: 75 }));
      expect((await till.entries(anna)).map((entry) => entry['kind'])).toContain('revive');
    },
  );

  it('R19: burned points that were not held are not touched', async () => {
    const { anna, id } = await held(50);
    await till.grant(anna, 80, { days: 1 });
    await after(1440 * 2, { due: true });
    await till.confirm(id);
    expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
    expect((await till.entries(anna)).map((entry) => entry['kind'])).not.toContain('revive');
  });

  it.each([{ due: true }, { due: false }])(
    'R19: the till sends the lines again after the time-out: it is still 50 points that were taken (due work ran: $due)',
    async (options) => {
      const { anna, id } = await held();
      await after(16, options);
      await spendAll(anna);
      const sale = await till.confirm(id, { lines: hundred, paid: true });
      expect(sale).toMatchObject({ totals: { redeemed_points: 50, paid: 5000 } });
      expect(sale['flags']).toEqual(expect.arrayContaining(['hold_ended', 'redeemed_on_credit']));
      expect(await till.figures(anna)).toEqual(figures({ debt: 40 }));
    },
  );

  it('R19, R24: other weights after the time-out: redemption shrinks to the limit, not to what is left', async () => {
    const { anna, id } = await held();
    await after(16, { due: true });
    await spendAll(anna);
    const sale = await till.confirm(id, { lines: [item('TEA', 80)], paid: true });
    expect(sale).toMatchObject({ totals: { redeemed_points: 40, paid: 4000 } });
    // 5 of the sale between, 35 owed, less the 4 it earned.
    expect(await till.figures(anna)).toEqual(figures({ debt: 31 }));
  });

  it('R19: a cancelled sale that was paid after all stands; without `paid` it is refused', async () => {
    const { anna, id } = await held();
    await till.cancel(id);
    expect(await till.figures(anna)).toEqual(figures({ available: 50 }));
    expect(await till.tryConfirm(id)).toMatchObject({ status: 409, body: { code: 'already_cancelled' } });
    const sale = await till.confirm(id, { paid: true });
    expect(sale).toMatchObject({ state: 'confirmed', totals: { redeemed_points: 50 } });
    expect(sale['flags']).toEqual(['hold_ended']);
    expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
  });

  it('R19, R30: the member was blocked between: what was held is spent and given', async () => {
    const { anna, id } = await held();
    await house.ok('POST', `/v1/members/${anna}/block`, { reason: 'a story' });
    await till.confirm(id);
    expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
  });

  it('R19, R22: the return of a sale on credit cancels the debt, and gives back what was paid of it', async () => {
    const { anna, id } = await held();
    await after(16, { due: true });
    await spendAll(anna);
    await till.confirm(id);
    expect(await till.figures(anna)).toEqual(figures({ debt: 40 }));
    await till.giveBack(id);
    // Nothing of this sale is left: the 5 of the sale between are the member's again.
    expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
  });

  it('R19, R25, R26: a code that another sale took meanwhile: both stand, and the limit says so', async () => {
    await house.ok('POST', '/v1/promo-codes', { code: 'ONCE', promotion: 'ten-off', uses_max: 1 });
    const anna = await till.member();
    const boris = await till.member();
    const id = till.newId();
    expect(await till.hold(id, anna, hundred, { promo_codes: ['once'] })).toMatchObject({ totals: { paid: 9000 } });
    expect(await till.quote(boris, hundred, { promo_codes: ['ONCE'] })).toMatchObject({ totals: { paid: 10_000 } });
    await after(16, { due: true });
    expect(await till.sell(boris, hundred, { promo_codes: ['o n-ce'] })).toMatchObject({ totals: { paid: 9000 } });
    expect(await till.confirm(id)).toMatchObject({ totals: { paid: 9000 }, flags: ['hold_ended'] });
    expect(await house.ok('GET', '/v1/promo-codes/ONCE')).toMatchObject({ uses: 2, uses_max: 1 });
    expect(await till.quote(boris, hundred, { promo_codes: ['ONCE'] })).toMatchObject({ totals: { paid: 10_000 } });
  });

  it('R19, R24: a limited promotion keeps its slot when the held sale is confirmed with other weights', async () => {
    await house.publish({
      tiers: { list: [base] },
      promotions: [
        {
          code: 'one-only',
          name: 'One only',
          limits: { total_uses: 1 },
          effects: [{ kind: 'percent_off', percent: '10' }],
        },
      ],
    });
    const anna = await till.member();
    const id = till.newId();
    await till.hold(id, anna, hundred);
    expect(await till.confirm(id, { lines: [item('TEA', 80)] })).toMatchObject({ totals: { paid: 7200 } });
    house.clock.advance({ seconds: 2 });
    expect(await till.quote(anna, hundred)).toMatchObject({ totals: { paid: 10_000 } });
    expect(await till.sell(anna, hundred)).toMatchObject({ totals: { paid: 10_000 } });
  });

  it('R19, R10: a program that forgives at once makes no debt', async () => {
    await house.publish({ tiers: { list: [base] }, debts: { forgive_at_once: true } });
    const { anna, id } = await held();
    await after(16, { due: true });
    await spendAll(anna);
    const sale = await till.confirm(id);
    expect(sale['flags']).toEqual(['hold_ended', 'redeemed_on_credit']);
    expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
  });

  it('and the books are clean', async () => {
    expect(await house.auditProblems()).toEqual([]);
  });
});
