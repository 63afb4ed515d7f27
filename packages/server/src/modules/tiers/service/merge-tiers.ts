import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { required } from '#kernel/assert.ts';
import { type Instant, isAtOrBefore } from '#kernel/time.ts';
import { lockStanding } from '#modules/standing/index.ts';
import type { Tx } from '#platform/db.ts';
import type { MergePair } from '#platform/member-parts.ts';
import { higherPosition, positionOf, withPosition } from '../domain/decide.ts';
import { dueOf } from '../domain/due.ts';
import { rankOf } from '../domain/qualify.ts';
import type { TierCause, TierChange, TierPosition } from '../domain/tier.ts';
import { saveDueReview } from '../store/changes.ts';
import { absorbProgress, releaseProgress } from '../store/member-part.ts';
import { loadTierProgress, saveManualTier } from '../store/progress.ts';
import { saveTier } from './change-tier.ts';
import { type TiersDeps, tiersInForce } from './deps.ts';

const instant = z.string().nullable();
const memento = z.object({
  before: z.object({ tierCode: z.string().nullable(), since: instant, reviewAt: instant }),
  /** The tier that came with the absorbed member; null: none did. */
  came: z.string().nullable(),
  manualTaken: z.boolean(),
  days: z.array(
    z.object({ day: z.string(), paid: z.number(), receipts: z.number(), counters: z.record(z.string(), z.number()) }),
  ),
});

/** Progress adds up, and the tier never falls (R32). */
export async function mergeTiers(
  tx: Tx,
  deps: TiersDeps,
  { survivorId, absorbedId }: MergePair,
  now: Instant,
): Promise<Record<string, unknown>> {
  const tiers = tiersInForce(deps);
  const survivor = required(await lockStanding(tx, survivorId), 'standing of the survivor');
  const absorbed = required(await lockStanding(tx, absorbedId), 'standing of the absorbed');
  const [own, other] = await Promise.all([
    loadTierProgress(tx, survivorId, null),
    loadTierProgress(tx, absorbedId, null),
  ]);
  const days = await absorbProgress(tx, { survivorId, absorbedId });
  const manualTaken =
    other.manual !== null &&
    (other.manual.until === null || !isAtOrBefore(other.manual.until, now)) &&
    (own.manual === null || rankOf(tiers, other.manual.tierCode) > rankOf(tiers, own.manual.tierCode));
  if (manualTaken) await saveManualTier(tx, survivorId, other.manual);
  const before = positionOf(survivor);
  const to = higherPosition(tiers, before, positionOf(absorbed));
  if (to !== before) {
    const isRise = rankOf(tiers, to.tierCode) > rankOf(tiers, before.tierCode);
    const change = moved(survivorId, {
      at: now,
      from: before,
      to,
      cause: 'merge',
      direction: isRise ? 'up' : 'same',
    });
    await saveTier(tx, deps, {
      tiers,
      standing: withPosition(survivor, to),
      changes: [change],
      now,
      origin: 'merge',
    });
  }
  return { before: written(before), came: to === before ? null : to.tierCode, manualTaken, days };
}

export async function unmergeTiers(
  tx: Tx,
  deps: TiersDeps,
  undo: { readonly pair: MergePair; readonly stored: Record<string, unknown>; readonly now: Instant },
): Promise<void> {
  const { pair, stored, now } = undo;
  const { survivorId, absorbedId } = pair;
  const tiers = tiersInForce(deps);
  const { before, came, manualTaken, days } = memento.parse(stored);
  await releaseProgress(tx, { survivorId, absorbedId }, { days });
  if (manualTaken) await saveManualTier(tx, survivorId, null);
  const absorbed = required(await lockStanding(tx, absorbedId), 'standing of the absorbed');
  await saveDueReview(tx, absorbedId, dueOf(tiers, absorbed.tierReviewAt, now));
  const survivor = required(await lockStanding(tx, survivorId), 'standing of the survivor');
  const from = positionOf(survivor);
  // Only the tier that came with the merge goes with it; one reached since stays until its review.
  if (came === null || from.tierCode !== came) return;
  const to = read(before);
  const falls = rankOf(tiers, to.tierCode) < rankOf(tiers, from.tierCode);
  const change = moved(survivorId, { at: now, from, to, cause: 'unmerge', direction: falls ? 'down' : 'same' });
  await saveTier(tx, deps, {
    tiers,
    standing: withPosition(survivor, to),
    changes: [change],
    now,
    origin: 'merge',
  });
}

function moved(
  memberId: string,
  change: Pick<TierChange, 'at' | 'from' | 'to' | 'direction'> & { readonly cause: TierCause },
): TierChange {
  return { memberId, ...change };
}

function written({ tierCode, since, reviewAt }: TierPosition) {
  return { tierCode, since: since?.toString() ?? null, reviewAt: reviewAt?.toString() ?? null };
}

function read(before: { tierCode: string | null; since: string | null; reviewAt: string | null }): TierPosition {
  const at = (text: string | null) => (text === null ? null : Temporal.Instant.from(text));
  return { tierCode: before.tierCode, since: at(before.since), reviewAt: at(before.reviewAt) };
}
