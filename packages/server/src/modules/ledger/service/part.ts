import { z } from 'zod';
import { required } from '#kernel/assert.ts';
import { done } from '#kernel/outcome.ts';
import { lockStandings, nextRevision, type Standing, saveStandings, withFigures } from '#modules/standing/index.ts';
import { all, type Tx } from '#platform/db.ts';
import type { MemberPart, MergePair, PartContext } from '#platform/member-parts.ts';
import type { AccountState } from '../domain/account.ts';
import type { LedgerContext } from '../domain/context.ts';
import { figuresOf } from '../domain/figures.ts';
import { forfeit } from '../domain/forfeit.ts';
import {
  type ClosedTwins,
  type MergeDecision,
  type Moved,
  mergeAccounts,
  type Pair,
  unmergeAccounts,
} from '../domain/merge.ts';
import { joinMovements, type Movements } from '../domain/movements.ts';
import { settle } from '../domain/settle.ts';
import { loadAccounts, saveMovements } from '../store/account-store.ts';
import { readAllDebts, readDebts } from '../store/debt-store.ts';
import { readAllEntries } from '../store/entry-store.ts';
import { readHoldsOfMany } from '../store/hold-store.ts';
import { loadLots, readAllLots } from '../store/lot-store.ts';
import { changeAccount } from './change-account.ts';
import { contextOf, type LedgerDeps } from './deps.ts';

export function ledgerPart(deps: LedgerDeps): MemberPart {
  return {
    module: 'ledger',
    tables: ['ledger.lot', 'ledger.entry', 'ledger.hold', 'ledger.debt'],
    exportData: async (db, memberIds) => ({
      lots: await readAllLots(db, memberIds),
      entries: await readAllEntries(db, memberIds),
      holds: await readHoldsOfMany(db, memberIds),
      debts: await readAllDebts(db, memberIds),
    }),
    erase: async (tx, memberId, { now, newId }) => {
      const context = contextOf({ ...deps, newId }, { now, zone: null, causeKind: 'erasure', causeId: memberId });
      const erased = await changeAccount(tx, memberId, context, (state) => forfeit(state, context));
      return erased.ok ? done(null) : erased;
    },
    merge: async (tx, pair, part) => {
      const context = mergeContext(deps, pair, part);
      const both = await lockBoth(tx, pair, context);
      const twins = await twinsOf(tx, pair.survivorId, both.pair.absorbed);
      const decision = mergeAccounts(both.pair, twins, context);
      await saveBoth(tx, both, decision, context);
      return { ...decision.moved };
    },
    unmerge: async (tx, pair, memento, part) => {
      const context = mergeContext(deps, pair, part);
      const both = await lockBoth(tx, pair, context);
      const twins = await twinsOf(tx, pair.absorbedId, both.pair.survivor);
      await saveBoth(tx, both, unmergeAccounts(both.pair, moved.parse(memento), twins, context), context);
    },
  };
}

const moved = z.object({
  lotIds: z.array(z.string()),
  debtIds: z.array(z.string()),
  holdIds: z.array(z.string()),
}) satisfies z.ZodType<Moved>;

function mergeContext(deps: LedgerDeps, pair: MergePair, { now, newId }: PartContext): LedgerContext {
  return contextOf({ ...deps, newId }, { now, zone: null, causeKind: 'merge', causeId: pair.absorbedId });
}

interface LockedPair {
  readonly standings: ReadonlyMap<string, Standing>;
  readonly pair: Pair;
  readonly settled: Movements;
}

async function lockBoth(tx: Tx, { survivorId, absorbedId }: MergePair, context: LedgerContext): Promise<LockedPair> {
  const standings = await lockStandings(tx, [survivorId, absorbedId]);
  const accounts = await loadAccounts(tx, [...standings.values()]);
  const survivor = settle(required(accounts.get(survivorId), 'account of the survivor'), context.now, context);
  const absorbed = settle(required(accounts.get(absorbedId), 'account of the absorbed'), context.now, context);
  return {
    standings,
    pair: { survivor: survivor.state, absorbed: absorbed.state },
    settled: joinMovements(survivor.movements, absorbed.movements),
  };
}

/** Rows of the receiving member under the ids of those that are to move. Open ones are in its account already. */
async function twinsOf(tx: Tx, memberId: string, giving: AccountState): Promise<ClosedTwins> {
  const lotIds = giving.lots.map((lot) => lot.lotId);
  const debtIds = giving.debts.map((debt) => debt.debtId);
  const [lots, debts] = await Promise.all([loadLots(tx, memberId, lotIds), readDebts(tx, memberId, debtIds)]);
  return { lots: lots.filter((lot) => lot.remaining === 0n), debts: debts.filter((debt) => debt.remaining === 0n) };
}

async function saveBoth(
  tx: Tx,
  { standings, settled }: LockedPair,
  decision: MergeDecision,
  context: LedgerContext,
): Promise<void> {
  const changed = [decision.survivor, decision.absorbed].map((state) => {
    const standing = {
      ...required(standings.get(state.memberId), 'a locked standing'),
      inactivityDeadline: state.inactivityDeadline,
    };
    return nextRevision(withFigures(standing, figuresOf(state, context.now)));
  });
  await all([saveMovements(tx, [settled, decision.movements]), saveStandings(tx, changed)]);
}
