import { done } from '#kernel/outcome.ts';
import type { MemberPart } from '#platform/member-parts.ts';
import { readTierHistory } from '../store/changes.ts';
import { clearTiers, readManualRows, readProgressRows } from '../store/member-part.ts';
import type { TiersDeps } from './deps.ts';
import { mergeTiers, unmergeTiers } from './merge-tiers.ts';

const historyMax = 10_000;

/** Tier, its history and progress of a person. Runs after standing's part: the tier itself lives there. */
export function tiersPart(deps: TiersDeps): MemberPart {
  return {
    module: 'tiers',
    tables: ['tiers.tier_change', 'tiers.manual_tier', 'tiers.progress_day', 'tiers.review'],
    exportData: async (db, memberIds) => {
      const [history, manual, days] = await Promise.all([
        readTierHistory(db, memberIds, historyMax),
        readManualRows(db, memberIds),
        readProgressRows(db, memberIds),
      ]);
      return {
        history: history.map(({ at, from, to, cause }) => ({ at: at.toString(), from, to, cause })),
        manual: manual.map(({ tierCode, until, reason }) => ({
          tier: tierCode,
          until: until?.toString() ?? null,
          reason,
        })),
        days: days.map(({ day, paid, receipts, counters }) => ({
          day: day.toString(),
          paid: Number(paid),
          receipts,
          counters,
        })),
      };
    },
    // Reasons of manual tiers are free text, and free text is where names end up.
    erase: async (tx, memberId) => {
      await clearTiers(tx, memberId);
      return done(null);
    },
    merge: (tx, pair, { now }) => mergeTiers(tx, deps, pair, now),
    unmerge: (tx, pair, stored, { now }) => unmergeTiers(tx, deps, { pair, stored, now }),
  };
}
