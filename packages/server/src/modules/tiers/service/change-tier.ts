import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { earlier, type Instant, isAtOrBefore, localDate } from '#kernel/time.ts';
import { recordAudit } from '#modules/access/index.ts';
import { lockStanding, nextRevision, type Standing, saveStanding } from '#modules/standing/index.ts';
import { all, inTransaction, type Tx } from '#platform/db.ts';
import { type FactOrigin, recordFacts } from '#platform/facts.ts';
import type { Caller } from '#platform/http/caller.ts';
import { progressAfterCounter, settleTier, tierAfterManual, tierNeedsSettling } from '../domain/decide.ts';
import { earliestDay, rankOf } from '../domain/qualify.ts';
import type { ManualTier, TierChange, TierProgress, TiersSection } from '../domain/tier.ts';
import { loadTierProgress, saveManualTier, saveTierProgress } from '../store/progress.ts';
import { type TiersDeps, tiersInForce, zoneOf } from './deps.ts';
import { tierFacts } from './facts.ts';
import { saveTierChanges } from './save-tier-changes.ts';

export interface TierCommand {
  readonly memberId: string;
  readonly now: Instant;
  readonly caller: Caller;
}

type NotFound = { readonly code: 'member_not_found' };

/** One member's tier, settled as of now and locked. */
interface Locked {
  readonly tiers: TiersSection;
  readonly standing: Standing;
  readonly progress: TierProgress;
  readonly zone: string;
  /** What settling found due. */
  readonly changes: readonly TierChange[];
}

async function lockSettled(tx: Tx, deps: TiersDeps, memberId: string, now: Instant): Promise<Locked | null> {
  const stored = await lockStanding(tx, memberId);
  if (stored === null) return null;
  const tiers = tiersInForce(deps);
  const zone = await zoneOf(deps, tx, memberId);
  const progress = await loadTierProgress(
    tx,
    memberId,
    earliestDay(tiers, localDate(earlier(stored.tierReviewAt, now) ?? now, zone)),
  );
  const settled = tierNeedsSettling(tiers, stored, now)
    ? settleTier(tiers, { standing: stored, progress, now, zone })
    : { standing: stored, changes: [] };
  return { tiers, standing: settled.standing, progress, zone, changes: settled.changes };
}

/** The standing, the history, what is due and what others hear of it. A figure's own next change may be nearer than the review: the earlier stays. */
export async function saveTier(
  tx: Tx,
  deps: Pick<TiersDeps, 'newId'>,
  write: {
    readonly tiers: TiersSection;
    readonly standing: Standing;
    readonly changes: readonly TierChange[];
    readonly now: Instant;
    readonly origin: FactOrigin;
  },
): Promise<Standing> {
  const { tiers, changes, now, origin } = write;
  const changesAt = earlier(write.standing.changesAt, write.standing.tierReviewAt);
  const standing = nextRevision({ ...write.standing, changesAt });
  const caused = changes.map((change) => ({ change, causeId: null }));
  await all([
    saveTierChanges(tx, caused, { tiers, now, newId: deps.newId }),
    recordFacts(tx, tierFacts(changes, { revision: standing.revision, origin })),
    saveStanding(tx, standing),
  ]);
  return standing;
}

export interface ManualCommand extends TierCommand {
  /** null: take the manual tier away. */
  readonly tier: { readonly code: string; readonly until: Instant | null; readonly reason: string } | null;
}

export type ManualRefusal =
  | NotFound
  | { readonly code: 'tier_unknown'; readonly field: '/tier' }
  | { readonly code: 'until_passed'; readonly field: '/until' };

/** Gives a tier by hand, or takes it away: what progress has earned comes through again at once. */
export async function setManualTier(
  deps: TiersDeps,
  command: ManualCommand,
): Promise<Outcome<Standing, ManualRefusal>> {
  const { tier, now, caller } = command;
  if (tier !== null && rankOf(tiersInForce(deps), tier.code) < 0)
    return refused({ code: 'tier_unknown', field: '/tier' });
  if (tier?.until && isAtOrBefore(tier.until, now)) return refused({ code: 'until_passed', field: '/until' });
  const memberId = await deps.people.resolve(command.memberId);
  if (memberId === null) return refused({ code: 'member_not_found' });
  return inTransaction(deps.db, async (tx) => {
    const locked = await lockSettled(tx, deps, memberId, now);
    if (locked === null) return refused({ code: 'member_not_found' });
    const { tiers, zone } = locked;
    const manual: ManualTier | null = tier && {
      tierCode: tier.code,
      until: tier.until,
      reason: tier.reason,
      setBy: caller.name,
      setAt: now,
    };
    const decision = tierAfterManual(tiers, {
      standing: locked.standing,
      progress: { ...locked.progress, manual },
      now,
      zone,
    });
    await saveManualTier(tx, memberId, manual);
    const changes = [...locked.changes, ...(decision.change ? [decision.change] : [])];
    const saved = await saveTier(tx, deps, { tiers, standing: decision.standing, changes, now, origin: 'live' });
    const after = manual && { tier: manual.tierCode, until: manual.until?.toString() ?? null, reason: manual.reason };
    const subject = { kind: 'member', id: memberId };
    await recordAudit(tx, {
      now,
      newId: deps.newId,
      caller,
      action: 'tier.manual',
      subject,
      before: locked.standing.tierCode,
      after,
    });
    return done(saved);
  });
}

export interface CounterCommand extends TierCommand {
  readonly counter: string;
  readonly add: number;
}

export type CounterRefusal = NotFound | { readonly code: 'counter_negative'; readonly field: '/add' };

/** A review, a quiz, an own counter: all-time in standing, by day here. The tier may rise at once. */
export async function addToCounter(
  deps: TiersDeps,
  command: CounterCommand,
): Promise<Outcome<Standing, CounterRefusal>> {
  const memberId = await deps.people.resolve(command.memberId);
  if (memberId === null) return refused({ code: 'member_not_found' });
  return inTransaction(deps.db, (tx) => addCounter(tx, deps, { ...command, memberId, origin: 'live' }));
}

/** The same for modules above, within their transaction: a quiz passed, a review accepted. */
export async function addCounter(
  tx: Tx,
  deps: TiersDeps,
  command: {
    readonly memberId: string;
    readonly counter: string;
    readonly add: number;
    readonly now: Instant;
    readonly origin: FactOrigin;
  },
): Promise<Outcome<Standing, CounterRefusal>> {
  const { memberId, counter, add, now, origin } = command;
  const locked = await lockSettled(tx, deps, memberId, now);
  if (locked === null) return refused({ code: 'member_not_found' });
  const { tiers, zone } = locked;
  const count = (locked.standing.counters[counter] ?? 0) + add;
  if (count < 0) return refused({ code: 'counter_negative', field: '/add' });
  const standing = { ...locked.standing, counters: { ...locked.standing.counters, [counter]: count } };
  const decision = progressAfterCounter(tiers, { standing, progress: locked.progress, now, zone, counter, count: add });
  const changes = [...locked.changes, ...(decision.change ? [decision.change] : [])];
  await saveTierProgress(tx, [{ memberId, unsaved: decision.progress?.unsaved ?? [] }]);
  return done(await saveTier(tx, deps, { tiers, standing: decision.standing, changes, now, origin }));
}
