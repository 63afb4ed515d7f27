import type { Points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import { all, type Db, type Tx } from '#platform/db.ts';
import type { AccountState, CauseKind, Lot, LotHistory } from '../domain/account.ts';
import { joinMovements, type Movements } from '../domain/movements.ts';
import { readOpenDebts, readOpenDebtsOfMany, saveDebts } from './debt-store.ts';
import { readEntriesOfLots, saveEntries } from './entry-store.ts';
import { readHolds, readHoldsOfMany, saveHolds } from './hold-store.ts';
import {
  readBurnedLots,
  readLotsOfCause,
  readOpenLots,
  readOpenLotsOfMany,
  readSpendableLots,
  saveLots,
} from './lot-store.ts';

/** What loading needs of a standing row: it says whether there are debts and holds to ask for at all. */
export interface StandingForAccount {
  readonly memberId: string;
  readonly debt: Points;
  readonly reserved: Points;
  readonly inactivityDeadline: Instant | null;
}

/**
 * The same in the round trip of the lock: open lots are asked for at once, debts and holds only when the locked row says there are any. Await
 * `asked` together with the lock, then hand the row to `complete`.
 */
export function startAccount(
  db: Db,
  memberId: string,
): { readonly asked: Promise<unknown>; complete(standing: StandingForAccount): Promise<AccountState> } {
  const lots = readOpenLots(db, memberId);
  return {
    asked: lots,
    complete: async (standing) => {
      const debts = standing.debt > 0n ? readOpenDebts(db, memberId) : Promise.resolve([]);
      const holds = standing.reserved > 0n ? readHolds(db, memberId) : Promise.resolve([]);
      await all([debts, holds]);
      const { inactivityDeadline } = standing;
      return { memberId, lots: await lots, debts: await debts, holds: await holds, inactivityDeadline };
    },
  };
}

/** Everything open of one member whose locked row is in hand. Mostly one statement: no debts or holds are asked for where the row says none. */
export async function loadAccountOf(db: Db, standing: StandingForAccount): Promise<AccountState> {
  const { memberId } = standing;
  const lots = readOpenLots(db, memberId);
  const debts = standing.debt > 0n ? readOpenDebts(db, memberId) : Promise.resolve([]);
  const holds = standing.reserved > 0n ? readHolds(db, memberId) : Promise.resolve([]);
  await all([lots, debts, holds]);
  return {
    memberId,
    lots: await lots,
    debts: await debts,
    holds: await holds,
    inactivityDeadline: standing.inactivityDeadline,
  };
}

/** The same for a batch: three statements for all. */
export async function loadAccounts(
  db: Db,
  standings: readonly StandingForAccount[],
): Promise<Map<string, AccountState>> {
  const lots = readOpenLotsOfMany(db, idsOf(standings));
  const indebted = standings.filter((standing) => standing.debt > 0n);
  const holding = standings.filter((standing) => standing.reserved > 0n);
  const debts = indebted.length > 0 ? readOpenDebtsOfMany(db, idsOf(indebted)) : Promise.resolve([]);
  const holds = holding.length > 0 ? readHoldsOfMany(db, idsOf(holding)) : Promise.resolve([]);
  await all([lots, debts, holds]);
  const ofLots = groupByMember(await lots);
  const ofDebts = groupByMember(await debts);
  const ofHolds = groupByMember(await holds);
  return new Map(
    standings.map(({ memberId, inactivityDeadline }) => [
      memberId,
      {
        memberId,
        lots: ofLots.get(memberId) ?? [],
        debts: ofDebts.get(memberId) ?? [],
        holds: ofHolds.get(memberId) ?? [],
        inactivityDeadline,
      },
    ]),
  );
}

/**
 * As many lots as the sum needs, for a sale that redeems while the standing row is true (`isTrueAt`). The account is not complete: it is spent from
 * or held from, and its figures go by difference (`figuresAfter`).
 */
export async function loadSpendableLots(
  db: Db,
  standing: StandingForAccount,
  question: { readonly need: Points; readonly now: Instant },
): Promise<AccountState> {
  const { memberId, inactivityDeadline } = standing;
  const lots = await readSpendableLots(db, memberId, { ...question, deadline: inactivityDeadline });
  return { memberId, lots, debts: [], holds: [], inactivityDeadline };
}

/** A receipt's own lots with their history, for its return (R22). */
export async function loadLotsOfCause(
  db: Db,
  memberId: string,
  causeKind: CauseKind,
  causeId: string,
): Promise<LotHistory[]> {
  return withEntries(db, memberId, await readLotsOfCause(db, memberId, { kind: causeKind, id: causeId }));
}

/** Lots of which something burned after an instant, with their history, for a late receipt (R21). */
export async function loadBurnedLots(db: Db, memberId: string, after: Instant): Promise<LotHistory[]> {
  return withEntries(db, memberId, await readBurnedLots(db, memberId, after));
}

async function withEntries(db: Db, memberId: string, lots: readonly Lot[]): Promise<LotHistory[]> {
  if (lots.length === 0) return [];
  const entries = await readEntriesOfLots(
    db,
    memberId,
    lots.map((lot) => lot.lotId),
  );
  return lots.map((lot) => ({ lot, entries: entries.filter((entry) => entry.lotId === lot.lotId) }));
}

/**
 * Writes movements of one or many members: a statement per table that has something to write, sent without waiting in between. Hot paths hand the
 * promise to `commitWith`. Movements of one member are given in the order they were decided.
 */
export async function saveMovements(tx: Tx, movements: readonly Movements[]): Promise<void> {
  const joined = joinMovements(...movements);
  await all([
    ...saveLots(tx, joined.newLots, joined.changedLots),
    ...saveEntries(tx, joined.entries),
    ...saveHolds(tx, [...joined.newHolds, ...joined.changedHolds]),
    ...saveDebts(tx, joined.newDebts, joined.changedDebts),
  ]);
}

function idsOf(standings: readonly StandingForAccount[]): string[] {
  return standings.map((standing) => standing.memberId);
}

function groupByMember<Row extends { readonly memberId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.memberId);
    if (group) group.push(row);
    else groups.set(row.memberId, [row]);
  }
  return groups;
}
