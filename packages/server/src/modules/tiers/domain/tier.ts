import type { Money } from '#kernel/money.ts';
import type { Instant, PlainDate } from '#kernel/time.ts';

/** Where a member stands in the tiers: three fields of standing. */
export interface TierPosition {
  /** null: the program has no tiers. */
  readonly tierCode: string | null;
  readonly since: Instant | null;
  /** When it can fall (R27), or a manual tier ends; null: never. Past it a reader settles first. */
  readonly reviewAt: Instant | null;
}

/** What conditions measure. The receipt in question is in or out of it: the caller says which by what it hands in. */
export interface TierFigures {
  /** From standing. */
  readonly allTime: TierCounts;
  /** Day buckets in the member's zone; empty when no condition looks at a window. */
  readonly days: readonly DayProgress[];
  readonly manual: ManualTier | null;
}

export interface TierCounts {
  readonly paid: Money;
  readonly receipts: number;
  /** reviews, quizzes and the installation's own counters. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface DayProgress extends TierCounts {
  readonly day: PlainDate;
}

/** Given by hand: while it lasts the tier is at least this one. */
export interface ManualTier {
  readonly tierCode: string;
  /** Exclusive; null: until taken away. */
  readonly until: Instant | null;
  readonly reason: string;
  readonly setBy: string;
  readonly setAt: Instant;
}

export interface TierChange {
  readonly at: Instant;
  readonly from: TierPosition;
  readonly to: TierPosition;
  readonly cause: TierCause;
  /** The receipt, for purchase and return. */
  readonly causeId: string | null;
  /** Up, down or (renewed at a review, or the program renamed its tiers) the same rank. */
  readonly direction: 'up' | 'down' | 'same';
}

export type TierCause =
  | 'purchase'
  | 'return'
  | 'review'
  | 'manual'
  | 'manual_ended'
  | 'counter'
  | 'program'
  | 'merge'
  | 'unmerge'
  | 'import';

/** A pure decision's answer. `changes` is empty when nothing has to be written. */
export interface TierDecision {
  readonly position: TierPosition;
  readonly changes: readonly TierChange[];
}
