import { assert, required } from '#kernel/assert.ts';
import { points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { AccountState, Entry, Lot, LotHistory, LotSpend } from '#modules/ledger/domain/account.ts';
import type { Decision, LedgerContext, LedgerSettings } from '#modules/ledger/domain/context.ts';
import { figuresAfter, figuresOf } from '#modules/ledger/domain/figures.ts';
import { giveBack } from '#modules/ledger/domain/give-back.ts';
import { grant, type NewLot } from '#modules/ledger/domain/grant.ts';
import { confirmHold, editHold, hold, releaseHold, spendFromHold } from '#modules/ledger/domain/hold.ts';
import { disproveBurns } from '#modules/ledger/domain/inactivity.ts';
import type { Movements } from '#modules/ledger/domain/movements.ts';
import { spendable } from '#modules/ledger/domain/order.ts';
import { settle } from '#modules/ledger/domain/settle.ts';
import { spend } from '#modules/ledger/domain/spend.ts';
import { takeBack } from '#modules/ledger/domain/take-back.ts';
import { toJson } from '#platform/db-values.ts';

import {
  at,
  base,
  type Coin,
  CoinLedger,
  endOfDays,
  freshCoins,
  graceHours,
  inactivityDays,
  type ModelLot,
  type ModelSettings,
  revivedDays,
  zone,
} from './coin-ledger.ts';

function newLotOf(lot: ModelLot): NewLot {
  return {
    source: 'purchase',
    rule: 'base',
    points: points(lot.coins.length),
    startsAt: at(lot.start),
    burnsAt: lot.ownEnd === null ? null : at(lot.ownEnd),
    inactivityDays: lot.byInactivity ? inactivityDays : null,
    restriction: lot.bounds === 0 ? null : { shops: ['main'] },
    funder: null,
    paysDebt: lot.paysDebt,
  };
}

interface Receipt {
  readonly id: string;
  earned: number;
  takenBack: number;
  spends: { lotId: string; points: number }[];
}

/** As text: matchers that look at objects see nothing inside a Temporal.Instant. */
function same(actual: unknown, expected: unknown): void {
  assert(toJson(actual) === toJson(expected), `${toJson(actual)} should be ${toJson(expected)}`);
}

/** The real account and the coins, side by side: every operation goes to both. */
export class Bench {
  readonly model: CoinLedger;
  readonly settings: LedgerSettings;
  state: AccountState = { memberId: 'anna', lots: [], debts: [], holds: [], inactivityDeadline: null };
  readonly entries: Entry[] = [];
  readonly rows = new Map<string, Lot>();
  readonly receipts: Receipt[] = [];
  ids = 0;

  constructor(settings: ModelSettings) {
    this.model = new CoinLedger(settings);
    this.settings = {
      debtMonths: settings.writesOff ? 1 : null,
      takeBackFrom: settings.others ? 'other_points' : 'debt',
      forgiveDebt: false,
      holdGraceHours: graceHours,
      revivedDays,
    };
  }

  newId = (): string => {
    this.ids += 1;
    return `id-${this.ids.toString().padStart(8, '0')}`;
  };

  context(receiptId: string, hour = this.model.now): LedgerContext {
    const now = at(this.model.now);
    return {
      now,
      at: at(hour),
      recordedAt: base,
      newId: this.newId,
      settings: this.settings,
      zone,
      causeKind: 'receipt',
      causeId: receiptId,
    };
  }

  take({ state, movements }: Decision): void {
    const before = figuresOf(this.state, this.settledTo);
    this.checkDifference(before, movements, figuresOf(state, at(this.model.now)));
    this.state = state;
    this.settledTo = at(this.model.now);
    this.entries.push(...movements.entries);
    for (const lot of [...movements.newLots, ...movements.changedLots]) this.rows.set(lot.lotId, lot);
    this.check();
  }

  settledTo: Instant = base;

  /** Figures by difference are the figures counted anew, and never claim to be true for too long. */
  checkDifference(
    before: ReturnType<typeof figuresOf>,
    movements: Movements,
    after: ReturnType<typeof figuresOf>,
  ): void {
    const timeless = { ...before, changesAt: null, inactivityDeadline: null };
    const byDifference = figuresAfter(timeless, movements, base.subtract({ hours: 1 }));
    const { changesAt: _late, ...figures } = byDifference;
    const { changesAt: _early, ...counted } = after;
    same(figures, counted);
  }

  pass(hours: number): void {
    const target = this.model.now + hours;
    const context = this.context('time');
    const inOneStep = settle(this.state, at(target), context);
    const halfway = settle(this.state, at(this.model.now + Math.floor(hours / 2)), context);
    const inTwoSteps = settle(halfway.state, at(target), context);
    same(inTwoSteps.state, inOneStep.state);
    same(settle(inOneStep.state, at(target), context).movements.entries, []);
    this.model.pass(hours);
    this.take(inOneStep);
  }

  buy(operation: {
    points: number;
    delay: number;
    term: number | null;
    inactivity: boolean;
    bounds: number;
    pays: boolean;
    late: number;
  }): void {
    const hour = Math.max(0, this.model.now - operation.late);
    const receipt: Receipt = {
      id: `receipt-${this.receipts.length}`,
      earned: operation.points,
      takenBack: 0,
      spends: [],
    };
    this.receipts.push(receipt);
    const context = this.context(receipt.id, hour);
    const burned = this.histories((lot) =>
      this.entries.some((entry) => entry.lotId === lot.lotId && entry.kind === 'expire'),
    );
    this.model.purchase(hour);
    this.take(disproveBurns(this.state, { purchaseAt: at(hour), days: inactivityDays, burned }, context));
    const start = hour + operation.delay;
    const { now } = this.model;
    const ownEnd = operation.inactivity
      ? Math.max(endOfDays(start, inactivityDays), now + 1)
      : operation.term && now + operation.delay + operation.term;
    const terms = {
      receipt: receipt.id,
      byInactivity: operation.inactivity,
      bounds: operation.bounds,
      paysDebt: operation.pays,
      grace: null,
    };
    const regular = { ...terms, id: '', start, ownEnd, coins: freshCoins(operation.points) };
    // Every other purchase earns at once as well: a return then finds a pending lot and a started one.
    const bonus = { ...terms, id: '', start: hour, ownEnd: now + 10, byInactivity: false, coins: freshCoins(2) };
    const lots = operation.points % 2 === 0 ? [bonus, regular] : [regular];
    receipt.earned = lots.reduce((sum, lot) => sum + lot.coins.length, 0);
    const granted = grant(this.state, lots.map(newLotOf), context);
    for (const [index, lot] of lots.entries()) {
      const made = { ...lot, id: required(granted.lots[index], 'lot').lotId };
      this.model.lots.push(made);
      this.model.becomesSpendable(made, made.coins, false);
    }
    this.take(granted);
  }

  histories(only: (lot: Lot) => boolean): LotHistory[] {
    return [...this.rows.values()]
      .filter(only)
      .map((lot) => ({ lot, entries: this.entries.filter((entry) => entry.lotId === lot.lotId) }));
  }

  /** R8: the parts of a sum, as the account offers them and as the coins lie. */
  parts(asked: number, ownHoldId?: string): LotSpend[] {
    const parts: LotSpend[] = [];
    let left = BigInt(asked);
    for (const offer of spendable(this.state, at(this.model.now), ownHoldId)) {
      const taken = left < offer.spendable ? left : offer.spendable;
      if (taken > 0n) parts.push({ lotId: offer.lotId, points: points(taken) });
      left -= taken;
    }
    return parts;
  }

  redeem(asked: number): void {
    const parts = this.parts(asked);
    const receipt: Receipt = {
      id: `receipt-${this.receipts.length}`,
      earned: 0,
      takenBack: 0,
      spends: parts.map(({ lotId, points: sum }) => ({ lotId, points: Number(sum) })),
    };
    this.receipts.push(receipt);
    for (const { coin } of this.model.spendableCoins().slice(0, asked)) coin.state = 'spent';
    this.take(spend(this.state, parts, this.context(receipt.id)));
  }

  setAside(asked: number, hours: number): void {
    const parts = this.parts(asked);
    if (parts.length === 0) return;
    const holdId = `hold-${this.newId()}`;
    for (const { coin } of this.model.spendableCoins().slice(0, asked)) coin.hold = holdId;
    this.model.holds.set(holdId, this.model.now + hours);
    this.model.partsOf.set(
      holdId,
      parts.map((part) => part.lotId),
    );
    this.take(hold(this.state, { holdId, parts, expiresAt: at(this.model.now + hours) }, this.context(holdId)));
  }

  /** The sale shrinks to so many points; its lots are kept in R8's order. */
  edit(which: number, asked: number, hours: number): void {
    const open = this.holdAt(which);
    if (!open) return;
    let left = BigInt(asked);
    const parts = open.parts.flatMap((part) => {
      const kept = left < part.points ? left : part.points;
      left -= kept;
      return kept > 0n ? [{ lotId: part.lotId, points: points(kept) }] : [];
    });
    if (parts.length === 0) return;
    const keep = new Set<Coin>();
    for (const part of parts) {
      const lot = required(
        this.model.lots.find((any) => any.id === part.lotId),
        'lot',
      );
      for (const coin of lot.coins.filter((any) => any.hold === open.holdId).slice(0, Number(part.points)))
        keep.add(coin);
    }
    this.model.release(open.holdId, keep);
    this.model.holds.set(open.holdId, this.model.now + hours);
    this.model.partsOf.set(
      open.holdId,
      parts.map((part) => part.lotId),
    );
    this.take(
      editHold(
        this.state,
        { holdId: open.holdId, parts, expiresAt: at(this.model.now + hours) },
        this.context(open.holdId),
      ),
    );
  }

  holdAt(which: number) {
    return this.state.holds[which % Math.max(1, this.state.holds.length)];
  }

  cancel(which: number): void {
    const open = this.holdAt(which);
    if (!open) return;
    this.model.release(open.holdId);
    this.take(releaseHold(this.state, open.holdId, this.context(open.holdId)));
  }

  confirm(which: number, asked: number): void {
    const open = this.holdAt(which);
    if (!open) return;
    const whole = open.parts.reduce((sum, part) => sum + Number(part.points), 0);
    const confirmed = confirmHold(
      this.state,
      { holdId: open.holdId, parts: open.parts, points: points(Math.min(asked, whole)) },
      this.context(open.holdId),
    );
    for (const part of confirmed.confirmed.spends) {
      const lot = required(
        this.model.lots.find((any) => any.id === part.lotId),
        'lot',
      );
      for (const coin of lot.coins.filter((any) => any.hold === open.holdId).slice(0, Number(part.points)))
        Object.assign(coin, { state: 'spent', hold: null });
    }
    this.model.release(open.holdId);
    const spends = confirmed.confirmed.spends.map(({ lotId, points: sum }) => ({ lotId, points: Number(sum) }));
    this.receipts.push({ id: open.holdId, earned: 0, takenBack: 0, spends });
    this.take(confirmed);
  }

  /** A part of the sale is shipped: its points are spent, the rest stays held. */
  ship(which: number): void {
    const open = this.holdAt(which);
    const part = open?.parts[0];
    if (!open || !part) return;
    const parts = [{ lotId: part.lotId, points: points((part.points + 1n) / 2n) }];
    const lot = required(
      this.model.lots.find((any) => any.id === part.lotId),
      'lot',
    );
    const coins = lot.coins.filter((any) => any.hold === open.holdId).slice(0, Number((part.points + 1n) / 2n));
    for (const coin of coins) Object.assign(coin, { state: 'spent', hold: null });
    const shipped = spendFromHold(this.state, { holdId: open.holdId, parts }, this.context(open.holdId));
    if (!shipped.state.holds.some((any) => any.holdId === open.holdId)) this.model.holds.delete(open.holdId);
    this.take(shipped);
  }

  returnEarned(which: number, asked: number): void {
    const receipt = this.receipts.filter((any) => any.earned > any.takenBack)[which];
    if (!receipt) return;
    const amount = Math.min(asked, receipt.earned - receipt.takenBack);
    const lots = this.histories((lot) => lot.causeId === receipt.id);
    const command = { receiptId: receipt.id, lots };
    const atOnce = takeBack(this.state, { ...command, points: points(amount) }, this.context('return'));
    this.inParts(atOnce, receipt, amount);
    receipt.takenBack += amount;
    this.model.takeBack(receipt.id, amount);
    this.take(atOnce);
  }

  /** R22: in parts = at once, at the same instant. */
  inParts(atOnce: Decision, receipt: Receipt, amount: number): void {
    const half = Math.floor(amount / 2);
    const own = this.histories((lot) => lot.causeId === receipt.id);
    const first = takeBack(
      this.state,
      { receiptId: receipt.id, lots: own, points: points(half) },
      this.context('return'),
    );
    const rows = new Map(own.map(({ lot }) => [lot.lotId, lot]));
    for (const lot of first.movements.changedLots) if (rows.has(lot.lotId)) rows.set(lot.lotId, lot);
    const after = own.map(({ lot, entries }) => ({
      lot: required(rows.get(lot.lotId), 'lot'),
      entries: [...entries, ...first.movements.entries.filter((entry) => entry.lotId === lot.lotId)],
    }));
    const second = takeBack(
      first.state,
      { receiptId: receipt.id, lots: after, points: points(amount - half) },
      this.context('return'),
    );
    const remains = (state: AccountState) => Object.fromEntries(state.lots.map((lot) => [lot.lotId, lot.remaining]));
    const owed = (state: AccountState) => state.debts.reduce((sum, debt) => sum + debt.remaining, 0n);
    same(remains(second.state), remains(atOnce.state));
    same(owed(second.state), owed(atOnce.state));
  }

  returnSpent(which: number): void {
    const receipt = this.receipts.filter((any) => any.spends.length > 0)[which];
    if (!receipt) return;
    const spends = receipt.spends.map(({ lotId, points: sum }) => ({ lotId, points: points(sum) }));
    receipt.spends = [];
    for (const { lotId, points: sum } of spends)
      this.model.giveBack(
        required(
          this.model.lots.find((any) => any.id === lotId),
          'lot',
        ),
        Number(sum),
      );
    this.take(
      giveBack(this.state, { receiptId: receipt.id, spends, lots: [...this.rows.values()] }, this.context('return')),
    );
  }

  check(): void {
    const { changesAt: _changesAt, ...figures } = figuresOf(this.state, at(this.model.now));
    same(figures, this.model.figures());
    for (const lot of this.model.lots) {
      const row = required(this.rows.get(lot.id), 'row');
      const sum = this.entries
        .filter((entry) => entry.lotId === lot.id)
        .reduce((total, entry) => total + entry.change, 0n);
      const alive = lot.coins.filter((coin) => coin.state === 'alive').length;
      same(
        { lot: lot.id, remaining: row.remaining, sum },
        {
          lot: lot.id,
          remaining: BigInt(alive),
          sum: BigInt(alive),
        },
      );
    }
  }
}
