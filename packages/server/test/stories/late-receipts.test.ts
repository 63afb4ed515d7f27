import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, type Json, openHouse } from '../house.ts';
import { figures, item, type Till, tillOf } from './till.ts';

type Program = Parameters<House['publish']>[0];
const base = { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '10', redeem_rate: '50' };

describe('receipts that come late', () => {
  let house: House;
  let till: Till;

  beforeAll(async () => {
    house = await openHouse();
    till = tillOf(house);
    await house.shop('main');
    await house.product('TEA', 100_00);
    await inactivity();
  });
  afterAll(() => house.close());

  const publish = (program: Program) => house.publish({ tiers: { list: [base] }, ...program });
  const inactivity = () => publish({ earning: { term: { kind: 'inactivity', days: 10 } } });
  const tea = (rubles: number, pieces = 1) => [item('TEA', rubles, pieces)];
  const days = async (count: number, due = true) => {
    house.clock.advance({ days: count });
    if (due) await house.runDue();
  };
  const ago = (duration: { days?: number; hours?: number; minutes?: number }) =>
    house.clock
      .now()
      .subtract({ hours: (duration.hours ?? 0) + 24 * (duration.days ?? 0), minutes: duration.minutes ?? 0 })
      .toString();

  describe.each([{ due: true }, { due: false }])('across an inactivity burn (due work ran: $due)', ({ due }) => {
    it('R21: its time was before the deadline: the burn is disproved, by entry, and the term is renewed', async () => {
      const anna = await till.member();
      await till.sell(anna, tea(1000));
      await days(12, due);
      expect(await till.figures(anna)).toEqual(figures({}));
      const late = await till.sell(anna, tea(500), { at: ago({ days: 4 }) });
      expect(late['flags']).toEqual(['late', 'burn_undone']);
      expect(await till.figures(anna)).toEqual(figures({ available: 150 }));
      // Renewed to the end of the 10th day after the late purchase: 6 more days.
      await days(6, due);
      expect(await till.figures(anna)).toEqual(figures({ available: 150 }));
      await days(1, due);
      expect((await till.figures(anna)).available).toBeLessThan(150);
    });

    it('R21: a purchase after the deadline revives nothing', async () => {
      const anna = await till.member();
      await till.sell(anna, tea(1000));
      await days(13, due);
      const late = await till.sell(anna, tea(500), { at: ago({ days: 1 }) });
      expect(late['flags']).toEqual(['late']);
      expect(await till.figures(anna)).toEqual(figures({ available: 50 }));
    });

    it('R21: what it redeemed burned since: the burn of so much is undone, and spent', async () => {
      await publish({});
      const anna = await till.member();
      await till.grant(anna, 50, { days: 2 });
      await days(4, due);
      expect(await till.figures(anna)).toEqual(figures({}));
      const late = await till.sell(anna, tea(100), { at: ago({ days: 2 }), paid: true, redeem: 30 });
      expect(late).toMatchObject({ totals: { redeemed_points: 30, paid: 7000 } });
      expect(await till.figures(anna)).toEqual(figures({ available: 7 }));
      const over = await till.sell(anna, tea(100), { at: ago({ days: 2 }), paid: true, redeem: 40 });
      expect(over['flags']).toContain('redeemed_on_credit');
      // 20 more had burned, 7 were there, 13 are owed, less the 6 of this sale.
      expect(await till.figures(anna)).toEqual(figures({ debt: 7 }));
      await inactivity();
    });

    it('R21, R19: a held sale whose confirm came late, with its own time, disproves as well', async () => {
      const anna = await till.member();
      await till.sell(anna, tea(1000));
      await days(9, due);
      const id = till.newId();
      await till.hold(id, anna, tea(100), { redeem: 'max' });
      const paidAt = house.clock.now().add({ minutes: 3 }).toString();
      await days(4, due);
      expect(await till.figures(anna)).toEqual(figures({}));
      const sale = await till.confirm(id, { at: paidAt, paid: true });
      expect(sale['flags']).toEqual(['hold_ended', 'burn_undone']);
      expect(await till.figures(anna)).toEqual(figures({ available: 100 - 50 + 5 }));
    });

    it('R21: two late receipts in any order leave the same', async () => {
      const [anna, boris] = [await till.member(), await till.member()];
      for (const one of [anna, boris]) await till.sell(one, tea(1000));
      await days(16, due);
      const times = [ago({ days: 8 }), ago({ days: 2 })];
      for (const at of times) await till.sell(anna, tea(100), { at });
      for (const at of times.toReversed()) await till.sell(boris, tea(100), { at });
      expect(await till.figures(boris)).toEqual(await till.figures(anna));
      expect(await till.figures(anna)).toEqual(figures({ available: 120 }));
    });
  });

  it('R21: it is rated by the version, promotions and tier of its own time; others are not re-rated', async () => {
    await publish({
      promotions: [{ code: 'old', name: 'Old', effects: [{ kind: 'earn_multiply', times: '3' }] }],
    });
    const anna = await till.member();
    house.clock.advance({ hours: 2 });
    await publish({});
    house.clock.advance({ hours: 1 });
    const now = await till.sell(anna, tea(100));
    const late = await till.sell(anna, tea(100), { at: ago({ hours: 2 }) });
    expect([now['totals'].earned_points, late['totals'].earned_points]).toEqual([10, 30]);
    expect(late['program_version']).toBe(now['program_version'] - 1);
  });

  it('R21: what the till printed stands, even over the limit; flagged', async () => {
    const anna = await till.member();
    await till.grant(anna, 100);
    const late = await till.sell(anna, tea(100), {
      at: ago({ hours: 5 }),
      paid: true,
      printed: { redeemed_points: 80, discount: 0 },
    });
    expect(late).toMatchObject({ totals: { redeemed_points: 80, paid: 2000 } });
    expect(late['flags']).toEqual(expect.arrayContaining(['late', 'over_redeem_limit']));
    expect(await till.figures(anna)).toEqual(figures({ available: 22 }));
  });

  it('R21: its points live at least 7 days after the arrival', async () => {
    await publish({ earning: { term: { kind: 'days', days: 3 } } });
    const anna = await till.member();
    await till.sell(anna, tea(100), { at: ago({ days: 20 }) });
    expect(await till.figures(anna)).toEqual(figures({ available: 10 }));
    house.clock.advance({ hours: 7 * 24 - 1 });
    expect(await till.figures(anna)).toEqual(figures({ available: 10 }));
    house.clock.advance({ hours: 1 });
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('R21: older than 30 days, or ahead of time, it waits for review and has no effect', async () => {
    await publish({});
    const anna = await till.member();
    const old = await till.sell(anna, tea(100), { at: ago({ days: 31 }), paid: true });
    const ahead = await till.sell(anna, tea(100), {
      at: house.clock.now().add({ minutes: 11 }).toString(),
      paid: true,
    });
    expect([old['state'], ahead['state']]).toEqual(['review', 'review']);
    expect(await till.figures(anna)).toEqual(figures({}));
    const decide = (sold: Json, decision: string) =>
      house.ok('POST', '/v1/checkout/review', { shop: 'main', id: sold['id'], decision });
    expect(await decide(old, 'accept')).toMatchObject({ state: 'confirmed' });
    expect(await decide(ahead, 'reject')).toMatchObject({ state: 'cancelled' });
    expect(await till.figures(anna)).toEqual(figures({ available: 10 }));
  });

  it('R23: a receipt without a member is claimed once, by its own time, and can be returned afterwards', async () => {
    await publish({
      promotions: [
        { code: 'triple', name: 'Triple', effects: [{ kind: 'earn_multiply', times: '3' }] },
        {
          code: 'counted',
          name: 'Counted',
          limits: { total_uses: 100 },
          effects: [{ kind: 'earn_fixed', points: 1000 }],
        },
      ],
    });
    const [anna, boris] = [await till.member(), await till.member()];
    const fiscal = [{ drive: '9999078900001234', document: '501', sign: '3522207165' }];
    const sold = await till.sell(null, tea(200, 2), { fiscal });
    await publish({});
    await days(10);
    const claim = (member: string) =>
      house.call('POST', '/v1/checkout/claim', { member: { member_id: member }, fiscal: fiscal[0] });
    const claimed = await claim(anna);
    expect(claimed).toMatchObject({ status: 200, body: { totals: { earned_points: 60 } } });
    expect((await claim(anna)).body).toEqual(claimed.body);
    expect(await claim(boris)).toMatchObject({ status: 409, body: { code: 'already_claimed' } });
    expect(await till.figures(anna)).toEqual(figures({ available: 60 }));
    await till.giveBack(sold['id'], { lines: [{ line_id: '1', quantity: 1000 }] });
    expect(await till.figures(anna)).toEqual(figures({ available: 30 }));
    await till.giveBack(sold['id']);
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('R23: after 14 days, or once goods came back, it is nobody’s', async () => {
    const anna = await till.member();
    const [old, back] = [await till.sell(null, tea(100)), await till.sell(null, tea(100, 2))];
    await till.giveBack(back['id'], { lines: [{ line_id: '1', quantity: 1000 }] });
    const claim = (sold: Json) =>
      house.call('POST', '/v1/checkout/claim', {
        member: { member_id: anna },
        receipt: { shop: 'main', id: sold['id'] },
      });
    expect(await claim(back)).toMatchObject({ status: 409, body: { code: 'already_returned' } });
    await days(15);
    expect(await claim(old)).toMatchObject({ status: 410, body: { code: 'claim_too_late' } });
    expect(await till.figures(anna)).toEqual(figures({}));
  });

  it('R23: a prepayment and its settlement count once, as the settlement', async () => {
    const anna = await till.member();
    const id = till.newId();
    const requisites = (document: string, purpose: string) => [{ drive: '1', document, sign: '7', purpose }];
    const member = { member: { member_id: anna } };
    const paid = await till.confirm(id, { ...member, lines: tea(300), fiscal: requisites('1', 'prepayment') });
    expect(paid['state']).toBe('held');
    expect(await till.figures(anna)).toEqual(figures({}));
    const settled = await till.confirm(id, { fiscal: requisites('2', 'settlement'), paid: true });
    expect(settled).toMatchObject({ state: 'confirmed', totals: { earned_points: 30 } });
    expect(await till.figures(anna)).toEqual(figures({ available: 30 }));
  });

  it('a test key and a test shop stay out of a day’s figures', async () => {
    await house.shop('day');
    await house.shop('lab', { test: true });
    const real = tillOf(house, 'day');
    const anna = await till.member();
    const before = { id: 'D-1', shop: 'day', lines: tea(100) };
    await house.ok('POST', '/v1/checkout/confirm', before);
    await house.ok('POST', '/v1/checkout/confirm', {
      ...before,
      id: 'D-2',
      lines: tea(250),
      member: { member_id: anna },
    });
    await real.giveBack('D-2', { sum: 50_00 });
    const testKey = await house.key({ test: true, integration: 'till-test' });
    await house.ok('POST', '/v1/checkout/confirm', { ...before, id: 'T-1' }, { key: testKey });
    await house.ok('POST', '/v1/checkout/confirm', { ...before, id: 'T-2', shop: 'lab' });
    const date = house.clock.now().toZonedDateTimeISO('Europe/Moscow').toPlainDate().toString();
    const check = (shop: string, sales: Json, returns: Json) =>
      house.ok('POST', '/v1/checkout/day-check', { shop, date, sales, returns });
    expect(await check('day', { count: 2, sum: 350_00 }, { count: 1, sum: 50_00 })).toMatchObject({ matches: true });
    expect(await check('day', { count: 3, sum: 400_00 }, { count: 1, sum: 50_00 })).toMatchObject({
      matches: false,
      sales: { count_difference: -1, sum_difference: -50_00 },
    });
    expect(await check('lab', { count: 0, sum: 0 }, { count: 0, sum: 0 })).toMatchObject({ matches: true });
  });

  it('and the books are clean', async () => {
    expect(await house.auditProblems()).toEqual([]);
  });
});
