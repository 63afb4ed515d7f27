// A year of a few shoppers against a ledger that a schoolchild could keep: lots in a list, burned by looking at the clock. Written from rules.md and
// cases.md, not from the code.
import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';
import { seededRandom } from '#platform/random.ts';
import type { Json } from '../house.ts';
import type { PlaybookHouse } from './playbook-house.ts';

type Moment = Temporal.Instant;

export interface Pile {
  left: number;
  readonly from: Moment;
  /** null: never by a date of its own. */
  readonly until: Moment | null;
  /** Lives on for so many days after each purchase, too (R9). */
  readonly inactivityDays: number | null;
}

export interface Shopper {
  readonly memberId: string;
  readonly zone: string;
  readonly piles: Pile[];
  rubles: number;
  receipts: number;
  burned: number;
  lastPurchase: Moment | null;
  /** Whatever else a case keeps of a shopper. */
  readonly marks: Map<string, Moment>;
}

export interface Visit {
  readonly at: Moment;
  readonly shopper: Shopper;
  /** Local to the shop. */
  readonly shopDay: Temporal.PlainDate;
  readonly rubles: number;
}

/** What a case says of a purchase, in its own words. Percents; everything else as the playbook sets it. */
export interface YearRules {
  readonly seed: number;
  readonly shoppers: number;
  /** On average. */
  readonly purchases: number;
  /** More than a year, so that the points of its first days burn. */
  readonly days: number;
  readonly shops: readonly string[];
  readonly earns: (visit: Visit) => number;
  readonly redeems: (visit: Visit, shop: string) => number;
  readonly makes: (visit: Visit) => Omit<Pile, 'left'>;
  /** Once a day, before its purchases: what campaigns would do. */
  readonly morning?: (day: Temporal.PlainDate, shoppers: readonly Shopper[]) => Promise<void>;
}

const zones = ['Europe/Moscow', 'Asia/Vladivostok', 'Europe/Kaliningrad'];
const shopZone = 'Europe/Moscow';

export function endOfDayAfter(from: Moment, days: number, zone: string): Moment {
  return from
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .add({ days: days + 1 })
    .toZonedDateTime(zone)
    .toInstant();
}

function endOf(pile: Pile, { lastPurchase, zone }: Shopper): Moment | null {
  if (pile.inactivityDays === null || lastPurchase === null) return pile.until;
  const renewed = endOfDayAfter(lastPurchase, pile.inactivityDays, zone);
  return pile.until !== null && Temporal.Instant.compare(pile.until, renewed) > 0 ? pile.until : renewed;
}

function open(shopper: Shopper, at: Moment): Pile[] {
  return shopper.piles
    .filter((pile) => {
      const end = endOf(pile, shopper);
      return Temporal.Instant.compare(pile.from, at) <= 0 && (end === null || Temporal.Instant.compare(at, end) < 0);
    })
    .sort((a, b) => ends(a, shopper) - ends(b, shopper));
}

function ends(pile: Pile, shopper: Shopper): number {
  return endOf(pile, shopper)?.epochMilliseconds ?? Number.MAX_SAFE_INTEGER;
}

function total(piles: readonly Pile[]): number {
  return piles.reduce((sum, pile) => sum + pile.left, 0);
}

function spend(piles: readonly Pile[], points: number): void {
  let left = points;
  for (const pile of piles) {
    const part = Math.min(left, pile.left);
    pile.left -= part;
    left -= part;
  }
  expect(left).toBe(0);
}

export interface Lived {
  readonly purchases: number;
  /** Points that nobody spent in time. */
  readonly burned: number;
}

/** Lives on from the day the house stands at. Every purchase and every balance is what the schoolchild says. */
export async function liveAYear(house: PlaybookHouse, rules: YearRules): Promise<Lived> {
  const random = seededRandom(rules.seed);
  const draw = (below: number) => {
    const [low = 0, high = 0] = random.bytes(2);
    return (low + high * 256) % below;
  };
  const first = house.clock.now().toZonedDateTimeISO(shopZone).toPlainDate().add({ days: 1 });
  const shoppers: Shopper[] = [];
  for (let place = 0; place < rules.shoppers; place += 1) {
    const zone = zones[place % zones.length] ?? shopZone;
    const memberId = await house.join(`Участник ${place}`, { zone });
    const nothing = {
      piles: [],
      rubles: 0,
      receipts: 0,
      burned: 0,
      lastPurchase: null,
      marks: new Map<string, Moment>(),
    };
    shoppers.push({ memberId, zone, ...nothing });
  }
  const visits = plan(shoppers, { first, ...rules }, draw);
  let purchases = 0;
  for (let day = 0; day < rules.days; day += 1) {
    const date = first.add({ days: day });
    house.clock.set(date.toZonedDateTime(shopZone).add({ hours: 7 }).toInstant());
    await rules.morning?.(date, shoppers);
    for (const visit of visits.get(day) ?? []) {
      await visitShop(house, rules, visit, rules.shops[draw(rules.shops.length)] ?? 'shop');
      purchases += 1;
    }
    // Mostly no job runs, and nobody can tell (R7).
    if (date.day === 1) await house.runDue();
  }
  await expectBalances(house, shoppers);
  await house.runDue();
  await expectBalances(house, shoppers);
  return { purchases, burned: shoppers.reduce((sum, shopper) => sum + burnedOf(shopper, house.clock.now()), 0) };
}

function burnedOf(shopper: Shopper, now: Moment): number {
  return shopper.burned + total(shopper.piles.filter((pile) => ends(pile, shopper) <= now.epochMilliseconds));
}

function plan(
  shoppers: readonly Shopper[],
  { first, purchases, days }: { first: Temporal.PlainDate; purchases: number; days: number },
  draw: (below: number) => number,
): Map<number, Visit[]> {
  const visits = new Map<number, Visit[]>();
  for (const shopper of shoppers) {
    // Some are seen every week, some twice a year.
    for (let count = 1 + draw(purchases * 2); count > 0; count -= 1) {
      const day = draw(days);
      const shopDay = first.add({ days: day });
      const at = shopDay
        .toZonedDateTime(shopZone)
        .add({ hours: 8, seconds: draw(14 * 3_600) })
        .toInstant();
      visits.set(day, [...(visits.get(day) ?? []), { at, shopper, shopDay, rubles: 100 + draw(9_000) }]);
    }
  }
  for (const some of visits.values()) some.sort((a, b) => Temporal.Instant.compare(a.at, b.at));
  return visits;
}

async function visitShop(house: PlaybookHouse, rules: YearRules, visit: Visit, shop: string): Promise<void> {
  const { shopper, at, rubles } = visit;
  house.clock.set(at);
  const spendable = open(shopper, at);
  // Every third purchase saves the points.
  const wants = shopper.receipts % 3 === 2 ? 0 : Math.floor((rubles * rules.redeems(visit, shop)) / 100);
  const redeemed = Math.min(wants, total(spendable));
  const earned = Math.floor(((rubles - redeemed) * rules.earns(visit)) / 100);
  const sale = await house.buy(shopper.memberId, rubles, wants === 0 ? { shop } : { shop, redeem: 'max' });
  const { totals } = sale;
  expect({ at: at.toString(), redeemed: totals.redeemed_points, earned: totals.earned_points }).toEqual({
    at: at.toString(),
    redeemed,
    earned,
  });
  spend(spendable, redeemed);
  // What has burned by now stays burned: this purchase renews what is alive.
  const living = new Set(shopper.piles.filter((pile) => ends(pile, shopper) > at.epochMilliseconds));
  for (const pile of shopper.piles) {
    if (living.has(pile)) continue;
    shopper.burned += pile.left;
    pile.left = 0;
  }
  const made = rules.makes(visit);
  shopper.lastPurchase = at;
  shopper.receipts += 1;
  shopper.rubles += rubles - redeemed;
  if (earned > 0) shopper.piles.push({ ...made, left: earned });
  expect((sale['member'] as Json)['balance'].available).toBe(total(open(shopper, at)));
}

async function expectBalances(house: PlaybookHouse, shoppers: readonly Shopper[]): Promise<void> {
  const now = house.clock.now();
  for (const shopper of shoppers) {
    const pending = shopper.piles.filter((pile) => Temporal.Instant.compare(pile.from, now) > 0);
    expect(await house.balance(shopper.memberId)).toMatchObject({
      available: total(open(shopper, now)),
      pending: total(pending),
      debt: 0,
    });
  }
}
