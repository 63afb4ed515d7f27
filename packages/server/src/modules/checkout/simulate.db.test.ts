import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProgramDocumentInput } from '#modules/program/index.ts';
import { openDatabase } from '#platform/db.ts';
import { joinable } from '#platform/db-joined.ts';
import { seededRandom } from '#platform/random.ts';
import { type House, type Json, openHouse } from '#test/house.ts';
import type { SimulationReport } from './service/simulate.ts';
import { simulateProgram } from './service/simulate.ts';

const tier = (code: string, rank: number, rate: string, atLeast?: number) => ({
  ...{ code, rank, name: { ru: code, en: code }, earn_rate: rate, redeem_rate: '30' },
  conditions:
    atLeast === undefined
      ? null
      : { any: [{ figure: 'money_paid', at_least: atLeast, window: { kind: 'rolling' as const, days: 60 } }] },
});

/** Everything whose figures depend on what came before: tiers over a window, burning, first purchases, limits, budgets, codes. */
const published: ProgramDocumentInput = {
  format: 1,
  name: 'published',
  tiers: { list: [tier('base', 0, '5'), tier('silver', 1, '10', 3_000_00)], review_days: 20 },
  earning: { default_rate: '5', delay: { hours: 24 }, term: { kind: 'days', days: 25 } },
  redeeming: { rate: '30' },
  promotions: [
    {
      ...{ code: 'first', name: 'First', conditions: [{ kind: 'nth_purchase', nth: 1 }] },
      effects: [{ kind: 'earn_fixed', points: 50 }],
    },
    {
      ...{ code: 'daily', name: 'Daily', limits: { per_member_per_day: 1, per_member: 4 } },
      effects: [{ kind: 'percent_off', percent: '3' }],
    },
    {
      ...{ code: 'budget', name: 'Budget', limits: { total_points: 500 } },
      conditions: [{ kind: 'receipt_sum', from: 500_00 }],
      effects: [{ kind: 'earn_multiply', times: '2' }],
    },
    { code: 'summer', name: 'Summer', needs_code: true, effects: [{ kind: 'percent_off', percent: '10' }] },
  ],
};

const period = { from: Temporal.PlainDate.from('2026-03-02'), to: Temporal.PlainDate.from('2026-06-30') };

let house: House;
const real = { receipts: 0, paid: 0, discount: 0, redeemed: 0, earned: 0, promotions: new Map<string, number>() };

function simulate(document: Json | null, more: Partial<Parameters<typeof simulateProgram>[1]> = {}) {
  const now = house.clock.now();
  return simulateProgram(house.kopilka.program, { ...period, document, now, receiptsMax: null, ...more });
}

async function reportOf(...asked: Parameters<typeof simulate>): Promise<SimulationReport> {
  const simulated = await simulate(...asked);
  if (!simulated.ok) throw new Error(JSON.stringify(simulated.refusal));
  return simulated.value;
}

/** Four months of a small shop: 12 members and strangers, 400 receipts, everyone pays with all the points they may. */
async function live(): Promise<void> {
  const random = seededRandom(5);
  const below = (bound: number) => {
    const [high = 0, low = 0] = random.bytes(2);
    return (high * 256 + low) % bound;
  };
  const phones = Array.from({ length: 12 }, (_, index) => `+7916000${String(1_000 + index)}`);
  for (const phone of phones) await house.member(phone);
  await house.ok('POST', '/v1/promo-codes', { code: 'ЛЕТО', promotion: 'summer' });
  for (let number = 1; number <= 400; number += 1) {
    house.clock.advance({ minutes: 60 + below(700) });
    const buyer = phones[below(phones.length + 3)];
    const answer = await house.ok('POST', '/v1/checkout/confirm', {
      ...{ id: `R-${number}`, shop: below(4) === 0 ? 'other' : 'main' },
      ...(buyer === undefined ? {} : { member: { phone: buyer } }),
      lines: Array.from({ length: 1 + below(3) }, (_, index) => ({
        ...{ sku: index === 0 ? 'TEA' : 'CUP', quantity: 1000, sum: (50 + below(900)) * 100 },
      })),
      redeem: below(3) === 0 ? 0 : 'max',
      ...(below(10) === 0 ? { promo_codes: ['лето'] } : {}),
    });
    count(answer);
  }
  await house.runDue();
}

function count({ totals }: Json): void {
  real.receipts += 1;
  real.paid += totals.paid;
  real.discount += totals.promotion_discount;
  real.redeemed += totals.redeemed_points;
  real.earned += totals.earned_points;
}

beforeAll(async () => {
  house = await openHouse();
  await house.shop('main');
  await house.shop('other');
  await house.shop('lab', { test: true });
  await house.product('TEA', 100_00);
  await house.product('CUP', 300_00);
  await house.publish(published);
  await live();
}, 60_000);
afterAll(() => house.close());

describe('R29: a draft on past receipts', () => {
  it('the published version comes to what really happened, to the kopeck and the point', async () => {
    const report = await reportOf(published);
    expect(report).toMatchObject({ receipts: 400, complete: true, winners: [], losers: [] });
    expect(report.draft).toEqual(report.published);
    const { paid, discount, redeemedPoints, earnedPoints, cost } = report.published;
    expect({
      ...{ receipts: report.published.receipts, paid: Number(paid), discount: Number(discount) },
      ...{ redeemed: Number(redeemedPoints), earned: Number(earnedPoints) },
    }).toEqual({
      ...{ receipts: real.receipts, paid: real.paid, discount: real.discount },
      ...{ redeemed: real.redeemed, earned: real.earned },
    });
    expect(cost).toBe(BigInt(real.discount + real.earned * 100));
    // What the test would not see if the shop were a dull one.
    expect(redeemedPoints).toBeGreaterThan(500n);
    expect(report.published.byPromotion.map(({ promotion, receipts }) => [promotion, receipts > 0])).toEqual([
      ...[
        ['first', true],
        ['daily', true],
      ],
      ...[
        ['budget', true],
        ['summer', true],
      ],
    ]);
    expect(report.published.byPromotion.find(({ promotion }) => promotion === 'budget')?.points).toBe(500n);
    expect(report.published.byTier.map(({ tier: code, receipts }) => [code, receipts > 0])).toEqual([
      ['base', true],
      ['silver', true],
      [null, true],
    ]);
  });

  it('by tier and by promotion it comes to what the receipts themselves say', async () => {
    const { published: side } = await reportOf(published);
    const { pool } = house.foundation.db;
    const tiers = await pool.query(
      `select tier_code as tier, count(*)::int as receipts, sum(paid)::bigint as paid, sum(earned_points)::bigint as "earnedPoints",
         sum(redeemed_points)::bigint as "redeemedPoints"
       from checkout.receipt where not test group by tier_code order by tier_code nulls last`,
    );
    expect(side.byTier).toEqual(tiers.rows);
    const promotions = await pool.query<{ promotion: string }>(
      `select used ->> 'promotionCode' as promotion, count(*)::int as receipts, sum((used ->> 'discount')::bigint)::bigint as discount,
         sum((used ->> 'points')::bigint)::bigint as points
       from checkout.receipt, jsonb_array_elements(outcome -> 'uses') used where not test group by 1`,
    );
    const byCode = new Map(promotions.rows.map((row) => [row.promotion, row]));
    expect(side.byPromotion).toEqual(side.byPromotion.map(({ promotion }) => byCode.get(promotion)));
  });

  it('a second half alone begins with the tiers, counts and points of its first day', async () => {
    const half = { from: Temporal.PlainDate.from('2026-04-20'), to: period.to };
    const { published: side } = await reportOf(published, half);
    const { rows } = await house.foundation.db.pool.query<Record<string, bigint>>(
      `select count(*) as receipts, sum(promotion_discount)::bigint as discount, sum(redeemed_points)::bigint as redeemed
       from checkout.receipt where not test and at >= '2026-04-19T21:00:00Z'`,
    );
    expect(BigInt(side.receipts)).toBe(rows[0]?.['receipts']);
    expect(side.redeemedPoints).toBe(rows[0]?.['redeemed']);
    expect(side.byPromotion.find(({ promotion }) => promotion === 'first')?.receipts).toBe(0);
    expect(side.byPromotion.find(({ promotion }) => promotion === 'daily')?.receipts).toBe(0);
    expect(side.byTier.find(({ tier: code }) => code === 'silver')?.receipts).toBeGreaterThan(0);
  });

  it('a draft with the double rate doubles the earned points exactly', async () => {
    const simple = (rate: string): ProgramDocumentInput => ({
      ...{ format: 1, name: rate, earning: { default_rate: rate, on_points_paid: true } },
      // Whole rubles at 100 % are whole points: nothing is rounded, so twice is twice.
      redeeming: { rate: '30' },
    });
    await house.publish(simple('100'));
    const { published: one, draft: two } = await reportOf(simple('200'), {});
    expect(two.earnedPoints).toBe(one.earnedPoints * 2n);
    expect(one.earnedPoints).toBeGreaterThan(100_000n);
    expect(two.receipts).toBe(one.receipts);
  });

  it('winners and losers are the receipts with the greatest differences', async () => {
    const before: ProgramDocumentInput = { format: 1, name: 'before', earning: { default_rate: '10' } };
    await house.publish(before);
    const report = await reportOf({
      ...before,
      promotions: [
        {
          ...{ code: 'big', name: 'Big', conditions: [{ kind: 'receipt_sum', from: 1_000_00 }] },
          effects: [{ kind: 'percent_off', percent: '20' }],
        },
        { code: 'none-for-small', name: 'Small', effects: [{ kind: 'forbid_earning' }] },
      ],
    });
    const { rows } = await house.foundation.db.pool.query<{ id: string; shelf: bigint; has_member: boolean }>(
      'select external_id as id, shelf, has_member from checkout.receipt where not test order by at, receipt_id',
    );
    const gains = rows.map(({ id, shelf, has_member }) => {
      const off = shelf >= 100_000n ? shelf / 5n : 0n;
      const lost = has_member ? (shelf / 1_000n) * 100n : 0n;
      return { id, gain: off - lost };
    });
    const bySize = (sign: 1 | -1) =>
      gains
        .filter(({ gain }) => Math.sign(Number(gain)) === sign)
        .toSorted((first, second) => sign * Number(second.gain - first.gain))
        .slice(0, 20);
    const shown = (list: SimulationReport['winners']) => list.map(({ externalId, gain }) => ({ id: externalId, gain }));
    expect(shown(report.winners)).toEqual(bySize(1));
    expect(shown(report.losers)).toEqual(bySize(-1));
    expect(report.losers).toHaveLength(20);
  });

  it('tests and receipts that came back wholly are left out; the same question has the same answer', async () => {
    const sale = (id: string, shop: string) => ({ id, shop, lines: [{ sku: 'TEA', quantity: 1000, sum: 99_900 }] });
    await house.ok('POST', '/v1/checkout/confirm', sale('lab-1', 'lab'));
    await house.ok('POST', '/v1/checkout/confirm', sale('back-1', 'main'));
    await house.ok('POST', '/v1/checkout/return', { id: 'back-2', shop: 'main', receipt: { id: 'back-1' } });
    const year = { to: Temporal.PlainDate.from('2027-01-01') };
    const first = await reportOf(published, year);
    expect(first.receipts).toBe(400);
    expect(await reportOf(published, year)).toEqual(first);
  });

  it('writes nothing: a database that can only be read is enough', async () => {
    const { pool } = house.foundation.db;
    const name = new URL(house.url).pathname.slice(1);
    await pool.query(`alter database "${name}" set default_transaction_read_only = on`);
    const db = joinable(openDatabase({ url: house.url, poolSize: 4 }));
    try {
      const now = house.clock.now();
      await expect(db.pool.query('delete from checkout.receipt')).rejects.toThrow(/read-only/);
      const simulated = await simulateProgram(
        { ...house.kopilka.program, db },
        { ...period, document: published, now, receiptsMax: null },
      );
      expect(simulated).toMatchObject({ ok: true, value: { receipts: 400 } });
    } finally {
      await db.close();
      await pool.query(`alter database "${name}" set default_transaction_read_only = off`);
    }
  });

  it('goes as far as it may, tells how far it is, and stops when told', async () => {
    const told: number[] = [];
    const report = await reportOf(published, {
      receiptsMax: 300,
      onTotal: (total) => told.push(total),
      onProgress: (receipts) => told.push(receipts),
    });
    expect(report).toMatchObject({ receipts: 300, complete: false });
    const [total, ...steps] = told;
    expect(total).toBe(300);
    expect(steps.reduce((sum, step) => sum + step)).toBe(300);
    const stop = new AbortController();
    const stopped = await reportOf(published, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(stopped.complete).toBe(false);
    expect(stopped.receipts).toBeLessThan(250);
  });
});

describe('over HTTP', () => {
  const ask = (body: Json) =>
    house.call('POST', '/v1/program/simulate', { from: '2026-03-02', to: '2026-06-30', ...body });

  it.each([
    [{ document: { format: 1 } }, 422, 'draft_invalid'],
    [{ from: '2026-07-01' }, 400, 'period_invalid'],
    [{ to: '9998-12-31' }, 400, 'period_invalid'],
    [{}, 404, 'draft_not_found'],
    [{ receipts_max: 0 }, 400, 'bad_request'],
  ] as const)('%j is refused: %s %s', async (body, status, code) => {
    expect(await ask(body)).toMatchObject({ status, body: { code } });
  });

  it('names what is wrong with a draft by its path', async () => {
    const { body } = await ask({ document: { ...published, redeeming: { rate: 'much' } } });
    expect(body).toMatchObject({ field: '/redeeming/rate' });
    expect(body['details'].problems[0]).toMatch(/^\/redeeming\/rate: /);
  });

  it('answers both sides, of the saved draft when no document is sent; one at a time', async () => {
    await house.ok('PUT', '/v1/program/draft', { document: published });
    const [one, two] = await Promise.all([ask({}), ask({})]);
    expect(new Set([one.status, two.status])).toEqual(new Set([200, 409]));
    const answer = one.status === 200 ? one : two;
    expect(answer.body).toMatchObject({
      ...{ receipts: 400, complete: true },
      draft: { receipts: 400, discount: real.discount, earned_points: real.earned },
      published: { receipts: 400, discount: 0 },
    });
    expect(answer.body['winners'][0]).toMatchObject({ id: expect.stringMatching(/^R-/), gain: expect.any(Number) });
    expect((await ask({ document: published, receipts_max: 10 })).body).toMatchObject({
      receipts: 10,
      complete: false,
    });
  });
});
