import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { type Instant, localDate } from '#kernel/time.ts';
import { programDocument } from '#modules/program/index.ts';
import { newStanding, type Standing } from '#modules/standing/index.ts';
import {
  noProgress,
  positionOf,
  progressAfterCounter,
  progressAfterPurchase,
  progressAfterReturn,
  settleTier,
  tierAfterManual,
  tierNeedsSettling,
} from './decide.ts';
import { startingTier } from './qualify.ts';
import type { TierProgress, TierRaise, TiersSection } from './tier.ts';

const zone = 'Europe/Moscow';
const memberId = '018f0000-0000-7000-8000-000000000001';

type Condition = { figure: string; at_least: number; window?: unknown };

function tiersOf(list: Record<string, unknown>[], settings: Record<string, unknown> = {}): TiersSection {
  const full = list.map((tier, rank) => ({ rank, earn_rate: '5', name: { ru: 'у', en: 't' }, ...tier }));
  return programDocument.parse({ format: 1, name: 'test', tiers: { list: full, ...settings } }).tiers;
}

const paid = (roubles: number, window?: unknown): Condition => ({
  figure: 'money_paid',
  at_least: roubles * 100,
  ...(window ? { window } : {}),
});

const threeTiers = (window?: unknown, settings?: Record<string, unknown>) =>
  tiersOf(
    [
      { code: 'bronze' },
      { code: 'silver', conditions: { any: [paid(10_000, window)] } },
      { code: 'gold', conditions: { any: [paid(50_000, window)] } },
    ],
    settings,
  );

/** Plays lines such as "2026-01-10 buys 6000" and answers what the member is after each. Days are noon in Moscow. */
function play(tiers: TiersSection, story: string): string[] {
  let standing: Standing = newStanding({ memberId, joinedAt: noon('2026-01-01'), tierCode: startingTier(tiers) });
  let progress: TierProgress = noProgress;
  const raises = new Map<string, TierRaise>();
  const bought = new Map<string, number>();
  const seen: string[] = [];
  for (const line of story.trim().split('\n')) {
    const [date = '', verb = '', amount = '', name = ''] = line.trim().split(/\s+/);
    const now = noon(date);
    standing = settleTier(tiers, { standing, progress, now, zone }).standing;
    const rated = standing.tierCode;
    const moment = { progress, now, zone };
    if (verb === 'buys') {
      const sum = money(BigInt(amount) * 100n);
      bought.set(name, Number(amount));
      standing = { ...standing, receiptsCount: standing.receiptsCount + 1, paidTotal: money(standing.paidTotal + sum) };
      const after = progressAfterPurchase(tiers, { ...moment, standing, at: now, paid: sum });
      if (after.change) raises.set(name, { at: now, from: after.change.from, toTier: after.change.to.tierCode ?? '' });
      ({ standing } = after);
      progress = after.progress ?? progress;
    } else if (verb === 'returns') {
      const sum = money(BigInt(bought.get(amount) ?? 0) * 100n);
      standing = { ...standing, receiptsCount: standing.receiptsCount - 1, paidTotal: money(standing.paidTotal - sum) };
      const after = progressAfterReturn(tiers, {
        ...moment,
        standing,
        at: now,
        paid: sum,
        wholeReceipt: true,
        raise: raises.get(amount) ?? null,
      });
      ({ standing } = after);
      progress = after.progress ?? progress;
    } else if (verb === 'counts') {
      standing = { ...standing, counters: { ...standing.counters, [amount]: (standing.counters[amount] ?? 0) + 1 } };
      const after = progressAfterCounter(tiers, { ...moment, standing, counter: amount, count: 1 });
      ({ standing } = after);
      progress = after.progress ?? progress;
    } else if (verb === 'given') {
      const until = name === '' ? null : noon(name);
      progress = { ...progress, manual: { tierCode: amount, until, reason: 'r', setBy: 's', setAt: now } };
      ({ standing } = tierAfterManual(tiers, { ...moment, standing, progress }));
    }
    seen.push(verb === 'buys' ? `rated ${rated}, is ${standing.tierCode}` : `is ${standing.tierCode}`);
  }
  return seen;
}

function noon(date: string): Instant {
  return Temporal.Instant.from(`${date}T09:00:00Z`);
}

const yearly = { kind: 'period', period: 'year' };
const rolling = (days: number) => ({ kind: 'rolling', days });

describe('R27: tiers', () => {
  it.each([
    [
      'the receipt that crosses is rated by the tier before it; the next one by the new',
      threeTiers(),
      `2026-01-10 buys 9999 a
       2026-01-11 buys 1 b
       2026-01-12 buys 45000 c
       2026-01-13 buys 1 d`,
      ['rated bronze, is bronze', 'rated bronze, is silver', 'rated silver, is gold', 'rated gold, is gold'],
    ],
    ['one receipt may cross two bounds', threeTiers(), '2026-01-10 buys 50000 a', ['rated bronze, is gold']],
    [
      'a rolling window forgets, the tier stays until its review and falls by time alone',
      threeTiers(rolling(30), { review_days: 90 }),
      `2026-01-10 buys 10000 a
       2026-02-20 reads
       2026-04-10 reads
       2026-04-11 reads`,
      ['rated bronze, is silver', 'is silver', 'is silver', 'is bronze'],
    ],
    [
      'a purchase after the review is rated by the tier after the review',
      threeTiers(rolling(30), { review_days: 90 }),
      `2026-01-10 buys 10000 a
       2026-04-11 buys 20000 b
       2026-04-12 buys 1 c`,
      ['rated bronze, is silver', 'rated bronze, is silver', 'rated silver, is silver'],
    ],
    [
      'enough at the review renews the tier for another term',
      threeTiers(rolling(90), { review_days: 90 }),
      `2026-01-10 buys 10000 a
       2026-03-20 buys 10000 b
       2026-04-11 reads
       2026-07-09 reads
       2026-07-10 reads`,
      ['rated bronze, is silver', 'rated silver, is silver', 'is silver', 'is silver', 'is bronze'],
    ],
    [
      'a calendar year begins anew, without a fall before the review',
      threeTiers(yearly, { review_days: 400 }),
      `2026-06-01 buys 9000 a
       2027-01-02 buys 9000 b
       2027-02-01 buys 1000 c`,
      ['rated bronze, is bronze', 'rated bronze, is bronze', 'rated bronze, is silver'],
    ],
    [
      'without reviews a tier never falls',
      threeTiers(rolling(30)),
      `2026-01-10 buys 10000 a
       2036-01-10 reads`,
      ['rated bronze, is silver', 'is silver'],
    ],
    [
      'a return of the receipt that raised it, within the return window, lowers the tier at once',
      threeTiers(undefined, { return_window_days: 14 }),
      `2026-01-10 buys 9000 a
       2026-01-11 buys 5000 b
       2026-01-25 returns b`,
      ['rated bronze, is bronze', 'rated bronze, is silver', 'is bronze'],
    ],
    [
      'the same return a day later waits for the review',
      threeTiers(undefined, { return_window_days: 14, review_days: 30 }),
      `2026-01-10 buys 9000 a
       2026-01-11 buys 5000 b
       2026-01-26 returns b
       2026-02-10 reads
       2026-02-11 reads`,
      ['rated bronze, is bronze', 'rated bronze, is silver', 'is silver', 'is silver', 'is bronze'],
    ],
    [
      'a return of another receipt waits for the review too',
      threeTiers(undefined, { return_window_days: 14 }),
      `2026-01-10 buys 9000 a
       2026-01-11 buys 5000 b
       2026-01-12 returns a`,
      ['rated bronze, is bronze', 'rated bronze, is silver', 'is silver'],
    ],
    [
      'a return goes back to the tier before that receipt, though progress is lower still',
      threeTiers(undefined, { return_window_days: 14, review_days: 365 }),
      `2026-01-10 buys 10000 a
       2026-02-10 returns a
       2026-03-01 buys 50000 b
       2026-03-02 returns b`,
      ['rated bronze, is silver', 'is silver', 'rated silver, is gold', 'is silver'],
    ],
    [
      'a return that leaves enough changes nothing',
      threeTiers(undefined, { return_window_days: 14 }),
      `2026-01-10 buys 10000 a
       2026-01-11 buys 10000 b
       2026-01-12 returns a`,
      ['rated bronze, is silver', 'rated silver, is silver', 'is silver'],
    ],
    [
      'a manual tier lasts to its end whatever progress says, then progress decides',
      threeTiers(undefined, { review_days: 30 }),
      `2026-01-10 buys 10000 a
       2026-01-11 given gold 2026-06-01
       2026-05-31 reads
       2026-06-01 reads`,
      ['rated bronze, is silver', 'is gold', 'is gold', 'is silver'],
    ],
    [
      'a manual tier below what was earned changes nothing',
      threeTiers(),
      `2026-01-10 buys 50000 a
       2026-01-11 given silver
       2026-01-12 buys 1 b`,
      ['rated bronze, is gold', 'is gold', 'rated gold, is gold'],
    ],
    [
      'all conditions, or any; reviews and own counters count',
      tiersOf([
        { code: 'guest' },
        { code: 'friend', conditions: { any: [{ figure: 'receipts', at_least: 1 }, paid(1_000)] } },
        {
          code: 'fan',
          conditions: {
            all: [
              { figure: 'receipts', at_least: 2 },
              { figure: 'reviews', at_least: 1 },
            ],
          },
        },
        { code: 'master', conditions: { all: [{ figure: 'counter:workshops', at_least: 2, window: rolling(10) }] } },
      ]),
      `2026-01-10 buys 1 a
       2026-01-11 buys 1 b
       2026-01-12 counts reviews
       2026-01-13 counts workshops
       2026-01-23 counts workshops
       2026-01-24 counts workshops`,
      ['rated guest, is friend', 'rated friend, is friend', 'is fan', 'is fan', 'is fan', 'is master'],
    ],
    [
      'a tier by hand only is never earned',
      tiersOf([{ code: 'all' }, { code: 'vip', by_hand_only: true }]),
      `2026-01-10 buys 1000000 a
       2026-01-11 given vip`,
      ['rated all, is all', 'is vip'],
    ],
  ])('%s', (_name, tiers, story, expected) => {
    expect(play(tiers, story)).toEqual(expected);
  });

  it('a review is at the end of the last local day, and true at that very instant', () => {
    const tiers = threeTiers(rolling(30), { review_days: 90 });
    const standing = newStanding({ memberId, joinedAt: noon('2026-01-01'), tierCode: 'bronze' });
    const paidNow = { ...standing, receiptsCount: 1, paidTotal: money(1_000_000) };
    const now = noon('2026-01-10');
    const bought = progressAfterPurchase(tiers, {
      standing: paidNow,
      progress: noProgress,
      at: now,
      now,
      zone,
      paid: money(1_000_000),
    });
    // 10 January + 90 days, Moscow's midnight after it.
    const due = Temporal.Instant.from('2026-04-10T21:00:00Z');
    expect(bought.standing.tierReviewAt).toEqual(due);
    expect(tierNeedsSettling(tiers, bought.standing, due.subtract({ nanoseconds: 1 }))).toBe(false);
    expect(tierNeedsSettling(tiers, bought.standing, due)).toBe(true);
    const settled = settleTier(tiers, {
      standing: bought.standing,
      progress: bought.progress,
      now: due.add({ hours: 5_000 }),
      zone,
    });
    expect(settled.changes).toMatchObject([
      { at: due, cause: 'review', direction: 'down', to: { tierCode: 'bronze', reviewAt: null } },
    ]);
  });

  it('every review that was missed is held at its own instant', () => {
    const tiers = threeTiers(rolling(60), { review_days: 30 });
    const standing: Standing = {
      ...newStanding({ memberId, joinedAt: noon('2026-01-01'), tierCode: 'silver' }),
      tierSince: noon('2026-01-01'),
      tierReviewAt: Temporal.Instant.from('2026-01-31T21:00:00Z'),
    };
    const days = [{ day: Temporal.PlainDate.from('2026-01-20'), paid: money(1_000_000), receipts: 1, counters: {} }];
    const settled = settleTier(tiers, { standing, progress: { ...noProgress, days }, now: noon('2027-01-01'), zone });
    expect(settled.changes.map(({ at, direction }) => `${localDate(at, zone).toString()} ${direction}`)).toEqual([
      '2026-02-01 same',
      '2026-03-03 same',
      '2026-04-02 down',
    ]);
    expect(settled.standing.tierCode).toBe('bronze');
  });

  it('R29: a tier that a new version no longer has is replaced by what was earned', () => {
    const standing: Standing = {
      ...newStanding({ memberId, joinedAt: noon('2026-01-01'), tierCode: 'platinum' }),
      paidTotal: money(1_200_000),
    };
    const settled = settleTier(threeTiers(), { standing, progress: noProgress, now: noon('2026-02-01'), zone });
    expect(settled.changes).toMatchObject([{ cause: 'program', to: { tierCode: 'silver' } }]);
    expect(
      settleTier(threeTiers(), { standing: settled.standing, progress: noProgress, now: noon('2026-02-02'), zone })
        .changes,
    ).toEqual([]);
  });

  it('a program without tiers has nothing to settle, count or keep', () => {
    const none = tiersOf([]);
    const standing = newStanding({ memberId, joinedAt: noon('2026-01-01'), tierCode: null });
    expect(tierNeedsSettling(none, standing, noon('2030-01-01'))).toBe(false);
    const bought = progressAfterPurchase(none, {
      standing,
      progress: null,
      at: noon('2026-01-02'),
      now: noon('2026-01-02'),
      zone,
      paid: money(1),
    });
    expect(bought).toEqual({ standing, progress: null, change: null });
    expect(positionOf(bought.standing)).toEqual({ tierCode: null, since: null, reviewAt: null });
  });

  it('a purchase counts on the day of its receipt in the member’s zone', () => {
    const tiers = threeTiers(rolling(30));
    const standing = newStanding({ memberId, joinedAt: noon('2026-01-01'), tierCode: 'bronze' });
    const at = Temporal.Instant.from('2026-01-10T20:30:00Z');
    const inZone = (name: string) =>
      progressAfterPurchase(tiers, {
        standing,
        progress: noProgress,
        at,
        now: at,
        zone: name,
        paid: money(1),
      }).progress?.unsaved[0]?.day.toString();
    expect(inZone('Europe/Moscow')).toBe('2026-01-10');
    expect(inZone('Asia/Yekaterinburg')).toBe('2026-01-11');
  });
});
