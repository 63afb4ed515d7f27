import { assert } from '#kernel/assert.ts';
import type { Points } from '#kernel/points.ts';
import { earlier, type Instant, isBefore } from '#kernel/time.ts';
import type { Standing } from './standing.ts';

/** What the ledger says of a member: true until `changesAt` (R7). */
export interface BalanceFigures {
  readonly available: Points;
  readonly pending: Points;
  readonly reserved: Points;
  readonly debt: Points;
  /** The next start, burn, time-out or write-off; null: none. */
  readonly changesAt: Instant | null;
}

/** The figures and, with the tier's review, the instant until which the row is true. */
export function withFigures(standing: Standing, figures: BalanceFigures): Standing {
  return { ...standing, ...figures, changesAt: earlier(figures.changesAt, standing.tierReviewAt) };
}

export function nextRevision(standing: Standing): Standing {
  return { ...standing, revision: standing.revision + 1n };
}

/** True while no instant has passed at which time alone changes a figure or the tier (R7). */
export function isTrueAt(standing: Standing, now: Instant): boolean {
  return standing.changesAt === null || isBefore(now, standing.changesAt);
}

export function assertTrueAt(standing: Standing, now: Instant): void {
  assert(isTrueAt(standing, now), 'figures past their validity are settled first');
}
