import type { Money } from '#kernel/money.ts';
import type { Instant, PlainDate } from '#kernel/time.ts';
import type { ProgramDocument } from '#modules/program/index.ts';

/** The section `tiers` of the program. */
export type TiersSection = ProgramDocument['tiers'];

/** Where a member stands in the tiers: three fields of standing. */
export interface TierPosition {
  /** null: the program has no tiers. */
  readonly tierCode: string | null;
  readonly since: Instant | null;
  /** When it can fall (R27), or a manual tier ends; null: never. Past it a reader settles first. */
  readonly reviewAt: Instant | null;
}

/** What of a member's progress is not in standing, and what of it is still to be saved. */
export interface TierProgress {
  /** Buckets by day in the member's zone, as far back as the program's conditions look. */
  readonly days: readonly DayProgress[];
  readonly manual: ManualTier | null;
  /** What decisions added since it was loaded; `saveTierProgress` writes it. */
  readonly unsaved: readonly DayProgress[];
}

export interface TierCounts {
  readonly paid: Money;
  readonly receipts: number;
  /** reviews, quizzes and the installation's own counters. */
  readonly counters: Readonly<Record<string, number>>;
}

/** Differences may be negative: a return takes from the day of its receipt. */
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
  readonly memberId: string;
  readonly at: Instant;
  readonly from: TierPosition;
  readonly to: TierPosition;
  readonly cause: TierCause;
  /** same: a review that renewed the tier, or moved the date only. */
  readonly direction: 'up' | 'down' | 'same';
}

export type TierCause =
  | 'purchase'
  | 'return'
  | 'review'
  | 'manual'
  | 'counter'
  | 'program'
  | 'merge'
  | 'unmerge'
  | 'import';

/** The change that a receipt made, for when it is returned. */
export interface TierRaise {
  readonly at: Instant;
  readonly from: TierPosition;
  readonly toTier: string;
}
