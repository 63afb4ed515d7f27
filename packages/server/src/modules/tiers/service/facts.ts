import type { Instant } from '#kernel/time.ts';
import type { Standing } from '#modules/standing/index.ts';
import { type Fact, type FactOrigin, factNo } from '#platform/facts.ts';
import type { TierChange } from '../domain/tier.ts';

// The module's place among the facts of one revision, so that modules that share a revision do not clash.
const factPlace = 600;

/** What others hear of changes: rises and falls. A renewed date is nobody's news. `revision` is the saved standing's. */
export function tierFacts(
  changes: readonly TierChange[],
  written: { readonly revision: bigint; readonly origin: FactOrigin },
): Fact[] {
  return changes
    .filter((change) => change.direction !== 'same')
    .map(({ memberId, at, from, to, direction, cause }, place) => ({
      memberId,
      factNo: factNo(written.revision, factPlace + place),
      kind: 'tier_changed',
      at,
      origin: written.origin,
      data: {
        from: from.tierCode,
        to: to.tierCode,
        direction,
        cause,
        review_at: to.reviewAt?.toString() ?? null,
      },
    }));
}

/** Told before a review that would lower the tier (R27). */
export function warningFact(
  standing: Standing,
  warning: { readonly to: string | null; readonly reviewAt: Instant; readonly now: Instant },
): Fact {
  return {
    memberId: standing.memberId,
    factNo: factNo(standing.revision, factPlace),
    kind: 'tier_will_fall',
    at: warning.now,
    origin: 'live',
    data: { from: standing.tierCode, to: warning.to, review_at: warning.reviewAt.toString() },
  };
}
