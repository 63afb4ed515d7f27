import type { BudgetLeft } from '#modules/program/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Db, Tx } from '#platform/db.ts';
import { budgetLeft, lockLimits, readLimits } from '../store/limits.ts';

/** How old a remembered budget may be. The save decides (R25); this only keeps quotes honest. */
const ageMillisecondsMax = 1_000;
const rememberedMax = 10_000;

export interface BudgetReader {
  /** What is left of each promotion's total limit. A promotion without a counter yet is missing: nothing of it was used. */
  read(promotionCodes: readonly string[], options?: { readonly fresh?: boolean }): Promise<Map<string, BudgetLeft>>;
}

/** Budgets from memory, at most a second old, so that a sale asks the database nothing for them. One reader a process. */
export function budgetReader(db: Db, clock: Clock): BudgetReader {
  const remembered = new Map<string, { readonly at: number; readonly left: BudgetLeft | null }>();
  const isFresh = (code: string, now: number): boolean => {
    const known = remembered.get(code);
    return known !== undefined && now >= known.at && now - known.at < ageMillisecondsMax;
  };
  return {
    read: async (promotionCodes, options) => {
      const now = clock.now().epochMilliseconds;
      const asked =
        options?.fresh === true ? [...promotionCodes] : promotionCodes.filter((code) => !isFresh(code, now));
      if (asked.length > 0) {
        const found = new Map((await readLimits(db, asked)).map((limit) => [limit.promotionCode, budgetLeft(limit)]));
        if (remembered.size > rememberedMax) remembered.clear();
        for (const code of asked) remembered.set(code, { at: now, left: found.get(code) ?? null });
      }
      const answer = new Map<string, BudgetLeft>();
      for (const code of promotionCodes) {
        const left = remembered.get(code)?.left;
        if (left) answer.set(code, left);
      }
      return answer;
    },
  };
}

/**
 * The same, locked until the transaction ends: for the second attempt of a sale whose first went over a limit. What it then quotes is sure to
 * fit, so the last points of a budget are usable under any load (R25). After the member's lock, never before it.
 */
export async function lockBudgets(tx: Tx, promotionCodes: readonly string[]): Promise<Map<string, BudgetLeft>> {
  const limits = await lockLimits(tx, promotionCodes);
  return new Map(limits.map((limit) => [limit.promotionCode, budgetLeft(limit)]));
}
