import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type House, openHouse } from '../house.ts';
import { figures, item, type Till, tillOf } from './till.ts';

type Program = Parameters<House['publish']>[0];
const base = { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '10', redeem_rate: '50' };
const tea = (rubles: number) => [item('TEA', rubles)];

describe('the calendar', () => {
  let house: House;
  let till: Till;

  beforeAll(async () => {
    house = await openHouse({ start: '2028-02-10T12:00' });
    till = tillOf(house);
    await house.shop('main');
    await house.shop('berlin', { zone: 'Europe/Berlin' });
    await house.shop('kamchatka', { zone: 'Asia/Kamchatka' });
    await house.product('TEA', 100_00);
  });
  afterAll(() => house.close());

  const publish = (program: Program) => house.publish({ tiers: { list: [base] }, ...program });
  const near = async (memberId: string, end: string, zone?: string) => {
    const instant = at(end, zone);
    house.clock.set(instant.subtract({ seconds: 1 }));
    const before = (await till.figures(memberId)).available;
    house.clock.set(instant);
    return [before, (await till.figures(memberId)).available];
  };

  it('R3: a year after 29 February is 28 February, to the end of the day', async () => {
    await publish({ earning: { term: { kind: 'years', years: 1 } } });
    await house.goTo('2028-02-29T10:00');
    const anna = await till.member();
    await till.sell(anna, tea(100));
    expect(await near(anna, '2029-03-01T00:00')).toEqual([10, 0]);
  });

  it('R3: a yearly 29 February is kept on 28 February in a common year, and a month after 31 January is the last of February', async () => {
    await publish({
      earning: { term: { kind: 'months', months: 1 } },
      promotions: [
        {
          code: 'leap',
          name: 'Leap day',
          conditions: [{ kind: 'dates', from: '02-29', until: '02-29' }],
          effects: [{ kind: 'percent_off', percent: '29' }],
        },
      ],
    });
    const paid = async (day: string) => {
      await house.goTo(`${day}T12:00`);
      return (await till.quote(null, tea(100)))['totals'].paid as number;
    };
    await house.goTo('2030-01-31T12:00');
    const anna = await till.member();
    await till.sell(anna, tea(100));
    expect(await paid('2030-02-27')).toBe(100_00);
    expect(await paid('2030-02-28')).toBe(71_00);
    expect(await near(anna, '2030-03-01T00:00')).toEqual([10, 0]);
    expect(await paid('2030-03-01')).toBe(100_00);
    expect(await paid('2032-02-28')).toBe(100_00);
    expect(await paid('2032-02-29')).toBe(71_00);
  });

  it('R3: where clocks change, days are local days and hours are exact', async () => {
    await publish({ earning: { delay: { hours: 24 }, term: { kind: 'days', days: 1 } } });
    const berlin = tillOf(house, 'berlin');
    // Clocks go forward on 27 March 2033 at 2:00 there: that day has 23 hours.
    await house.goTo('2033-03-26T12:00', 'Europe/Berlin');
    const anna = await till.member({ shop: 'berlin' });
    await house.ok('POST', '/v1/checkout/confirm', {
      ...{ id: 'BERLIN-1', shop: 'berlin', member: { member_id: anna }, lines: tea(100) },
    });
    house.clock.set(at('2033-03-27T12:59', 'Europe/Berlin'));
    expect(await berlin.figures(anna)).toEqual(figures({ pending: 10 }));
    house.clock.set(at('2033-03-27T13:00', 'Europe/Berlin'));
    expect(await berlin.figures(anna)).toEqual(figures({ available: 10 }));
    // One day after its start, the last local day included.
    expect(await near(anna, '2033-03-29T00:00', 'Europe/Berlin')).toEqual([10, 0]);
  });

  it('R3: a burn comes at the member’s midnight, a condition goes by the shop’s clock', async () => {
    await publish({
      earning: { term: { kind: 'days', days: 1 } },
      promotions: [
        {
          code: 'morning',
          name: 'Morning',
          conditions: [{ kind: 'hours', from: '09:00', until: '12:00' }],
          effects: [{ kind: 'percent_off', percent: '10' }],
        },
      ],
    });
    await house.goTo('2034-06-01T10:00', 'Asia/Kamchatka');
    const [east, west] = [await till.member({ zone: 'Asia/Kamchatka' }), await till.member({ zone: 'Europe/Moscow' })];
    const there = { shop: 'kamchatka', lines: tea(100) };
    for (const [id, member] of [
      ['K-1', east],
      ['K-2', west],
    ] as const) {
      const sold = await house.ok('POST', '/v1/checkout/confirm', { id, member: { member_id: member }, ...there });
      expect(sold['totals'].paid).toBe(90_00);
    }
    expect((await till.quote(west, tea(100)))['totals'].paid).toBe(100_00);
    expect(await near(east, '2034-06-03T00:00', 'Asia/Kamchatka')).toEqual([9, 0]);
    // Nine hours behind: it was still 1 June there.
    expect(await near(west, '2034-06-03T00:00', 'Europe/Moscow')).toEqual([9, 0]);
  });

  it('R7, R9: the end of the N-th local day after the last purchase, true to the second with no job having run', async () => {
    await publish({ earning: { term: { kind: 'inactivity', days: 30 } } });
    await house.goTo('2035-01-10T23:59');
    const anna = await till.member();
    await till.sell(anna, tea(100));
    await house.goTo('2035-02-01T00:00');
    await till.sell(anna, tea(200));
    expect(await near(anna, '2035-03-04T00:00')).toEqual([30, 0]);
  });

  it('and the books are clean', async () => {
    await house.runDue();
    expect(await house.auditProblems()).toEqual([]);
  });
});
