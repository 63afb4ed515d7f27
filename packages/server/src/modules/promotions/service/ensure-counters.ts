import type { ProgramDocument, TotalLimit } from '#modules/program/index.ts';
import type { Tx } from '#platform/db.ts';
import { ensureLimit } from '../store/limits.ts';

/** When a program is published: each total limit has its counter, and the maximum is the new document's. Counters of promotions that left stay. */
export async function ensureCounters(tx: Tx, document: ProgramDocument): Promise<void> {
  const limited = document.promotions.flatMap(({ code, limits }) => {
    const limit: TotalLimit = {
      uses: big(limits.total_uses),
      points: big(limits.total_points),
      money: big(limits.total_money),
    };
    // Sorted below, as sales take them: publishing beside them cannot deadlock.
    return [{ code, limit }];
  });
  limited.sort((a, b) => (a.code < b.code ? -1 : 1));
  for (const { code, limit } of limited) await ensureLimit(tx, code, limit);
}

function big(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}
