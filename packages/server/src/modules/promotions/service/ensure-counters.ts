import type { ProgramDocument, TotalLimit } from '#modules/program/index.ts';
import type { Tx } from '#platform/db.ts';
import { ensureLimit, liftLimits, lockLimits } from '../store/limits.ts';
import { lockBudgets } from './budgets.ts';

/**
 * When a program is published: each total limit has its counter, and the maximum is the new document's. A promotion that lost its limit is
 * counted on without one; counters of promotions that left stay, for receipts of older versions.
 */
export async function ensureCounters(tx: Tx, document: ProgramDocument): Promise<void> {
  const limits = document.promotions.map(
    ({ code, limits: { total_uses: uses, total_points: points, total_money: money } }) => {
      return { code, limit: { uses: big(uses), points: big(points), money: big(money) } };
    },
  );
  const [limited, free] = [
    limits.filter(({ limit }) => isLimited(limit)),
    limits.filter(({ limit }) => !isLimited(limit)),
  ];
  // Lanes first: what they still hold is not used, and the new maximum is measured against what is.
  await lockLimits(
    tx,
    limits.map(({ code }) => code),
  );
  // Sorted, as sales take them: publishing beside them cannot deadlock.
  for (const { code, limit } of limited.toSorted((a, b) => (a.code < b.code ? -1 : 1)))
    await ensureLimit(tx, code, limit);
  await liftLimits(
    tx,
    free.map(({ code }) => code),
  );
  await lockBudgets(
    tx,
    limited.map(({ code }) => code),
  );
}

function isLimited({ uses, points, money }: TotalLimit): boolean {
  return uses !== null || points !== null || money !== null;
}

function big(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}
