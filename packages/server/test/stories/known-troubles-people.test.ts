// What went wrong with time zones and with merging people for others. The table is in docs/reliability.md.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type House, type Json, openHouse } from '../house.ts';
import { figures, item, type Till, tillOf } from './till.ts';

describe('known troubles with people', () => {
  let house: House;
  let till: Till;

  beforeAll(async () => {
    house = await openHouse({ start: '2026-03-20T12:00' });
    till = tillOf(house);
    await house.shop('main');
    await house.product('TEA', 100_00);
    await house.publish({
      tiers: { list: [{ code: 'base', name: { ru: 'Все', en: 'All' }, rank: 0, earn_rate: '10', redeem_rate: '100' }] },
    });
  });
  afterAll(() => house.close());

  const invalidZone = (memberId: string) =>
    house.foundation.db.pool.query("update members.member set zone = 'Moon/Crater' where member_id = $1", [memberId]);

  it('Parcelvoy #610: an invalid time zone is refused at every door', async () => {
    const anna = await till.member();
    for (const zone of ['Moon/Crater', 'MSK+3', '+03:00', 'Europe/moscow2', ' '])
      expect(await house.call('PATCH', `/v1/members/${anna}`, { zone })).toMatchObject({
        status: 422,
        body: { code: 'zone_unknown' },
      });
    expect(await house.call('PUT', '/v1/shops/x', { name: 'x', channel: 'pos', zone: 'Moon/Crater' })).toMatchObject({
      status: 422,
      body: { code: 'unknown_zone' },
    });
  });

  it('Parcelvoy #610: one invalid time zone that got in by hand stops nobody: the others burn, the member still buys', async () => {
    const people = [];
    for (let person = 0; person < 5; person += 1) people.push(await till.member());
    for (const person of people) await till.grant(person, 100, { days: 3 });
    const [broken = '', ...others] = people;
    await invalidZone(broken);
    house.clock.advance({ days: 5 });
    await house.runDue();
    for (const person of others) expect(await till.figures(person)).toEqual(figures({}));
    await till.sell(broken, [item('TEA', 100)]);
    expect(await till.figures(broken)).toEqual(figures({ available: 10 }));
    await till.grant(broken, 5, { days: 3 });
    expect(await till.figures(broken)).toEqual(figures({ available: 15 }));
  });

  it.each([
    // The clocks go forward on 29 March and back on 25 October.
    ['2026-03-27T12:00', '2026-03-31T00:00'],
    ['2026-10-23T12:00', '2026-10-27T00:00'],
  ])(
    'Mautic #7665, #9616, #10170: off by an hour at summer time: three days from %s end at midnight %s',
    async (from, end) => {
      const anna = await till.member({ zone: 'Europe/Berlin' });
      house.clock.set(at(from, 'Europe/Berlin'));
      await till.grant(anna, 100, { days: 3 });
      const [lot] = await till.lots(anna);
      expect(lot).toMatchObject({ burns_at: at(end, 'Europe/Berlin').toString() });
      house.clock.set(at(end, 'Europe/Berlin').subtract({ seconds: 1 }));
      expect(await till.figures(anna)).toEqual(figures({ available: 100 }));
      house.clock.set(at(end, 'Europe/Berlin'));
      expect(await till.figures(anna)).toEqual(figures({}));
    },
  );

  it('Tracardi #892, #874, #784: merge loses personal data and history: both are there, under one member', async () => {
    const person = async (name: string, value: string) => {
      const made = await till.member({ first_name: name });
      await house.ok('POST', `/v1/members/${made}/identities`, { kind: 'email', value, confirmed: true });
      const consent = {
        channel: 'email',
        purpose: 'advertising',
        given: true,
        source: 'site',
        text_shown: 'Да',
        proof: { kind: 'checkbox', reference: `form-${name}` },
      };
      await house.ok('POST', `/v1/members/${made}/consents`, { consents: [consent] });
      await till.sell(made, [item('TEA', 200)]);
      return made;
    };
    const anna = await person('Анна', 'anna@example.org');
    const double = await person('Аня', 'anya@example.org');
    await house.ok('POST', `/v1/members/${anna}/merge`, { absorbed_id: double });
    const merged = await house.ok('GET', `/v1/members/${double}`);
    expect(merged).toMatchObject({ member_id: anna, first_name: 'Анна', aliases: [double] });
    const emails = (merged['identities'] as Json[]).filter(({ kind }) => kind === 'email').map(({ value }) => value);
    expect(new Set(emails)).toEqual(new Set(['anna@example.org', 'anya@example.org']));
    expect((await house.ok('GET', `/v1/members/${anna}/receipts`))['items']).toHaveLength(2);
    // One consent rules, the proofs of both are kept.
    expect((await house.ok('GET', `/v1/members/${anna}/consents`))['current']).toHaveLength(1);
    const everything = JSON.stringify(await house.ok('POST', `/v1/members/${anna}/export`));
    for (const proof of ['form-Анна', 'form-Аня']) expect(everything).toContain(proof);
    expect(await till.figures(anna)).toEqual(figures({ available: 40 }));
  });

  it('Tracardi #638: one person merged many times: a family of thirty answers as one, and comes apart again', async () => {
    const anna = await till.member();
    const merges: string[] = [];
    for (let double = 0; double < 30; double += 1) {
      const other = await till.member();
      await till.sell(other, [item('TEA', 100)]);
      merges.push((await house.ok('POST', `/v1/members/${anna}/merge`, { absorbed_id: other }))['merge_id']);
    }
    expect(await till.figures(anna)).toEqual(figures({ available: 300 }));
    expect((await house.ok('GET', `/v1/members/${anna}/receipts?limit=100`))['items']).toHaveLength(30);
    for (const merge of merges.toReversed()) await house.ok('POST', `/v1/members/${anna}/unmerge`, { merge_id: merge });
    expect(await till.figures(anna)).toEqual(figures({}));
    expect(await house.auditProblems()).toEqual([]);
  });
});
