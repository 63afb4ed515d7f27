import { Temporal } from 'temporal-polyfill';
import { required } from '#kernel/assert.ts';
import type { Instant } from '#kernel/time.ts';

/** A second ledger, written from rules.md alone: every point is a coin, time goes by hour by hour, nothing is summed up in advance. */

export const inactivityDays = 3;
export const revivedDays = 2;
export const graceHours = 5;
export const zone = 'UTC';
export const base = Temporal.Instant.from('2026-01-01T00:00:00Z');
export const at = (hour: number): Instant => base.add({ hours: hour });
export const endOfDays = (hour: number, days: number) => (Math.floor(hour / 24) + days + 1) * 24;
// A calendar month after the hour, as January to March of 2026 have it.
const monthAfter = (hour: number) =>
  at(hour).toZonedDateTimeISO(zone).add({ months: 1 }).epochMilliseconds / 3_600_000 -
  base.epochMilliseconds / 3_600_000;

export interface ModelLot {
  readonly id: string;
  readonly receipt: string;
  readonly start: number;
  readonly ownEnd: number | null;
  readonly byInactivity: boolean;
  readonly bounds: number;
  readonly paysDebt: boolean;
  grace: number | null;
  readonly coins: Coin[];
}

export interface Coin {
  state: 'alive' | 'burned' | 'spent' | 'gone';
  burnedAt: number;
  hold: string | null;
}

export interface ModelDebt {
  readonly receipt: string;
  left: number;
  readonly writtenOff: number | null;
}

export interface ModelSettings {
  readonly others: boolean;
  readonly writesOff: boolean;
}

export class CoinLedger {
  now = 0;
  deadline: number | null = null;
  readonly lots: ModelLot[] = [];
  readonly debts: ModelDebt[] = [];
  readonly holds = new Map<string, number>();
  readonly settings: ModelSettings;
  constructor(settings: ModelSettings) {
    this.settings = settings;
  }

  end(lot: ModelLot): number {
    if (lot.ownEnd === null) return Number.POSITIVE_INFINITY;
    const own = lot.byInactivity ? Math.max(lot.ownEnd, this.deadline ?? 0) : lot.ownEnd;
    return Math.max(own, lot.grace ?? 0);
  }

  /** R8. */
  inOrder(): ModelLot[] {
    return [...this.lots].sort(
      (a, b) =>
        compare(this.end(a), this.end(b)) ||
        compare(b.bounds, a.bounds) ||
        compare(a.start, b.start) ||
        compare(a.id, b.id),
    );
  }

  free(lot: ModelLot): Coin[] {
    return lot.coins.filter((coin) => coin.state === 'alive' && coin.hold === null);
  }

  spendableCoins(): { lot: ModelLot; coin: Coin }[] {
    return this.inOrder()
      .filter((lot) => lot.start <= this.now && this.end(lot) > this.now)
      .flatMap((lot) => this.free(lot).map((coin) => ({ lot, coin })));
  }

  pass(hours: number): void {
    for (let hour = 0; hour < hours; hour += 1) {
      this.now += 1;
      this.tick();
    }
  }

  /** What happens at this very hour (R7): debts end, coins burn, holds time out, lots start. */
  tick(): void {
    for (const debt of this.debts) if (debt.writtenOff === this.now) debt.left = 0;
    for (const lot of this.lots) {
      if (this.end(lot) > this.now) continue;
      for (const coin of this.free(lot)) this.burn(coin, this.now);
    }
    for (const [id, expires] of [...this.holds].sort(([first], [second]) => compare(first, second)))
      if (expires === this.now) this.release(id);
    for (const lot of this.inOrder()) if (lot.start === this.now) this.becomesSpendable(lot, this.free(lot), false);
  }

  burn(coin: Coin, hour: number): void {
    coin.state = 'burned';
    coin.burnedAt = hour;
  }

  /** R10: each coin that becomes spendable pays a debt if it may; coins of a lot that was taken back pay their receipt's debt first (R22). */
  becomesSpendable(lot: ModelLot, coins: readonly Coin[], ownFirst: boolean): void {
    if (lot.start > this.now || this.end(lot) <= this.now) return;
    for (const coin of coins) {
      const own = ownFirst ? this.debts.find((debt) => debt.left > 0 && debt.receipt === lot.receipt) : undefined;
      const debt = own ?? (lot.paysDebt ? this.debts.find((any) => any.left > 0) : undefined);
      if (!debt) continue;
      debt.left -= 1;
      coin.state = 'spent';
    }
  }

  release(id: string, keep: ReadonlySet<Coin> = new Set()): void {
    this.holds.delete(id);
    for (const lot of this.lotsOfHold(id)) {
      const coins = lot.coins.filter((coin) => coin.hold === id && !keep.has(coin));
      if (coins.length === 0) continue;
      if (this.end(lot) <= this.now) lot.grace = Math.max(lot.grace ?? 0, this.now + graceHours);
      for (const coin of coins) coin.hold = null;
      this.becomesSpendable(lot, coins, true);
    }
  }

  /** In the order in which the hold names them. */
  readonly partsOf = new Map<string, string[]>();
  lotsOfHold(id: string): ModelLot[] {
    return (this.partsOf.get(id) ?? []).map((lotId) =>
      required(
        this.lots.find((lot) => lot.id === lotId),
        'lot',
      ),
    );
  }

  owe(receipt: string, amount: number): void {
    if (amount === 0) return;
    this.debts.push({ receipt, left: amount, writtenOff: this.settings.writesOff ? monthAfter(this.now) : null });
  }

  /** R22. */
  takeBack(receipt: string, amount: number): void {
    let left = amount;
    const own = this.inOrder().filter((lot) => lot.receipt === receipt);
    const pendingFirst = [...own.filter((lot) => lot.start > this.now), ...own.filter((lot) => lot.start <= this.now)];
    const burned = own
      .flatMap((lot) => lot.coins.filter((coin) => coin.state === 'burned'))
      .sort((a, b) => a.burnedAt - b.burnedAt);
    for (const coin of [...pendingFirst.flatMap((lot) => this.free(lot)), ...burned]) {
      if (left === 0) return;
      coin.state = 'gone';
      left -= 1;
    }
    if (this.settings.others) {
      for (const { coin } of this.spendableCoins().slice(0, left)) {
        coin.state = 'gone';
        left -= 1;
      }
    }
    this.owe(receipt, left);
  }

  giveBack(lot: ModelLot, amount: number): void {
    if (this.end(lot) <= this.now) {
      const ownTerm = this.now + required(lot.ownEnd, 'end') - lot.start;
      lot.grace = Math.min(ownTerm, endOfDays(this.now, revivedDays));
    }
    const coins = lot.coins.filter((coin) => coin.state === 'spent').slice(0, amount);
    for (const coin of coins) coin.state = 'alive';
    this.becomesSpendable(lot, coins, true);
  }

  /** R9, R21. */
  purchase(hour: number): void {
    const renewed = endOfDays(hour, inactivityDays);
    const disproved = this.lots
      .filter((lot) => lot.byInactivity)
      .flatMap((lot) =>
        lot.coins
          .filter((coin) => coin.state === 'burned' && coin.burnedAt > hour && coin.burnedAt < renewed)
          .map((coin) => ({ lot, coin, was: coin.burnedAt })),
      )
      .sort((a, b) => a.was - b.was);
    this.deadline = Math.max(this.deadline ?? 0, renewed);
    for (const { coin } of disproved) coin.state = 'alive';
    for (const { lot, coin } of disproved) if (this.end(lot) <= this.now) this.burn(coin, this.end(lot));
    for (const { lot, coin } of disproved) if (coin.state === 'alive') this.becomesSpendable(lot, [coin], false);
  }

  figures() {
    const alive = (lots: readonly ModelLot[]) =>
      lots.flatMap((lot) => lot.coins).filter((coin) => coin.state === 'alive');
    const started = this.lots.filter((lot) => lot.start <= this.now);
    const pending = this.lots.filter((lot) => lot.start > this.now);
    return {
      available: BigInt(alive(started).filter((coin) => coin.hold === null).length),
      pending: BigInt(alive(pending).length),
      reserved: BigInt(alive(this.lots).filter((coin) => coin.hold !== null).length),
      debt: BigInt(this.debts.reduce((sum, debt) => sum + debt.left, 0)),
    };
  }
}

export function freshCoins(count: number): Coin[] {
  return Array.from({ length: count }, () => ({ state: 'alive', burnedAt: 0, hold: null }));
}

function compare<Value extends number | string>(first: Value, second: Value): number {
  return first === second ? 0 : first < second ? -1 : 1;
}
