import { Temporal } from 'temporal-polyfill';
import { assert, required } from '#kernel/assert.ts';
import { points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { AccountState, Entry, Lot, LotHistory, LotSpend } from '#modules/ledger/domain/account.ts';
import {
  type Decision,
  defaultLedgerSettings,
  type LedgerContext,
  type LedgerSettings,
} from '#modules/ledger/domain/context.ts';
import { figuresOf } from '#modules/ledger/domain/figures.ts';
import { giveBack } from '#modules/ledger/domain/give-back.ts';
import { grant } from '#modules/ledger/domain/grant.ts';
import { confirmHold, hold, releaseHold } from '#modules/ledger/domain/hold.ts';
import { deadlineAfterReturn, disproveBurns } from '#modules/ledger/domain/inactivity.ts';
import { spendable } from '#modules/ledger/domain/order.ts';
import { settle } from '#modules/ledger/domain/settle.ts';
import { spend } from '#modules/ledger/domain/spend.ts';
import { spendAnyway } from '#modules/ledger/domain/spend-anyway.ts';
import { takeBack } from '#modules/ledger/domain/take-back.ts';

/*
 * Tests as text tables, a line per step; times are Moscow's unless they end in Z.
 *
 *   at 2026-03-11T00:00                      time passes; what time alone does happens
 *   grant A 100 from T to T | days 30 | inactive 365 [bound] [pays no debt] [for R]
 *   spend 30 [as R]                          in the order of R8
 *   hold H 30 until T · cancel H · confirm H [20]
 *   paid 30 as R [at T]                      money was taken: R19, R21
 *   purchase [at T] renews 365               R9, R21
 *   returned, last purchase T | none, 365    R9
 *   take back 30 of R · give back R          R22
 *   has 70 pending 0 reserved 0 owes 0 · lots A 70 B 0
 */
export function play(text: string, settings: Partial<LedgerSettings> = {}): Story {
  const story = new Story({ ...defaultLedgerSettings, ...settings });
  for (const line of text.split('\n')) {
    const step = line.replace(/#.*/, '').trim();
    if (step !== '') story.step(step);
  }
  return story;
}

const zone = 'Europe/Moscow';

function instant(text: string): Instant {
  return text.endsWith('Z')
    ? Temporal.Instant.from(text)
    : Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant();
}

export class Story {
  now: Instant = instant('2026-03-01T12:00');
  state: AccountState = { memberId: 'anna', lots: [], debts: [], holds: [], inactivityDeadline: null };
  readonly entries: Entry[] = [];
  readonly lots = new Map<string, Lot>();
  readonly names = new Map<string, string>();
  readonly parts = new Map<string, readonly LotSpend[]>();
  readonly settings: LedgerSettings;
  ids = 0;

  constructor(settings: LedgerSettings) {
    this.settings = settings;
  }

  step(line: string): void {
    const handled = this.steps.some(([pattern, run]) => {
      const match = pattern.exec(line);
      if (match) run(match.groups ?? {}, line);
      return match !== null;
    });
    assert(handled, `a line nobody understands: ${line}`);
  }

  readonly steps: readonly (readonly [RegExp, (groups: Groups, line: string) => void])[] = [
    [/^at (?<time>\S+)$/, ({ time }) => this.pass(instant(need(time)))],
    [/^grant (?<name>\w+) (?<amount>\d+)/, (groups, line) => this.grant(groups, line)],
    [/^spend (?<amount>\d+)(?: as (?<receipt>\w+))?$/, (groups) => this.spend(groups)],
    [/^hold (?<name>\w+) (?<amount>\d+) until (?<time>\S+)$/, (groups) => this.hold(groups)],
    [/^cancel (?<name>\w+)$/, ({ name }) => this.take(releaseHold(this.state, need(name), this.context(need(name))))],
    [/^confirm (?<name>\w+)(?: (?<amount>\d+))?$/, (groups) => this.confirm(groups)],
    [/^paid (?<amount>\d+) as (?<receipt>\w+)(?: at (?<time>\S+))?$/, (groups) => this.paid(groups)],
    [/^purchase(?: at (?<time>\S+))? renews (?<days>\d+)$/, (groups) => this.purchase(groups)],
    [/^returned, last purchase (?<time>\S+), (?<days>\d+)$/, (groups) => this.returned(groups)],
    [/^take back (?<amount>\d+) of (?<receipt>\w+)$/, (groups) => this.takeBack(groups)],
    [/^give back (?<receipt>\w+)$/, ({ receipt }) => this.giveBack(need(receipt))],
    [
      /^has (?<has>\d+)(?: pending (?<pending>\d+))?(?: reserved (?<reserved>\d+))?(?: owes (?<owes>\d+))?$/,
      (groups, line) => this.has(groups, line),
    ],
    [/^lots (?<list>.+)$/, ({ list }, line) => this.check(line, this.lotsNow(need(list)), need(list))],
  ];

  context(causeId: string, at?: Instant): LedgerContext {
    const { now, settings } = this;
    return {
      now,
      ...(at ? { at } : {}),
      recordedAt: now,
      newId: () => this.newId(),
      settings,
      zone,
      causeKind: 'receipt',
      causeId,
    };
  }

  newId(): string {
    this.ids += 1;
    return `id-${this.ids.toString().padStart(5, '0')}`;
  }

  take({ state, movements }: Decision): void {
    this.state = state;
    this.entries.push(...movements.entries);
    for (const lot of [...movements.newLots, ...movements.changedLots]) this.lots.set(lot.lotId, lot);
  }

  pass(to: Instant): void {
    this.now = to;
    this.take(settle(this.state, to, this.context('time')));
  }

  grant({ name, amount }: Groups, line: string): void {
    const option = (pattern: RegExp) => pattern.exec(line)?.[1];
    const from = option(/ from (\S+)/);
    const startsAt = from === undefined ? this.now : instant(from);
    const inactive = option(/ inactive (\d+)/);
    const days = option(/ days (\d+)/) ?? inactive;
    const to = option(/ to (\S+)/);
    const lastDay =
      days &&
      startsAt
        .toZonedDateTimeISO(zone)
        .toPlainDate()
        .add({ days: Number(days) + 1 })
        .toZonedDateTime(zone)
        .toInstant();
    const terms = {
      source: 'purchase',
      rule: 'base',
      funder: null,
      points: points(BigInt(need(amount))),
      startsAt,
    } as const;
    const burnsAt = to === undefined ? (lastDay ?? null) : instant(to);
    const restriction = line.includes(' bound') ? { shops: ['arbat'] } : null;
    const lot = {
      ...terms,
      burnsAt: burnsAt || null,
      inactivityDays: inactive ? Number(inactive) : null,
      restriction,
      paysDebt: !line.includes('pays no debt'),
    };
    const granted = grant(this.state, [lot], this.context(option(/ for (\w+)/) ?? this.newId()));
    this.names.set(need(name), required(granted.lots[0], 'lot').lotId);
    this.take(granted);
  }

  partsOf(amount: bigint): LotSpend[] {
    let left = amount;
    const parts = spendable(this.state, this.now).flatMap((offer) => {
      const taken = left < offer.spendable ? left : offer.spendable;
      left -= taken;
      return taken > 0n ? [{ lotId: offer.lotId, points: points(taken) }] : [];
    });
    assert(left === 0n, 'the story spends more than there is');
    return parts;
  }

  spend({ amount, receipt = this.newId() }: Groups): void {
    const parts = this.partsOf(BigInt(need(amount)));
    this.parts.set(receipt, parts);
    this.take(spend(this.state, parts, this.context(receipt)));
  }

  hold({ name, amount, time }: Groups): void {
    const parts = this.partsOf(BigInt(need(amount)));
    this.parts.set(need(name), parts);
    this.take(
      hold(this.state, { holdId: need(name), parts, expiresAt: instant(need(time)) }, this.context(need(name))),
    );
  }

  confirm({ name, amount }: Groups): void {
    const parts = required(this.parts.get(need(name)), 'hold');
    const command = { holdId: need(name), parts, ...(amount === undefined ? {} : { points: points(BigInt(amount)) }) };
    const decision = confirmHold(this.state, command, this.context(need(name)));
    this.parts.set(need(name), decision.confirmed.spends);
    this.take(decision);
  }

  paid({ amount, receipt, time }: Groups): void {
    const at = time === undefined ? this.now : instant(time);
    const command = { points: points(BigInt(need(amount))), burned: this.histories(() => true) };
    const decision = spendAnyway(this.state, command, this.context(need(receipt), at));
    this.parts.set(need(receipt), decision.spent.spends);
    this.take(decision);
  }

  purchase({ time, days }: Groups): void {
    const purchaseAt = time === undefined ? this.now : instant(time);
    const context = this.context(this.newId(), purchaseAt);
    const burned = this.histories(() => true);
    this.take(disproveBurns(this.state, { purchaseAt, days: Number(days), burned }, context));
  }

  returned({ time, days }: Groups): void {
    const lastPurchaseAt = time === 'none' ? null : instant(need(time));
    const command = {
      deadline: this.state.inactivityDeadline,
      lastPurchaseAt,
      days: Number(days),
      now: this.now,
      zone,
      revivedDays: 14,
    };
    this.state = { ...this.state, inactivityDeadline: deadlineAfterReturn(command) };
  }

  takeBack({ amount, receipt }: Groups): void {
    const lots = this.histories((lot) => lot.causeId === receipt);
    const command = { receiptId: need(receipt), points: points(BigInt(need(amount))), lots };
    this.take(takeBack(this.state, command, this.context('return')));
  }

  giveBack(receipt: string): void {
    const spends = required(this.parts.get(receipt), 'receipt that spent');
    this.take(
      giveBack(this.state, { receiptId: receipt, spends, lots: [...this.lots.values()] }, this.context('return')),
    );
  }

  histories(only: (lot: Lot) => boolean): LotHistory[] {
    return [...this.lots.values()]
      .filter(only)
      .map((lot) => ({ lot, entries: this.entries.filter((entry) => entry.lotId === lot.lotId) }));
  }

  has({ has, pending = '0', reserved = '0', owes = '0' }: Groups, line: string): void {
    const figures = figuresOf(this.state, this.now);
    const actual = [figures.available, figures.pending, figures.reserved, figures.debt].join(' ');
    this.check(line, actual, `${has} ${pending} ${reserved} ${owes}`);
  }

  lotsNow(list: string): string {
    const named = list.split(' ').filter((_word, index) => index % 2 === 0);
    return named.map((name) => `${name} ${this.lots.get(this.names.get(name) ?? '')?.remaining}`).join(' ');
  }

  check(line: string, actual: string, expected: string): void {
    assert(actual === expected, `"${line}" at ${this.now.toString()}: it is ${actual}`);
  }
}

type Groups = Readonly<Record<string, string | undefined>>;

function need(text: string | undefined): string {
  return required(text, 'a word of the line');
}
