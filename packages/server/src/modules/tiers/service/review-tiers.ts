import { earlier, type Instant, localDate } from '#kernel/time.ts';
import { lockFreeStandings, nextRevision, type Standing, saveStandings } from '#modules/standing/index.ts';
import { all, commitWith, type Tx } from '#platform/db.ts';
import { type Fact, recordFacts } from '#platform/facts.ts';
import type { DueWork } from '#platform/module.ts';
import { settleTier, tierNeedsSettling } from '../domain/decide.ts';
import { dueOf } from '../domain/due.ts';
import { earliestDay, rankOf } from '../domain/qualify.ts';
import type { TierChange, TiersSection } from '../domain/tier.ts';
import { type DueReview, readDueReviews, saveDueReview } from '../store/changes.ts';
import { loadTierProgress } from '../store/progress.ts';
import { type TiersDeps, tiersInForce } from './deps.ts';
import { tierFacts, warningFact } from './facts.ts';
import { saveTierChanges } from './save-tier-changes.ts';

/** Short locks (R44): a handful of statements per member. */
const membersPerChunk = 100;

/**
 * Reviews and the warnings before them that are due (R27). The tier is true without it (R7); this writes the history and tells. Rows of members
 * whom a till holds just now are left for the next poke, and so that they do not stop those behind them, a chunk without progress answers 0.
 */
export function reviewWork(deps: TiersDeps): DueWork {
  return {
    name: 'tier_reviews',
    runDue: async (now) => {
      const due = await readDueReviews(deps.db, now, membersPerChunk);
      return due.length === 0 ? 0 : reviewMembers(deps, due, now);
    },
  };
}

interface Reviewed {
  readonly standing: Standing;
  readonly changes: readonly TierChange[];
  readonly facts: readonly Fact[];
  /** undefined: the changes say it. */
  readonly due: DueReview | null | undefined;
}

async function reviewMembers(
  deps: TiersDeps,
  due: readonly (DueReview & { memberId: string })[],
  now: Instant,
): Promise<number> {
  const tiers = tiersInForce(deps);
  return deps.db.begin(async (tx) => {
    const standings = await lockFreeStandings(
      tx,
      due.map(({ memberId }) => memberId),
    );
    const zones = await deps.people.zones(tx, [...standings.keys()]);
    const reviewed: Reviewed[] = [];
    for (const row of due) {
      const standing = standings.get(row.memberId);
      if (standing)
        reviewed.push(await reviewMember(tx, { tiers, standing, zone: zones.get(row.memberId) ?? 'UTC', row, now }));
    }
    return commitWith(reviewed.length, [save(tx, deps, { tiers, reviewed, now })]);
  });
}

interface ReviewCase {
  readonly tiers: TiersSection;
  readonly standing: Standing;
  readonly zone: string;
  readonly row: DueReview;
  readonly now: Instant;
}

async function reviewMember(tx: Tx, { tiers, standing, zone, row, now }: ReviewCase): Promise<Reviewed> {
  const day = localDate(earlier(standing.tierReviewAt, now) ?? now, zone);
  const progress = await loadTierProgress(tx, standing.memberId, earliestDay(tiers, day));
  const revised = nextRevision(standing);
  if (tierNeedsSettling(tiers, standing, now)) {
    const settled = settleTier(tiers, { standing: revised, progress, now, zone });
    const facts = tierFacts(settled.changes, { revision: revised.revision, origin: 'live' });
    const changesAt = earlier(settled.standing.changesAt, settled.standing.tierReviewAt);
    return { standing: { ...settled.standing, changesAt }, changes: settled.changes, facts, due: undefined };
  }
  const reviewAt = standing.tierReviewAt;
  // A review that a purchase has moved since: what is due now is what standing says.
  if (reviewAt === null || row.kind === 'review') {
    return { standing: revised, changes: [], facts: [], due: dueOf(tiers, reviewAt, now) };
  }
  // As things stand, with no purchase until then: windows have moved on by the review.
  const foreseen = settleTier(tiers, { standing, progress, now: reviewAt, zone }).changes[0];
  const falls = foreseen !== undefined && rankOf(tiers, foreseen.to.tierCode) < rankOf(tiers, standing.tierCode);
  const facts = falls ? [warningFact(revised, { to: foreseen.to.tierCode, reviewAt, now })] : [];
  return { standing: revised, changes: [], facts, due: { dueAt: reviewAt, kind: 'review', reviewAt } };
}

function save(
  tx: Tx,
  deps: TiersDeps,
  done: { readonly tiers: TiersSection; readonly reviewed: readonly Reviewed[]; readonly now: Instant },
): Promise<void> {
  const { tiers, reviewed, now } = done;
  const changes = reviewed.flatMap((one) => one.changes.map((change) => ({ change, causeId: null })));
  return all([
    saveTierChanges(tx, changes, { tiers, now, newId: deps.newId }),
    ...reviewed.flatMap(({ standing, due }) => (due === undefined ? [] : [saveDueReview(tx, standing.memberId, due)])),
    recordFacts(
      tx,
      reviewed.flatMap(({ facts }) => facts),
    ),
    saveStandings(
      tx,
      reviewed.map(({ standing }) => standing),
    ),
  ]);
}
