import type { Instant } from '#kernel/time.ts';
import {
  lockFreeStandings,
  nextRevision,
  pageDueMembers,
  type Standing,
  saveStandings,
  withFigures,
} from '#modules/standing/index.ts';
import { commitWith, type Tx } from '#platform/db.ts';
import { factNo, recordFacts } from '#platform/facts.ts';
import type { DueWork } from '#platform/module.ts';
import { figuresOf } from '../domain/figures.ts';
import type { Movements } from '../domain/movements.ts';
import { type Settled, settle } from '../domain/settle.ts';
import { loadAccounts, saveMovements } from '../store/account-store.ts';
import type { LedgerDeps } from './deps.ts';

/**
 * Members per transaction: with ten lots each it holds its locks for about 20 ms (README), well under R44's 100 ms. Balances are true without it
 * (R7); it writes the entries that time has brought and tells the members.
 */
export const membersPerChunk = 100;

/** Sweeps all members in the order of ids, a chunk per call; 0 ends a sweep. A member a till holds at this moment is left for the next one. */
export function settlingWork(deps: LedgerDeps): DueWork {
  let after: string | null = null;
  return {
    name: 'points',
    runDue: async (now) => {
      const due = await pageDueMembers(deps.db, now, after, membersPerChunk);
      after = due.at(-1) ?? null;
      if (due.length > 0) await settleMembers(deps, due, now);
      return due.length;
    },
  };
}

export async function settleMembers(deps: LedgerDeps, memberIds: readonly string[], now: Instant): Promise<number> {
  return deps.db.begin(async (tx) => {
    const standings = await lockFreeStandings(tx, memberIds);
    const accounts = await loadAccounts(tx, [...standings.values()]);
    const movements: Movements[] = [];
    const saved: Standing[] = [];
    const told: Told[] = [];
    for (const standing of standings.values()) {
      const account = accounts.get(standing.memberId);
      if (!account) continue;
      const decision = settle(account, now, { recordedAt: now, newId: deps.newId, settings: deps.settings() });
      movements.push(decision.movements);
      saved.push(nextRevision(withFigures(standing, figuresOf(decision.state, now))));
      told.push({ memberId: standing.memberId, settled: decision.settled });
    }
    return commitWith(saved.length, [
      saveMovements(tx, movements),
      saveStandings(tx, saved),
      tell(tx, deps, told, now),
    ]);
  });
}

interface Told {
  readonly memberId: string;
  readonly settled: Settled;
}

/** One fact per kind and chunk (R44). It belongs to no one member, so it goes under an id of its own. */
function tell(tx: Tx, deps: LedgerDeps, told: readonly Told[], now: Instant): Promise<void> {
  const chunkId = deps.newId();
  const facts = [
    { kind: 'points_expired', members: amounts(told, (settled) => settled.expired) },
    { kind: 'points_started', members: amounts(told, (settled) => settled.started) },
    { kind: 'debts_written_off', members: amounts(told, (settled) => settled.writtenOff) },
  ].filter((fact) => fact.members.length > 0);
  return recordFacts(
    tx,
    facts.map(({ kind, members }, place) => ({
      memberId: chunkId,
      factNo: factNo(0n, place),
      kind,
      at: now,
      origin: 'live' as const,
      data: { members },
    })),
  );
}

function amounts(
  told: readonly Told[],
  amountOf: (settled: Settled) => bigint,
): { member_id: string; points: bigint }[] {
  return told
    .map(({ memberId, settled }) => ({ member_id: memberId, points: amountOf(settled) }))
    .filter((line) => line.points > 0n);
}
