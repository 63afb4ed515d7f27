import { type Instant, isBefore } from '#kernel/time.ts';
import type { TiersSection } from './tier.ts';

/** What a job has to do before or at a review, when nobody reads the member by then. Days of 24 hours: a warning needs no local midnight. */
export function dueOf(
  tiers: TiersSection,
  reviewAt: Instant | null,
  now: Instant,
): { readonly dueAt: Instant; readonly kind: 'warning' | 'review'; readonly reviewAt: Instant } | null {
  if (reviewAt === null) return null;
  const warnAt = reviewAt.subtract({ hours: tiers.warning_days * 24 });
  const warned = tiers.warning_days === 0 || isBefore(warnAt, now);
  return { dueAt: warned ? reviewAt : warnAt, kind: warned ? 'review' : 'warning', reviewAt };
}
