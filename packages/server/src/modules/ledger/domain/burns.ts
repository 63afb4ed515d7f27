import { type Points, points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { Lot, LotHistory } from './account.ts';
import { compareInstants } from './order.ts';

/** Points of a lot that burned at an instant and stayed burned. */
export interface Burned {
  readonly lot: Lot;
  readonly at: Instant;
  readonly points: Points;
}

/** What burned of these lots and was not undone: a revive entry carries the instant of the burn it undoes. Earliest first. */
export function burnedOf(histories: readonly LotHistory[]): Burned[] {
  const all: Burned[] = [];
  for (const { lot, entries } of histories) {
    const byInstant = new Map<string, { at: Instant; sum: bigint }>();
    for (const entry of entries) {
      if ((entry.kind !== 'expire' && entry.kind !== 'revive') || entry.causeKind === 'erasure') continue;
      const key = entry.at.toString();
      byInstant.set(key, { at: entry.at, sum: (byInstant.get(key)?.sum ?? 0n) - entry.change });
    }
    for (const { at, sum } of byInstant.values()) if (sum > 0n) all.push({ lot, at, points: points(sum) });
  }
  return all.sort((first, second) => compareInstants(first.at, second.at));
}
