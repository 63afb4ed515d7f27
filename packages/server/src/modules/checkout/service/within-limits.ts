import type { CompiledProgram } from '#modules/program/index.ts';
import { brokenLimit, type KnownBudget, lockBudgets } from '#modules/promotions/index.ts';
import type { Tx } from '#platform/db.ts';
import { needsOf } from '../domain/program-needs.ts';
import type { CheckoutDeps } from './deps.ts';
import { readBudgets } from './quote-sale.ts';

/** What an attempt at a sale has to know of the ones before it. */
export interface Attempt {
  /** 1, 2 … From the second on, budgets are read under lock: what is quoted then fits (R25). */
  readonly number: number;
  /**
   * Budgets from memory, at most a second old. Read before the transaction begins: a use case that holds a connection never waits for another
   * one, or sixteen tills with a pool of sixteen would wait for each other.
   */
  readonly budgets: ReadonlyMap<string, KnownBudget>;
}

const attemptsMax = 5;

/**
 * A total limit is a row that breaks its own constraint when it is overdrawn, so a sale that loses the last slot to a parallel one fails as a
 * whole and is quoted again, without that promotion or with what is left of it (R25).
 */
export async function untilWithinLimits<Value>(
  deps: CheckoutDeps,
  program: CompiledProgram,
  attempt: (attempt: Attempt) => Promise<Value>,
): Promise<Value> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt({ number, budgets: await readBudgets(deps, program) });
    } catch (error) {
      if (brokenLimit(error) === null || number >= attemptsMax) throw error;
    }
  }
}

/** What is left of the program's budgets for this attempt; under lock when an attempt before it lost a slot, or when it is another version's program. */
export async function budgetsOf(
  tx: Tx,
  program: CompiledProgram,
  attempt: Attempt | 'locked',
): Promise<ReadonlyMap<string, KnownBudget>> {
  const { budgets } = needsOf(program);
  if (budgets.length === 0) return new Map();
  if (attempt !== 'locked' && attempt.number === 1) return attempt.budgets;
  // The third attempt takes the budget whole: a sale larger than what lanes leave in the counter.
  return lockBudgets(tx, budgets, { keepWhole: attempt !== 'locked' && attempt.number > 2 });
}

/** Budgets that this attempt believes to be in lanes: it takes from one of those. */
export function lanedOf(attempt: Attempt): ReadonlySet<string> {
  if (attempt.number > 1) return none;
  const laned = [...attempt.budgets].filter(([, budget]) => budget.laned).map(([code]) => code);
  return laned.length === 0 ? none : new Set(laned);
}

const none: ReadonlySet<string> = new Set();
