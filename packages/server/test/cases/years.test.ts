// A simulated year per case: every purchase and balance against a naive ledger, at every shopper's own local time.
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { openPlaybook, type PlaybookHouse } from './playbook-house.ts';
import { endOfDayAfter, liveAYear, type Pile, type Shopper, type Visit, type YearRules } from './year.ts';

const size = { shoppers: 18, purchases: 9, days: 500, shops: ['shop'] };

/** The last bound that a sum has reached. */
function step(rubles: number, steps: readonly (readonly [number, number])[]): number {
  return steps.findLast(([from]) => rubles >= from)?.[1] ?? 0;
}

function forDays(days: number): (visit: Visit) => Omit<Pile, 'left'> {
  return ({ at, shopper }) => ({ from: at, until: endOfDayAfter(at, days, shopper.zone), inactivityDays: null });
}

function between(day: Temporal.PlainDate, from: string, until: string): boolean {
  const monthDay = day.toString().slice(5);
  return monthDay >= from && monthDay <= until;
}

/** What the audit says after it. */
async function year(code: string, start: string, rules: (house: PlaybookHouse) => Promise<YearRules>) {
  const house = await openPlaybook(code, { start });
  try {
    const lived = await liveAYear(house, await rules(house));
    expect(lived.purchases).toBeGreaterThan(100);
    expect(lived.burned).toBeGreaterThan(100);
    return await house.auditProblems();
  } finally {
    await house.close();
  }
}

/** A campaign's points with local dates, in the house and in the naive ledger. */
async function give(house: PlaybookHouse, shopper: Shopper, points: number, days: readonly [string, string]) {
  const [first, last] = days.map((day) => Temporal.PlainDate.from(day)) as [Temporal.PlainDate, Temporal.PlainDate];
  await house.grant(shopper.memberId, points, 'кампания', { starts_on: days[0], burns_on: days[1] });
  const now = house.clock.now();
  const start = first.toZonedDateTime(shopper.zone).toInstant();
  shopper.piles.push({
    left: points,
    from: Temporal.Instant.compare(start, now) > 0 ? start : now,
    until: last.add({ days: 1 }).toZonedDateTime(shopper.zone).toInstant(),
    inactivityDays: null,
  });
}

describe('a year of shoppers', () => {
  it('A: tiers, 24 hours, 30 %, a year without purchases', async () => {
    const problems = await year('a-cosmetics-chain', '2026-01-12T07:00:00', async () => ({
      ...size,
      seed: 11,
      days: 1_000,
      purchases: 6,
      earns: ({ shopper }) =>
        step(shopper.rubles, [
          [0, 3],
          [15_000, 5],
          [40_000, 7],
          [100_000, 10],
        ]),
      redeems: () => 30,
      makes: ({ at, shopper }) => {
        const from = at.add({ hours: 24 });
        return { from, until: endOfDayAfter(from, 365, shopper.zone), inactivityDays: 365 };
      },
    }));
    expect(problems).toEqual([]);
  });

  it('B: levels by receipts and a review, 100 % on the own site only', async () => {
    const problems = await year('b-brand-on-marketplaces', '2026-02-01T07:00:00', async (house) => {
      await house.shop('ozon', { channel: 'marketplace' });
      return {
        ...size,
        seed: 12,
        shops: ['ozon', 'site'],
        earns: ({ shopper }) => (shopper.receipts >= 5 && shopper.marks.has('review') ? 12 : 10),
        redeems: (_visit, shop) => (shop === 'site' ? 100 : 0),
        makes: forDays(365),
        morning: async (day, shoppers) => {
          // A review of every second shopper in the middle of the year.
          if (day.toString() !== '2026-07-01') return;
          for (const shopper of shoppers.filter((_, place) => place % 2 === 0)) {
            await house.ok('POST', `/v1/members/${shopper.memberId}/counters`, { counter: 'reviews', add: 1 });
            shopper.marks.set('review', house.clock.now());
          }
        },
      };
    });
    expect(problems).toEqual([]);
  });

  it('C: 5–15 %, January, half of an order in November, points of March, May and New Year', async () => {
    const problems = await year('c-book-publisher', '2026-01-05T07:00:00', async (house) => ({
      ...size,
      seed: 13,
      shops: ['site'],
      earns: ({ shopper, shopDay }) =>
        between(shopDay, '01-09', '01-22')
          ? 20
          : step(shopper.rubles, [
              [0, 5],
              [5_000, 7],
              [15_000, 10],
              [40_000, 15],
            ]),
      redeems: ({ shopDay }) => (between(shopDay, '11-10', '11-23') ? 50 : 30),
      makes: forDays(365),
      morning: async (day, shoppers) => {
        const gift = gifts[day.toString()];
        if (gift === undefined) return;
        for (const shopper of shoppers) await give(house, shopper, gift.points, gift.days);
      },
    }));
    expect(problems).toEqual([]);
  });

  it('D: both rates by tier, double points for ten days of every third shopper', async () => {
    const problems = await year('d-hookah-chain', '2026-03-01T07:00:00', async (house) => ({
      ...size,
      seed: 14,
      earns: ({ shopper, at }) => {
        const rate = step(shopper.rubles, [
          [0, 3],
          [10_000, 5],
          [30_000, 7],
        ]);
        const until = shopper.marks.get('double until');
        return until !== undefined && Temporal.Instant.compare(at, until) < 0 ? rate * 2 : rate;
      },
      redeems: ({ shopper }) =>
        step(shopper.rubles, [
          [0, 20],
          [10_000, 30],
          [30_000, 50],
        ]),
      makes: forDays(365),
      morning: async (day, shoppers) => {
        if (day.day !== 10) return;
        for (const shopper of shoppers.filter((_, place) => (place + day.month) % 3 === 0)) {
          await house.window(shopper.memberId, 'double-points', 10, shopper.zone);
          shopper.marks.set('double until', endOfDayAfter(house.clock.now(), 10, shopper.zone));
        }
      },
    }));
    expect(problems).toEqual([]);
  });

  it('E: 250 points for ten days to the long absent', async () => {
    const problems = await year('e-two-small-towns', '2026-04-01T07:00:00', async (house) => ({
      ...size,
      seed: 15,
      earns: () => 3,
      redeems: () => 30,
      makes: forDays(365),
      morning: async (day, shoppers) => {
        if (day.dayOfWeek !== 1) return;
        for (const shopper of shoppers) {
          const { lastPurchase } = shopper;
          if (lastPurchase === null) continue;
          const today = house.clock.now().toZonedDateTimeISO(shopper.zone).toPlainDate();
          const away = lastPurchase.toZonedDateTimeISO(shopper.zone).toPlainDate().until(today).days;
          const last = shopper.marks.get('called');
          if (away < 60 || (last !== undefined && Temporal.Instant.compare(last, lastPurchase) > 0)) continue;
          await give(house, shopper, 250, [today.toString(), today.add({ days: 10 }).toString()]);
          shopper.marks.set('called', house.clock.now());
        }
      },
    }));
    expect(problems).toEqual([]);
  });
});

const gifts: Readonly<Record<string, { readonly points: number; readonly days: readonly [string, string] }>> = {
  '2026-03-05': { points: 5_000, days: ['2026-03-08', '2026-03-10'] },
  '2026-05-19': { points: 5_000, days: ['2026-05-19', '2026-05-31'] },
  '2026-12-10': { points: 3_000, days: ['2026-12-18', '2026-12-22'] },
};
