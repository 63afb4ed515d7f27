import type { BudgetLeft } from '#modules/program/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Db, Tx } from '#platform/db.ts';
import { type LaneShare, laneCount, laneShare } from '../domain/lanes.ts';
import { budgetLeft, drawLanes, lockLimits, readLimits } from '../store/limits.ts';

/** How old a remembered budget may be. The save decides (R25); this only keeps quotes honest. */
const ageMillisecondsMax = 1_000;
const rememberedMax = 10_000;

/** What is left, and whether a sale takes it from a lane. */
export interface KnownBudget extends BudgetLeft {
  readonly laned: boolean;
}

export interface BudgetReader {
  /** What is left of each promotion's total limit. A promotion without a counter yet is missing: nothing of it was used. */
  read(promotionCodes: readonly string[], options?: { readonly fresh?: boolean }): Promise<Map<string, KnownBudget>>;
}

/** Budgets from memory, at most a second old, so that a sale asks the database nothing for them. One reader a process. */
export function budgetReader(db: Db, clock: Clock): BudgetReader {
  const remembered = new Map<string, { readonly at: number; readonly left: KnownBudget | null }>();
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
        const found = new Map(
          (await readLimits(db, asked)).map((limit) => [
            limit.promotionCode,
            { ...budgetLeft(limit), laned: limit.laned },
          ]),
        );
        if (remembered.size > rememberedMax) remembered.clear();
        for (const code of asked) remembered.set(code, { at: now, left: found.get(code) ?? null });
      }
      const answer = new Map<string, KnownBudget>();
      for (const code of promotionCodes) {
        const left = remembered.get(code)?.left;
        if (left) answer.set(code, left);
      }
      return answer;
    },
  };
}

/**
 * The same, locked until the transaction ends: for a sale whose first attempt went over a limit or emptied its lane. What it then quotes is sure to
 * fit, so the last points of a budget are usable under any load (R25). A large budget is laid into lanes again, unless `keepWhole`: what is
 * answered is what the counter itself has, and the sale takes from it. After the member's lock, never before it.
 */
export async function lockBudgets(
  tx: Tx,
  promotionCodes: readonly string[],
  options: { readonly keepWhole?: boolean } = {},
): Promise<Map<string, KnownBudget>> {
  const budgets = new Map<string, KnownBudget>();
  for (const limit of await lockLimits(tx, promotionCodes)) {
    const left = budgetLeft(limit);
    const share = options.keepWhole === true ? null : laneShare(left);
    if (share !== null) await drawLanes(tx, limit.promotionCode, share);
    budgets.set(limit.promotionCode, { ...without(left, share), laned: false });
  }
  return budgets;
}

function without(left: BudgetLeft, share: LaneShare | null): BudgetLeft {
  if (share === null) return left;
  const rest = (whole: bigint | null, part: bigint) => (whole === null ? null : whole - part * BigInt(laneCount));
  return {
    uses: rest(left.uses, share.uses),
    points: rest(left.points, share.points),
    money: rest(left.money, share.money),
  };
}
