// A house that runs one of the playbooks, with the words that the stories of the cases are told in.
import { Temporal } from 'temporal-polyfill';
import { endOfDay } from '#kernel/time.ts';
import { at, type House, houseZone, type Json, openHouse } from '../house.ts';

export interface Bought {
  readonly sku: string;
  /** Of the whole line, in rubles. */
  readonly rubles: number;
  readonly quantity?: number;
}

export interface SaleOptions {
  readonly shop?: string;
  readonly redeem?: number | 'max';
  readonly code?: string;
  readonly lines?: readonly Bought[];
}

export interface GrantTerms {
  readonly starts_on?: string;
  readonly burns_on?: string;
  readonly days?: number;
}

export interface PlaybookHouse extends House {
  /** Moves the clock to a local time, to the second. No job runs: what is true by time alone is true without one (R7). */
  at(local: string, zone?: string): void;
  join(name: string, more?: Json): Promise<string>;
  /** A purchase of one product for so many rubles, or of `lines`. null: without a card. */
  buy(memberId: string | null, rubles: number, options?: SaleOptions): Promise<Json>;
  quote(memberId: string | null, rubles: number, options?: SaleOptions): Promise<Json>;
  /** All of a purchase comes back. */
  giveBack(sale: Json): Promise<Json>;
  grant(memberId: string, points: number, reason: string, terms?: GrantTerms): Promise<void>;
  /** Switches a promotion on for a member: today and so many days more, in the member's zone. */
  window(memberId: string, promotion: string, days: number, zone?: string): Promise<void>;
  available(memberId: string): Promise<number>;
  tier(memberId: string): Promise<string | null>;
}

export interface PlaybookOptions {
  readonly start: string;
  readonly seed?: number;
}

export async function openPlaybook(code: string, options: PlaybookOptions): Promise<PlaybookHouse> {
  const house = await openHouse(options);
  await house.ok('POST', `/v1/playbooks/${code}/install`, {});
  await house.ok('POST', '/v1/program/publish', { comment: 'the playbook as it is' });
  await house.shop('shop');
  await house.shop('site', { channel: 'site' });
  await house.product('GOODS', 100_000);
  let sales = 0;
  let members = 0;
  const content = (memberId: string | null, rubles: number, asked: SaleOptions) => ({
    shop: asked.shop ?? 'shop',
    member: memberId === null ? null : { member_id: memberId },
    lines: (asked.lines ?? [{ sku: 'GOODS', rubles }]).map((line) => ({
      sku: line.sku,
      sum: line.rubles * 100,
      quantity: (line.quantity ?? 1) * 1000,
    })),
    ...(asked.redeem === undefined ? {} : { redeem: asked.redeem }),
    ...(asked.code === undefined ? {} : { promo_codes: [asked.code] }),
  });
  const now = () => house.clock.now();
  return {
    ...house,
    at: (local, zone) => house.clock.set(at(local, zone)),
    join: (name, more = {}) => {
      members += 1;
      return house.member(`+7916${String(1_000_000 + members)}`, { first_name: name, ...more });
    },
    buy: (memberId, rubles, asked = {}) => {
      sales += 1;
      return house.ok('POST', '/v1/checkout/confirm', { id: `S-${sales}`, ...content(memberId, rubles, asked) });
    },
    quote: (memberId, rubles, asked = {}) => house.ok('POST', '/v1/checkout/quote', content(memberId, rubles, asked)),
    giveBack: (sale) => {
      sales += 1;
      const receipt = { id: sale['id'] as string };
      return house.ok('POST', '/v1/checkout/return', { id: `R-${sales}`, shop: sale['shop'] as string, receipt });
    },
    grant: async (memberId, points, reason, terms = {}) => {
      await house.ok('POST', `/v1/members/${memberId}/points`, { kind: 'grant', points, reason, ...terms });
    },
    window: async (memberId, promotion, days, zone = houseZone) => {
      const lastDay = now().toZonedDateTimeISO(zone).toPlainDate().add({ days });
      const until = endOfDay(lastDay, zone);
      const order = {
        promotion,
        from: now().toString(),
        until: until.toString(),
        cause: `message ${now().toString()}`,
      };
      await house.ok('POST', `/v1/members/${memberId}/windows`, order);
    },
    available: async (memberId) => (await house.balance(memberId))['available'] as number,
    tier: async (memberId) => (await house.ok('GET', `/v1/members/${memberId}/tier`))['tier'] as string | null,
  };
}

/** The balance one second before a local time, and at it, with no job having run in between. */
export async function around(
  house: PlaybookHouse,
  memberId: string,
  local: string,
  zone: string = houseZone,
): Promise<readonly [number, number]> {
  const border = Temporal.PlainDateTime.from(local);
  house.at(border.subtract({ seconds: 1 }).toString(), zone);
  const before = await house.available(memberId);
  house.at(local, zone);
  return [before, await house.available(memberId)];
}
