import { Temporal } from 'temporal-polyfill';
import { type Instant, isBefore } from '#kernel/time.ts';
import type { FactOrigin } from './receipt.ts';

/** A POS sends a receipt within moments; a longer way means that the till was offline (R21). */
const liveFor = Temporal.Duration.from({ minutes: 15 });
const reviewedAfter = Temporal.Duration.from({ hours: 30 * 24 });
const aheadMax = Temporal.Duration.from({ minutes: 10 });
const termAfterArrival = Temporal.Duration.from({ hours: 7 * 24 });

export type Arrival = 'live' | 'late' | 'needs_review';

/** R21: what a receipt's own time says about how it came. Imports and replays are told, not guessed. */
export function arrivalOf(at: Instant, now: Instant): Arrival {
  if (isBefore(now.add(aheadMax), at)) return 'needs_review';
  if (isBefore(at, now.subtract(reviewedAfter))) return 'needs_review';
  return isBefore(at, now.subtract(liveFor)) ? 'late' : 'live';
}

export function originOf(arrival: Arrival): FactOrigin {
  return arrival === 'live' ? 'live' : 'late';
}

/** Points of a late receipt burn by its own time, but no sooner than 7 days after it arrived (R21). */
export function burnAfterArrival(burnsAt: Instant | null, now: Instant): Instant | null {
  if (burnsAt === null) return null;
  const soonest = now.add(termAfterArrival);
  return isBefore(burnsAt, soonest) ? soonest : burnsAt;
}
