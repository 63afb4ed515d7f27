// One member's points as rules.md has them, written a second time and as plainly as possible: numbers, loops, no database, nothing of ours imported.
const hour = 3_600_000;
const day = 24 * hour;
const zoneOffset = 3 * hour;

/** The end of the n-th local day after the one that `ms` falls into; Moscow has no summer time (R3). */
export function endOfDays(ms: number, n: number): number {
  return (Math.floor((ms + zoneOffset) / day) + n + 1) * day - zoneOffset;
}

export interface NaiveLot {
  readonly number: number;
  readonly receipt: string | null;
  readonly start: number;
  /** Own end; with `inactive` the member's deadline may be later. */
  readonly end: number | null;
  readonly inactive: boolean;
  readonly shop: string | null;
  readonly paysDebt: boolean;
  readonly created: number;
  free: number;
  started: boolean;
  grace: number;
  readonly held: Map<string, number>;
  readonly burned: { at: number; points: number }[];
}

export interface Part {
  readonly lot: NaiveLot;
  readonly points: number;
}

interface NaiveHold {
  readonly id: string;
  readonly heldAt: number;
  parts: Part[];
  readonly expires: number;
}

export class NaiveAccount {
  lots: NaiveLot[] = [];
  debts: { receipt: string; left: number; readonly created: number }[] = [];
  holds = new Map<string, NaiveHold>();
  deadline = 0;
  lastNumber = 0;
  /** Given less taken by hand: all that is left, alive or burned, when every purchase has come back. */
  byHand = 0;

  figures() {
    const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
    return {
      available: sum(this.lots.filter((lot) => lot.started).map((lot) => lot.free)),
      pending: sum(this.lots.filter((lot) => !lot.started).map((lot) => lot.free)),
      reserved: sum(this.lots.flatMap((lot) => [...lot.held.values()])),
      debt: sum(this.debts.map((debt) => debt.left)),
    };
  }

  /** R9: a lot of the inactivity term lives as long as the deadline; a grace prolongs any lot. */
  endOf(lot: NaiveLot): number {
    if (lot.end === null) return Number.POSITIVE_INFINITY;
    return Math.max(lot.end, lot.inactive ? this.deadline : 0, lot.grace);
  }

  /** R7: what time alone does until now, in the order of time; at one instant ends come first, then time-outs, then starts. */
  settle(now: number): void {
    for (;;) {
      const events: { at: number; rank: number; act: () => void }[] = [];
      for (const lot of this.lots) {
        const end = this.endOf(lot);
        if (lot.free > 0) events.push({ at: end, rank: 1, act: () => this.burn(lot, end) });
        if (!lot.started) events.push({ at: lot.start, rank: 3, act: () => this.begin(lot) });
      }
      for (const hold of this.holds.values())
        events.push({ at: hold.expires, rank: 2, act: () => this.release(hold, hold.expires) });
      const next = events.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at || a.rank - b.rank)[0];
      if (!next) return;
      next.act();
    }
  }

  private burn(lot: NaiveLot, at: number): void {
    lot.burned.push({ at, points: lot.free });
    lot.free = 0;
  }

  private begin(lot: NaiveLot): void {
    lot.started = true;
    this.payDebts(lot, lot.free, lot.start, false);
  }

  /** R10: only what becomes spendable pays; a lot that points return to pays its own receipt's debt in any case. */
  private payDebts(lot: NaiveLot, points: number, at: number, ownToo: boolean): void {
    if (!lot.started || this.endOf(lot) <= at) return;
    let left = Math.min(points, lot.free);
    const own = this.debts.filter((debt) => ownToo && debt.receipt === lot.receipt);
    const others = lot.paysDebt ? this.debts.filter((debt) => !own.includes(debt)) : [];
    for (const debt of [...own, ...others.sort((a, b) => a.created - b.created)]) {
      const paid = Math.min(left, debt.left);
      debt.left -= paid;
      lot.free -= paid;
      left -= paid;
    }
  }

  grant(
    lot: Pick<NaiveLot, 'receipt' | 'start' | 'end' | 'inactive' | 'shop' | 'paysDebt'>,
    points: number,
    now: number,
  ): void {
    if (points === 0) return;
    this.lastNumber += 1;
    const made: NaiveLot = {
      ...lot,
      number: this.lastNumber,
      created: now,
      free: points,
      started: lot.start <= now,
      grace: 0,
      held: new Map(),
      burned: [],
    };
    this.lots.push(made);
    this.payDebts(made, points, now, false);
    this.settle(now);
  }

  /** R8: burns first; the more restricted; started first; the older. */
  private inOrder(lots: NaiveLot[]): NaiveLot[] {
    return lots.toSorted(
      (a, b) =>
        (this.endOf(a) < this.endOf(b) ? -1 : this.endOf(a) > this.endOf(b) ? 1 : 0) ||
        Number(b.shop !== null) - Number(a.shop !== null) ||
        a.start - b.start ||
        a.created - b.created ||
        a.number - b.number,
    );
  }

  private spendable(which: 'any' | 'unbound'): NaiveLot[] {
    const fits = (lot: NaiveLot) => lot.shop === null || which === 'any';
    return this.inOrder(this.lots.filter((lot) => lot.started && lot.free > 0 && fits(lot)));
  }

  /** Up to so many points of what may be spent in a shop, an edited hold's own points among them. */
  choose(most: number, shop: string, ownHold?: string): Part[] {
    const own = this.holds.get(ownHold ?? '')?.parts ?? [];
    const fits = (lot: NaiveLot) => lot.shop === null || lot.shop === shop;
    const roomOf = (lot: NaiveLot) => (lot.started ? lot.free : 0) + sumOf(own.filter((part) => part.lot === lot));
    let left = most;
    return this.inOrder(this.lots.filter((lot) => fits(lot) && roomOf(lot) > 0)).flatMap((lot) => {
      const points = Math.min(left, roomOf(lot));
      left -= points;
      return points > 0 ? [{ lot, points }] : [];
    });
  }

  spend(parts: readonly Part[]): void {
    for (const { lot, points } of parts) lot.free -= points;
  }

  /** As much as there is of the lots that fit; answers what was taken. */
  take(most: number, which: 'any' | 'unbound'): Part[] {
    let left = most;
    return this.spendable(which).flatMap((lot) => {
      const points = Math.min(left, lot.free);
      left -= points;
      lot.free -= points;
      return points > 0 ? [{ lot, points }] : [];
    });
  }

  hold(id: string, parts: Part[], times: { now: number; expires: number }): void {
    const before = this.holds.get(id);
    for (const part of before?.parts ?? []) part.lot.held.delete(id);
    for (const part of before?.parts ?? []) part.lot.free += part.points;
    for (const { lot, points } of parts) {
      lot.free -= points;
      lot.held.set(id, points);
    }
    for (const part of before?.parts ?? []) {
      const freed = part.points - (part.lot.held.get(id) ?? 0);
      if (freed > 0) this.freed(part.lot, freed, times.now);
    }
    this.holds.delete(id);
    if (parts.length > 0)
      this.holds.set(id, { id, parts, heldAt: before?.heldAt ?? times.now, expires: times.expires });
    this.settle(times.now);
  }

  /** R18: points that come free after their end live 24 hours more. */
  private freed(lot: NaiveLot, points: number, at: number): void {
    if (this.endOf(lot) <= at) lot.grace = Math.max(lot.grace, at + day);
    this.payDebts(lot, points, at, true);
  }

  private release(hold: NaiveHold, at: number): void {
    this.holds.delete(hold.id);
    for (const { lot, points } of hold.parts) {
      lot.held.delete(hold.id);
      lot.free += points;
      this.freed(lot, points, at);
    }
  }

  cancel(id: string, now: number): void {
    const hold = this.holds.get(id);
    if (hold) this.release(hold, now);
    this.settle(now);
  }

  /** R19: a sale that was held and paid. `parts` as they were held, `wanted` of them. Answers what was spent of which lots, and what is owed. */
  confirm(
    id: string,
    held: { parts: readonly Part[]; heldAt: number; wanted: number },
    now: number,
  ): { spent: Part[]; owed: number } {
    const parts = firstOf(held.parts, held.wanted);
    const open = this.holds.get(id);
    if (open) {
      this.spendOpen(open, parts, now);
      return { spent: parts, owed: 0 };
    }
    const spent: Part[] = [];
    let left = held.wanted;
    for (const part of parts.toSorted((a, b) => firstBurn(a.lot) - firstBurn(b.lot))) {
      for (const burn of part.lot.burned) {
        if (burn.at <= held.heldAt || part.lot.start > held.heldAt) continue;
        const points = Math.min(left, burn.points, part.points - sumOf(spent.filter(({ lot }) => lot === part.lot)));
        burn.points -= points;
        left -= points;
        if (points > 0) spent.push({ lot: part.lot, points });
      }
    }
    for (const part of parts) {
      const points = Math.min(left, part.points, part.lot.started ? part.lot.free : 0);
      part.lot.free -= points;
      left -= points;
      if (points > 0) spent.push({ lot: part.lot, points });
    }
    const others = this.take(left, 'unbound');
    spent.push(...others);
    left -= sumOf(others);
    this.owe(id, left, now);
    return { spent: joined(spent), owed: left };
  }

  /** What was held is spent whatever its dates (R18); the rest comes free. */
  private spendOpen(open: NaiveHold, parts: readonly Part[], now: number): void {
    this.holds.delete(open.id);
    const rests = open.parts.map(({ lot, points }) => ({
      lot,
      points: points - sumOf(parts.filter((part) => part.lot === lot)),
    }));
    for (const { lot, points } of rests) {
      lot.held.delete(open.id);
      lot.free += points;
    }
    for (const { lot, points } of rests) if (points > 0) this.freed(lot, points, now);
    this.settle(now);
  }

  private owe(receipt: string, points: number, now: number): void {
    if (points > 0) this.debts.push({ receipt, left: points, created: now });
  }

  /** R9: renewed by a purchase; R21: a late one disproves the burns that its own time contradicts. */
  renew(at: number, days: number, now: number, late: boolean): void {
    const renewed = endOfDays(at, days);
    this.deadline = Math.max(this.deadline, renewed);
    if (!late) return;
    const revived: Part[] = [];
    for (const lot of this.lots.filter((one) => one.inactive)) {
      for (const burn of lot.burned) {
        if (burn.points === 0 || burn.at <= at || burn.at >= renewed) continue;
        lot.free += burn.points;
        revived.push({ lot, points: burn.points });
        burn.points = 0;
      }
    }
    this.settle(now);
    for (const { lot, points } of revived) this.payDebts(lot, points, now, false);
  }

  /** R22: redeemed points go back to the very lots; a lot that has ended lives again for the shorter of its own term and 14 days. */
  giveBack(receipt: string, parts: readonly Part[], uncovered: number, now: number): void {
    for (const { lot, points } of parts) {
      if (this.endOf(lot) <= now) lot.grace = Math.min(now + (lot.end as number) - lot.start, endOfDays(now, 14));
      lot.free += points;
      this.payDebts(lot, points, now, true);
    }
    let left = uncovered;
    for (const debt of this.debts.filter((one) => one.receipt === receipt)) {
      const cancelled = Math.min(left, debt.left);
      debt.left -= cancelled;
      left -= cancelled;
    }
    this.grant({ receipt: null, start: now, end: null, inactive: false, shop: null, paysDebt: true }, left, now);
  }

  /** R22: earned points are taken back: own lots, pending first; what burned is gone; other points; a debt. */
  takeBack(receipt: string, asked: number, now: number): { gone: number; debt: number } {
    let left = asked;
    const own = this.lots.filter((lot) => lot.receipt === receipt);
    const pendingFirst = [
      ...this.inOrder(own.filter((lot) => !lot.started)),
      ...this.inOrder(own.filter((lot) => lot.started)),
    ];
    for (const lot of pendingFirst) {
      const points = Math.min(left, lot.free);
      lot.free -= points;
      left -= points;
    }
    let gone = 0;
    for (const lot of own) {
      for (const burn of lot.burned) {
        const points = Math.min(left, burn.points);
        burn.points -= points;
        left -= points;
        gone += points;
      }
    }
    left -= sumOf(this.take(left, 'any'));
    this.owe(receipt, left, now);
    return { gone, debt: left };
  }
}

export function sumOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.points, 0);
}

/** The first points of parts in their order. */
export function firstOf(parts: readonly Part[], wanted: number): Part[] {
  return stretch(parts, 0, wanted);
}

/** So many points of the parts after the first `skip`. */
export function stretch(parts: readonly Part[], skip: number, count: number): Part[] {
  let passed = 0;
  return parts.flatMap((part) => {
    const from = Math.max(passed, skip);
    passed += part.points;
    const points = Math.min(passed, skip + count) - from;
    return points > 0 ? [{ lot: part.lot, points }] : [];
  });
}

function firstBurn(lot: NaiveLot): number {
  return Math.min(...lot.burned.filter(({ points }) => points > 0).map(({ at }) => at), Number.POSITIVE_INFINITY);
}

function joined(parts: readonly Part[]): Part[] {
  const lots = new Map<NaiveLot, number>();
  for (const { lot, points } of parts) lots.set(lot, (lots.get(lot) ?? 0) + points);
  return [...lots].map(([lot, points]) => ({ lot, points }));
}
