import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#platform/db.ts';
import { dueOf } from '../domain/due.ts';
import type { TierChange, TiersSection } from '../domain/tier.ts';
import { insertTierChanges } from '../store/changes.ts';

export interface CausedChange {
  readonly change: TierChange;
  /** The receipt, for purchase and return. */
  readonly causeId: string | null;
}

export interface SavingContext {
  readonly tiers: TiersSection;
  readonly now: Instant;
  readonly newId: () => string;
}

/** History and what becomes due, of many members; the tier itself is in standing, which the caller saves. Not awaited by hot paths. */
export function saveTierChanges(tx: Tx, changes: readonly CausedChange[], context: SavingContext): Promise<void> {
  const rows = changes.map(({ change, causeId }) => {
    const due = dueOf(context.tiers, change.to.reviewAt, context.now);
    return { change, causeId, changeId: context.newId(), due };
  });
  return rows.length === 0 ? Promise.resolve() : insertTierChanges(tx, rows, context.now);
}
