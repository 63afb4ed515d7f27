import type { Debt, Entry, Hold, Lot } from './account.ts';

/** How the four figures move; signed. */
export interface FigureChange {
  readonly available: bigint;
  readonly pending: bigint;
  readonly reserved: bigint;
  readonly debt: bigint;
}

/** What a decision asks to be written. Changed rows come whole, as they are afterwards. */
export interface Movements {
  readonly newLots: readonly Lot[];
  readonly changedLots: readonly Lot[];
  readonly entries: readonly Entry[];
  readonly newHolds: readonly Hold[];
  /** With their new parts; no parts: spent or released, the row goes. */
  readonly changedHolds: readonly Hold[];
  readonly newDebts: readonly Debt[];
  readonly changedDebts: readonly Debt[];
  readonly figures: FigureChange;
}

export const noMovements: Movements = {
  newLots: [],
  changedLots: [],
  entries: [],
  newHolds: [],
  changedHolds: [],
  newDebts: [],
  changedDebts: [],
  figures: { available: 0n, pending: 0n, reserved: 0n, debt: 0n },
};

/** Movements of decisions taken one after another, as one: a row keeps its last state, a row made and changed is made as it ended. */
export function joinMovements(...parts: readonly Movements[]): Movements {
  const lots = joinRows(
    parts.map((part) => ({ made: part.newLots, changed: part.changedLots })),
    lotKey,
  );
  const holds = joinRows(
    parts.map((part) => ({ made: part.newHolds, changed: part.changedHolds })),
    holdKey,
  );
  const debts = joinRows(
    parts.map((part) => ({ made: part.newDebts, changed: part.changedDebts })),
    debtKey,
  );
  return {
    newLots: lots.made,
    changedLots: lots.changed,
    entries: parts.flatMap((part) => part.entries),
    // A hold made and released again within one use case never reaches the database.
    newHolds: holds.made.filter((hold) => hold.parts.length > 0),
    changedHolds: holds.changed,
    newDebts: debts.made,
    changedDebts: debts.changed,
    figures: parts.map((part) => part.figures).reduce(addFigures, noMovements.figures),
  };
}

export function addFigures(first: FigureChange, second: FigureChange): FigureChange {
  return {
    available: first.available + second.available,
    pending: first.pending + second.pending,
    reserved: first.reserved + second.reserved,
    debt: first.debt + second.debt,
  };
}

interface Rows<Row> {
  readonly made: readonly Row[];
  readonly changed: readonly Row[];
}

function joinRows<Row>(parts: readonly Rows<Row>[], keyOf: (row: Row) => string): Rows<Row> {
  const made = new Map<string, Row>();
  const changed = new Map<string, Row>();
  for (const part of parts) {
    // Made again after it was closed, such as a hold that timed out and is edited: its row is there, so it is a change.
    for (const row of part.made) (changed.has(keyOf(row)) ? changed : made).set(keyOf(row), row);
    for (const row of part.changed) (made.has(keyOf(row)) ? made : changed).set(keyOf(row), row);
  }
  return { made: [...made.values()], changed: [...changed.values()] };
}

function lotKey(lot: Lot): string {
  return `${lot.memberId} ${lot.lotId}`;
}

function holdKey(hold: Hold): string {
  return `${hold.memberId} ${hold.holdId}`;
}

function debtKey(debt: Debt): string {
  return `${debt.memberId} ${debt.debtId}`;
}
