import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '#test/house.ts';
import { mountAll } from '../../wiring.ts';
import { demoOf } from './demo.ts';
import type { DemoSize } from './load.ts';

const small: DemoSize = { seed: 5, members: 60, days: 35, guestsPerDay: 1 };

const houses: House[] = [];
beforeAll(async () => {
  for (const seed of [1, 2]) houses.push(await openHouse({ seed, start: '2026-06-01T15:00' }));
});
afterAll(() => Promise.all(houses.map((house) => house.close())));

function demoIn(house: House, size: DemoSize = small) {
  return demoOf({ foundation: house.foundation, ports: house.ports, mount: mountAll, size });
}

/** Steps told and the sum of them. */
async function load(house: House, size?: DemoSize): Promise<{ total: number; advanced: number }> {
  const told = { total: 0, advanced: 0 };
  await demoIn(house, size).load((_label, total) => {
    told.total = total;
    return { advance: (count) => (told.advanced += count), done: () => undefined };
  });
  return told;
}

const totals = `
  select
    (select count(*) from members.member) as members,
    (select jsonb_object_agg(state, figures) from (
      select state, jsonb_build_array(count(*), sum(paid), sum(redeemed_points)) as figures from checkout.receipt group by state
    ) as by_state) as receipts,
    (select count(*) from checkout.return) as returns,
    (select jsonb_object_agg(kind, points) from (select kind, sum(change) as points from ledger.entry group by kind) as by_kind) as points,
    (select jsonb_object_agg(tier_code, members) from (select tier_code, count(*) as members from standing.standing group by 1) as by_tier) as tiers,
    (select count(*) from catalog.product) as products`;

async function totalsOf(house: House): Promise<Record<string, unknown>> {
  const found = await house.foundation.db.pool.query<Record<string, unknown>>(totals);
  return found.rows[0] ?? {};
}

describe('the demo chain', () => {
  it('is wanted in an empty database, loads through the real program, and is not wanted again', async () => {
    const [house] = houses as [House];
    expect(await demoIn(house).isWanted()).toBe(true);
    const { total, advanced } = await load(house);
    expect(advanced).toBe(total);
    expect(total).toBeGreaterThan(200);
    expect(await demoIn(house).isWanted()).toBe(false);
    expect(house.clock.now().toString()).toBe('2026-06-01T12:00:00Z');
    const told = await totalsOf(house);
    expect(told).toMatchObject({ products: 300n });
    expect(Object.keys(told['points'] as object)).toEqual(expect.arrayContaining(['earn', 'redeem']));
    expect(await house.auditProblems()).toEqual([]);
  });

  it('R4: the same seed makes the same chain, to the point', async () => {
    const [first, second] = houses as [House, House];
    await load(second);
    expect(await totalsOf(second)).toEqual(await totalsOf(first));
  });

  it('a load that was cut off is wanted again, and changes nothing that is there', async () => {
    const [house, second] = houses as [House, House];
    await house.foundation.db.pool.query("delete from access.audit_entry where action = 'demo.load'");
    expect(await demoIn(house).isWanted()).toBe(true);
    house.clock.advance({ days: 3 });
    await load(house);
    expect(await totalsOf(house)).toEqual(await totalsOf(second));
    expect(await house.auditProblems()).toEqual([]);
  });

  it('the printed command really quotes a receipt: a member, points, and nothing for tobacco', async () => {
    const [, house] = houses as [House, House];
    const printed = demoIn(house).curl('http://127.0.0.1:8080', await house.key());
    expect(printed).toMatch(
      /^ {2}curl -s http:\/\/127\.0\.0\.1:8080\/v1\/checkout\/quote -H 'Authorization: Bearer kpk_/,
    );
    const body: unknown = JSON.parse(/-d '(.*)'$/.exec(printed)?.[1] ?? '');
    const quote = await house.ok('POST', '/v1/checkout/quote', body);
    expect(quote['member']).toMatchObject({ tier: expect.any(String) });
    expect(quote['totals'].earned_points).toBeGreaterThan(0);
    expect(quote['totals'].redeemed_points).toBeGreaterThan(0);
    expect(quote['lines'][2]).toMatchObject({ redeemed_points: 0, earned_points: 0, discounts: [] });
  });

  it('is not wanted where somebody has begun, and prints no receipt of a chain that is not there', async () => {
    const house = await openHouse();
    try {
      await house.shop('own');
      expect(await demoIn(house).isWanted()).toBe(false);
      expect(demoIn(house).curl('http://here', 'key')).toBe(
        "  curl -s -H 'Authorization: Bearer key' http://here/v1/shops",
      );
    } finally {
      await house.close();
    }
  });
});
