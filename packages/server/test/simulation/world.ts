// A small chain whose members, lots and receipts collide all the time. Every operation goes over HTTP and, beside it, into the naive accounts.
import { type House, type Json, openHouse } from '../house.ts';
import { endOfDays, NaiveAccount, type Part, stretch, sumOf } from './naive-account.ts';

export interface Rules {
  readonly earn: number;
  readonly redeem: number;
  readonly gain: { readonly points: number; readonly delayHours: number; readonly days: number };
}

/** Two programs that are published in turn; both renew by a purchase for as long. */
export const programs: readonly Rules[] = [
  { earn: 10, redeem: 50, gain: { points: 50, delayHours: 24, days: 5 } },
  { earn: 7, redeem: 30, gain: { points: 31, delayHours: 0, days: 3 } },
];
export const inactivityDays = 10;
const gainFrom = 500_00;
const minute = 60_000;
const week = 7 * 24 * 60 * minute;

export interface CartLine {
  readonly line_id: string;
  readonly sku: string;
  readonly sum: number;
  readonly quantity: number;
}

export interface Receipt {
  readonly id: string;
  readonly shop: string;
  readonly member: number;
  state: 'held' | 'ended' | 'cancelled' | 'confirmed';
  readonly rules: Rules;
  lines: readonly CartLine[];
  readonly order: boolean;
  readonly heldAt: number;
  /** When it was held or last edited: its time-out counts from there. */
  expiresFrom: number;
  heldParts: Part[];
  blocked: boolean;
  redeemed: number;
  earned: number;
  at: number;
  spent: Part[];
  given: number;
  taken: number;
  complete: boolean;
}

export interface World {
  readonly house: House;
  readonly accounts: readonly NaiveAccount[];
  readonly memberIds: readonly string[];
  readonly blocked: boolean[];
  readonly receipts: Receipt[];
  readonly published: { at: number; rules: Rules }[];
  readonly log: string[];
  now(): number;
}

export async function openWorld(seed: number, members = 3): Promise<World> {
  const house = await openHouse({ seed, start: '2026-03-02T12:00' });
  for (const shop of ['main', 'other']) await house.shop(shop);
  await house.product('TEA', 100_00);
  await house.product('CUP', 33_33);
  const memberIds: string[] = [];
  const world: World = {
    house,
    accounts: Array.from({ length: members }, () => new NaiveAccount()),
    memberIds,
    blocked: Array.from({ length: members }, () => false),
    receipts: [],
    published: [],
    log: [],
    now: () => house.clock.now().epochMilliseconds,
  };
  await publish(world, 0);
  for (let index = 0; index < members; index += 1) memberIds.push(await house.member(`+7916555${1000 + index}`));
  return world;
}

export async function publish(world: World, which: number): Promise<void> {
  const rules = programs[which] as Rules;
  world.published.push({ at: world.now(), rules });
  await world.house.publish({
    tiers: {
      list: [
        {
          code: 'base',
          name: { ru: 'Базовый', en: 'Base' },
          rank: 0,
          earn_rate: String(rules.earn),
          redeem_rate: String(rules.redeem),
        },
      ],
    },
    earning: { term: { kind: 'inactivity', days: inactivityDays } },
    debts: { write_off_months: null },
    promotions: [
      {
        code: 'big',
        name: 'Big receipt',
        conditions: [{ kind: 'receipt_sum', from: gainFrom, of: 'shelf' }],
        effects: [{ kind: 'earn_fixed', points: rules.gain.points }],
        points: { delay: { hours: rules.gain.delayHours }, term: { kind: 'days', days: rules.gain.days } },
      },
    ],
  });
}

/** What the rules say of a cart: points that may be paid with (R14) and points that it earns (R15). */
export function limitOf(rules: Rules, lines: readonly CartLine[]): number {
  return Math.floor((sumOfLines(lines) * rules.redeem) / 100_00);
}

function baseOf(rules: Rules, lines: readonly CartLine[], redeemed: number): number {
  return Math.floor(((sumOfLines(lines) - redeemed * 100) * rules.earn) / 100_00);
}

function gainOf(rules: Rules, lines: readonly CartLine[]): number {
  return sumOfLines(lines) >= gainFrom ? rules.gain.points : 0;
}

export function earnedOf(rules: Rules, lines: readonly CartLine[], redeemed: number): number {
  return baseOf(rules, lines, redeemed) + gainOf(rules, lines);
}

export function sumOfLines(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.sum, 0);
}

/** What a sale does to the account once its points are spent: it renews, then gives (R9, R15). */
export function countSale(world: World, receipt: Receipt, late = false): void {
  const account = accountOf(world, receipt);
  const now = world.now();
  const { rules, lines, at } = receipt;
  account.renew(at, inactivityDays, now, late);
  if (receipt.blocked) return;
  const soonest = late ? now + week : 0;
  const given = { receipt: receipt.id, shop: null, paysDebt: true };
  const base = { ...given, start: at, end: Math.max(endOfDays(at, inactivityDays), soonest), inactive: true };
  account.grant(base, baseOf(rules, lines, receipt.redeemed), now);
  const start = at + rules.gain.delayHours * 60 * minute;
  const end = Math.max(endOfDays(start, rules.gain.days), soonest);
  account.grant({ ...given, start, end, inactive: false }, gainOf(rules, lines), now);
}

export function accountOf(world: World, receipt: Receipt): NaiveAccount {
  return world.accounts[receipt.member] as NaiveAccount;
}

/** The return of some pieces. How a line's points divide is the answer's word, checked when all of it is back; where they go is the model's. */
export function countReturn(world: World, receipt: Receipt, answer: Json): { gone: number; debt: number } {
  const account = accountOf(world, receipt);
  const now = world.now();
  const given = answer['points_given_back'] as number;
  const asked = (answer['points_taken_back'] as number) + (answer['points_burned_already'] as number);
  receipt.complete = answer['complete'] as boolean;
  if (receipt.complete) moveDeadlineBack(world, receipt, account);
  const parts = stretch(receipt.spent, receipt.given, given);
  account.giveBack(receipt.id, parts, given - sumOf(parts), now);
  receipt.given += given;
  receipt.taken += asked;
  return account.takeBack(receipt.id, asked, now);
}

/** R9: a return that moves the deadline back leaves 14 days. */
function moveDeadlineBack(world: World, receipt: Receipt, account: NaiveAccount): void {
  const sales = world.receipts.filter((one) => one.member === receipt.member && one.state === 'confirmed');
  const lastOf = (some: readonly Receipt[]) => Math.max(0, ...some.map((one) => one.at));
  const others = sales.filter((one) => one !== receipt && !one.complete);
  if (receipt.at < lastOf(others)) return;
  const last = lastOf(others);
  const renewed = last === 0 ? 0 : endOfDays(last, inactivityDays);
  account.deadline = Math.min(account.deadline, Math.max(renewed, endOfDays(world.now(), 14)));
}
