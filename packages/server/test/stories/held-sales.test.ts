import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../house.ts';
import { figures, item, type Till, tillOf } from './till.ts';

const base = { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '10', redeem_rate: '50' };

describe('held sales', () => {
  let house: House;
  let till: Till;
  const program: Parameters<House['publish']>[0] = {
    tiers: { list: [base] },
    promotions: [
      {
        code: 'once-each',
        name: 'Once for each member',
        needs_code: true,
        limits: { per_member: 1 },
        effects: [{ kind: 'percent_off', percent: '10' }],
      },
      {
        code: 'one-in-all',
        name: 'One in all',
        needs_code: true,
        limits: { total_uses: 1 },
        effects: [{ kind: 'percent_off', percent: '20' }],
      },
      {
        code: 'windowed',
        name: 'For those invited',
        needs_window: true,
        effects: [{ kind: 'percent_off', percent: '30' }],
      },
    ],
  };

  beforeAll(async () => {
    house = await openHouse();
    till = tillOf(house);
    await house.shop('main');
    await house.product('TEA', 100_00);
    await house.publish(program);
    await house.ok('POST', '/v1/promo-codes', { code: 'EACH', promotion: 'once-each' });
    await house.ok('POST', '/v1/promo-codes', { code: 'ALL', promotion: 'one-in-all', uses_max: 1 });
  });
  afterAll(() => house.close());

  const hundred = [item('TEA', 100)];
  const later = async (duration: { days?: number; hours?: number; minutes?: number }, due = true) => {
    house.clock.advance(duration);
    if (due) await house.runDue();
  };

  /** Until the next midnight and a minute: the day's burns have come. */
  const midnight = async (due = true) => {
    const now = house.clock.now().toZonedDateTimeISO('Europe/Moscow');
    const next = now.add({ days: 1 }).startOfDay();
    await later({ minutes: Math.ceil(now.until(next).total('minutes')) + 1 }, due);
  };

  describe.each([{ due: true }, { due: false }])('across a burn (due work ran: $due)', ({ due }) => {
    it('R18: held points do not burn, what was not held does; confirm spends them afterwards', async () => {
      const anna = await till.member();
      await till.grant(anna, 80, { days: 1 });
      const id = till.newId();
      await till.hold(id, anna, hundred, { redeem: 50, order: true });
      await midnight(due);
      await midnight(due);
      expect(await till.figures(anna)).toEqual(figures({ reserved: 50 }));
      expect(await till.confirm(id)).toMatchObject({ totals: { redeemed_points: 50 }, flags: [] });
      expect(await till.figures(anna)).toEqual(figures({ available: 5 }));
    });

    it('R18: released after its lots’ end, a hold’s points live 24 hours more', async () => {
      const anna = await till.member();
      await till.grant(anna, 80, { days: 1 });
      const id = till.newId();
      await till.hold(id, anna, hundred, { redeem: 50, order: true });
      await midnight(due);
      await midnight(due);
      await till.cancel(id);
      expect(await till.figures(anna)).toEqual(figures({ available: 50 }));
      await later({ hours: 23, minutes: 59 }, due);
      expect(await till.figures(anna)).toEqual(figures({ available: 50 }));
      await later({ minutes: 1 }, due);
      expect(await till.figures(anna)).toEqual(figures({}));
    });

    it('R18: a time-out after the lots’ end leaves the same 24 hours, counted from the time-out', async () => {
      const anna = await till.member();
      await till.grant(anna, 50, { days: 1 });
      await till.hold(till.newId(), anna, hundred, { redeem: 50, order: true });
      // An order waits until the end of its 14th day.
      await later({ days: 14 }, due);
      expect(await till.figures(anna)).toEqual(figures({ reserved: 50 }));
      await midnight(due);
      expect(await till.figures(anna)).toEqual(figures({ available: 50 }));
      await later({ hours: 23, minutes: 58 }, due);
      expect(await till.figures(anna)).toEqual(figures({ available: 50 }));
      await later({ minutes: 1 }, due);
      expect(await till.figures(anna)).toEqual(figures({}));
    });

    it('R18: an edit keeps what it held past its lots’ end, and may take it anew', async () => {
      const anna = await till.member();
      await till.grant(anna, 80, { days: 1 });
      const id = till.newId();
      await till.hold(id, anna, hundred, { redeem: 50, order: true });
      await midnight(due);
      await midnight(due);
      const more = { redeem: 'max', order: true };
      expect(await till.edit(id, anna, [item('TEA', 80)], more)).toMatchObject({ totals: { redeemed_points: 40 } });
      expect(await till.figures(anna)).toEqual(figures({ available: 10, reserved: 40 }));
      expect(await till.quote(anna, hundred, { hold_id: id, redeem: 'max' })).toMatchObject({
        totals: { redeemed_points: 50 },
      });
      expect(await till.edit(id, anna, hundred, more)).toMatchObject({ totals: { redeemed_points: 50 } });
      expect(await till.figures(anna)).toEqual(figures({ reserved: 50 }));
      await till.cancel(id);
    });
  });

  it('R18, R7: an edit of a hold that timed out with nobody noticing holds it anew', async () => {
    const anna = await till.member();
    await till.grant(anna, 50);
    const id = till.newId();
    await till.hold(id, anna, hundred, { redeem: 'max' });
    await later({ minutes: 20 }, false);
    expect(await till.edit(id, anna, [item('TEA', 60)], { redeem: 'max' })).toMatchObject({ state: 'held' });
    expect(await till.figures(anna)).toEqual(figures({ available: 20, reserved: 30 }));
    expect(await house.auditProblems()).toEqual([]);
    await later({ minutes: 14 });
    expect(await till.confirm(id)).toMatchObject({ totals: { redeemed_points: 30 }, flags: [] });
    expect(await till.figures(anna)).toEqual(figures({ available: 23 }));
  });

  it('R29: publishing while a sale is held: it keeps its version and its figures, weights changed or not', async () => {
    const anna = await till.member();
    await till.grant(anna, 500);
    const [whole, changed, edited] = [till.newId(), till.newId(), till.newId()];
    for (const id of [whole, changed, edited]) await till.hold(id, anna, hundred, { redeem: 'max' });
    const version = await house.publish({
      tiers: { list: [{ ...base, earn_rate: '1', redeem_rate: '10' }] },
      promotions: [{ code: 'half', name: 'Half price', effects: [{ kind: 'percent_off', percent: '50' }] }],
    });
    expect(await till.quote(anna, hundred, { redeem: 'max' })).toMatchObject({
      program_version: version,
      totals: { paid: 4500, redeemed_points: 5 },
    });
    expect(await till.quote(anna, hundred, { redeem: 'max', hold_id: edited })).toMatchObject({
      program_version: version - 1,
      totals: { paid: 5000, redeemed_points: 50 },
    });
    const old = { program_version: version - 1, totals: { redeemed_points: 50, paid: 5000, earned_points: 5 } };
    expect(await till.confirm(whole)).toMatchObject(old);
    expect(await till.confirm(changed, { lines: [item('TEA', 80)] })).toMatchObject({
      program_version: version - 1,
      totals: { redeemed_points: 40, paid: 4000, earned_points: 4 },
      flags: ['differs_from_hold'],
    });
    expect(await till.edit(edited, anna, [item('TEA', 200)], { redeem: 'max' })).toMatchObject({
      program_version: version - 1,
      totals: { redeemed_points: 100, paid: 10_000, earned_points: 10 },
    });
    await till.cancel(edited);
    await house.publish(program);
  });

  it('R18: the held cart sent again with the confirm keeps the figures, though a promotion has ended meanwhile', async () => {
    const until = house.clock.now().add({ minutes: 5 }).toString();
    await house.publish({
      tiers: { list: [base] },
      promotions: [{ code: 'short', name: 'Short', until, effects: [{ kind: 'percent_off', percent: '10' }] }],
    });
    const anna = await till.member();
    const [same, less] = [till.newId(), till.newId()];
    await till.hold(same, anna, hundred);
    await till.hold(less, anna, hundred);
    await later({ minutes: 10 });
    expect(await till.quote(anna, hundred)).toMatchObject({ totals: { paid: 10_000 } });
    expect(await till.confirm(same, { lines: hundred })).toMatchObject({ totals: { paid: 9000 }, flags: [] });
    // Other weights are priced as they were when held (R24).
    expect(await till.confirm(less, { lines: [item('TEA', 80)] })).toMatchObject({ totals: { paid: 7200 } });
    await house.publish(program);
  });

  it('R18, R25: an edit, its quote and other weights count the hold’s own slot, code and window as free', async () => {
    const anna = await till.member();
    const now = house.clock.now();
    await house.ok('POST', `/v1/members/${anna}/windows`, {
      promotion: 'windowed',
      from: now.toString(),
      until: now.add({ hours: 24 * 3 }).toString(),
      uses_max: 1,
      cause: 'a story',
    });
    for (const [code, share] of [
      ['EACH', 0.9],
      ['ALL', 0.8],
      [null, 0.7],
    ] as const) {
      // The window alone would act on every sale: those with codes belong to another member.
      const member = code === null ? anna : await till.member();
      const codes = code === null ? {} : { promo_codes: [code] };
      const id = till.newId();
      const paid = (rubles: number) => ({ totals: { paid: rubles * 100 * share } });
      expect(await till.hold(id, member, hundred, codes)).toMatchObject(paid(100));
      expect(await till.quote(member, [item('TEA', 200)], codes)).toMatchObject({ totals: { paid: 20_000 } });
      expect(await till.quote(member, [item('TEA', 200)], { ...codes, hold_id: id })).toMatchObject(paid(200));
      expect(await till.edit(id, member, [item('TEA', 200)], codes)).toMatchObject(paid(200));
      expect(await till.confirm(id, { lines: [item('TEA', 190)] })).toMatchObject(paid(190));
      house.clock.advance({ seconds: 2 });
      expect(await till.quote(member, [item('TEA', 200)], codes)).toMatchObject({ totals: { paid: 20_000 } });
      await till.giveBack(id);
      house.clock.advance({ seconds: 2 });
      expect(await till.quote(member, [item('TEA', 200)], codes)).toMatchObject(paid(200));
    }
  });

  it('R18: an edit does not change who buys', async () => {
    const [anna, boris] = [await till.member(), await till.member()];
    await till.grant(anna, 50);
    const [hers, nobodys] = [till.newId(), till.newId()];
    await till.hold(hers, anna, hundred, { redeem: 'max' });
    await till.hold(nobodys, null, hundred);
    const edit = (id: string, member: Record<string, unknown>) =>
      house.call('PUT', '/v1/checkout/hold', { id, shop: 'main', lines: hundred, redeem: 'max', ...member });
    const refused = { status: 409, body: { code: 'other_content' } };
    expect(await edit(hers, { member: { member_id: boris } })).toMatchObject(refused);
    expect(await edit(hers, {})).toMatchObject(refused);
    expect(await edit(nobodys, { member: { member_id: boris } })).toMatchObject(refused);
    expect(await till.figures(anna)).toEqual(figures({ reserved: 50 }));
    expect(await till.edit(nobodys, null, [item('TEA', 80)])).toMatchObject({ totals: { paid: 8000 } });
    await till.cancel(hers);
    await till.cancel(nobodys);
  });

  it('R18: of an edit and a confirm at once, what is confirmed is one of the two carts, whole', async () => {
    const anna = await till.member();
    await till.grant(anna, 1000);
    for (const round of [1, 2, 3, 4]) {
      const id = till.newId();
      await till.hold(id, anna, [item('TEA', 100)], { redeem: 'max' });
      const before = await till.figures(anna);
      const rubles = 100 - 20 * round;
      const [edited, confirmed] = await Promise.all([
        house.call('PUT', '/v1/checkout/hold', {
          ...{ id, shop: 'main', member: { member_id: anna }, redeem: 'max' },
          lines: [item('TEA', rubles)],
        }),
        till.tryConfirm(id),
      ]);
      expect(confirmed.status).toBe(200);
      expect([200, 409]).toContain(edited.status);
      const { redeemed_points: spent, earned_points: earned } = confirmed.body['totals'];
      expect([50, rubles / 2]).toContain(spent);
      const sum = before.available + before.reserved;
      expect(await till.figures(anna)).toEqual(figures({ available: sum - spent + earned }));
    }
  });

  it('R20: a hold, its edit and its confirm answer the same to a repeat; a cancelled one is not held again', async () => {
    const anna = await till.member();
    await till.grant(anna, 50);
    const id = till.newId();
    const held = await till.hold(id, anna, hundred, { redeem: 20 });
    expect(await till.hold(id, anna, hundred, { redeem: 20 })).toEqual(held);
    const edited = await till.edit(id, anna, hundred, { redeem: 30 });
    expect(await till.edit(id, anna, hundred, { redeem: 30 })).toEqual(edited);
    const sale = await till.confirm(id);
    expect(await till.confirm(id)).toEqual(sale);
    expect(await till.figures(anna)).toEqual(figures({ available: 27 }));
    const other = till.newId();
    await till.hold(other, anna, hundred, { redeem: 20 });
    const cancelled = await till.cancel(other);
    expect(await till.cancel(other)).toEqual(cancelled);
    expect(await house.call('PUT', '/v1/checkout/hold', { id: other, shop: 'main', lines: hundred })).toMatchObject({
      status: 409,
    });
    expect(await till.figures(anna)).toEqual(figures({ available: 27 }));
  });

  it('and the books are clean', async () => {
    expect(await house.auditProblems()).toEqual([]);
  });
});
