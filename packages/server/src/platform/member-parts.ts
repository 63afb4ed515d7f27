import type { Temporal } from 'temporal-polyfill';
import type { Outcome, Refusal } from '#kernel/outcome.ts';
import type { Db, Tx } from './db.ts';

/** Why a part says no to an erasure or a merge, such as open_orders. */
export type PartRefusal = Refusal;

export interface PartContext {
  readonly now: Temporal.Instant;
  readonly newId: () => string;
}

/**
 * What a module does with its rows when a person is exported, erased, merged or unmerged. `members` runs all parts in the order wiring gives them,
 * in one transaction. A test fails when a table with member_id belongs to no part.
 */
export interface MemberPart {
  readonly module: string;
  /** Every table of the module with a member_id, as schema.table. */
  readonly tables: readonly string[];
  /** Everything known of the member (family: the member and those merged into it), as plain JSON under the module's name. */
  exportData(db: Db, memberIds: readonly string[]): Promise<Record<string, unknown>>;
  /** Removes personal data, keeps sums (R34). A refusal stops the erasure. */
  erase(tx: Tx, memberId: string, context: PartContext): Promise<Outcome<null, PartRefusal>>;
  /** `absorbed` becomes an alias of `survivor` (R32). Answers what `unmerge` needs to undo it, as JSON. */
  merge(tx: Tx, pair: MergePair, context: PartContext): Promise<Record<string, unknown>>;
  unmerge(tx: Tx, pair: MergePair, memento: Record<string, unknown>, context: PartContext): Promise<void>;
}

export interface MergePair {
  readonly survivorId: string;
  readonly absorbedId: string;
}
