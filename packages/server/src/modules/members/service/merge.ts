import type { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { inTransaction, rollBack, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { MemberPart, MergePair } from '#platform/member-parts.ts';
import type { Member, MemberId } from '../domain/member.ts';
import {
  decideMerge,
  decideUnmerge,
  type MergeRecord,
  type MergeRefusal,
  type UnmergeRefusal,
  undoDays,
} from '../domain/merge.ts';
import { lockMember } from '../store/members.ts';
import { findMementos, insertMerge, listMerges, type Mementos, recordUndone } from '../store/merges.ts';
import { type MembersDeps, recordChange } from './deps.ts';
import { membersPart } from './part.ts';
import { type MemberView, viewMember } from './view.ts';

export interface MergeCommand {
  readonly survivorId: MemberId;
  readonly absorbedId: MemberId;
  readonly reason: string | null;
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

/** Ours first: the identities of both lead to the survivor before other modules move what hangs on them. */
export function partsOf(deps: MembersDeps): MemberPart[] {
  return [membersPart(deps), ...deps.parts().filter((part) => part.module !== 'members')];
}

export async function mergeMembers(
  deps: MembersDeps,
  command: MergeCommand,
): Promise<Outcome<MergeRecord, MergeRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    const merged = await mergeWithin(tx, deps, command);
    return merged.ok ? done(merged.value.record) : merged;
  });
}

export interface MergePreview {
  readonly survivor: MemberView;
  readonly absorbed: MemberView;
  /** The survivor as it would be. */
  readonly merged: MemberView;
  /** What each module would remember to undo it: what it would move. */
  readonly mementos: Mementos;
}

/** The merge itself, rolled back: a preview that cannot differ from it. */
export async function previewMerge(
  deps: MembersDeps,
  command: MergeCommand,
): Promise<Outcome<MergePreview, MergeRefusal>> {
  const survivor = await viewMember(deps.db, command.survivorId);
  const absorbed = await viewMember(deps.db, command.absorbedId);
  if (!survivor.ok) return refused({ ...survivor.refusal, field: '/member_id' });
  if (!absorbed.ok) return refused({ ...absorbed.refusal, field: '/absorbed_id' });
  return deps.db.begin(async (tx): Promise<Outcome<MergePreview, MergeRefusal>> => {
    const merged = await mergeWithin(tx, deps, command);
    if (!merged.ok) return rollBack(merged);
    const after = await viewMember(tx, command.survivorId);
    if (!after.ok) return rollBack(after);
    const { mementos } = merged.value;
    return rollBack(done({ survivor: survivor.value, absorbed: absorbed.value, merged: after.value, mementos }));
  });
}

async function mergeWithin(
  tx: Tx,
  deps: MembersDeps,
  command: MergeCommand,
): Promise<Outcome<{ readonly record: MergeRecord; readonly mementos: Mementos }, MergeRefusal>> {
  const { survivorId, absorbedId, now, by, reason } = command;
  const pair: MergePair = { survivorId, absorbedId };
  const { survivor, absorbed } = await lockBoth(tx, pair);
  if (survivor === null) return refused({ code: 'member_not_found', field: '/member_id' });
  if (absorbed === null) return refused({ code: 'member_not_found', field: '/absorbed_id' });
  const decision = decideMerge(survivor, absorbed);
  if (!decision.ok) return decision;
  const mementos: Record<string, Record<string, unknown>> = {};
  for (const part of partsOf(deps)) mementos[part.module] = await part.merge(tx, pair, { now, newId: deps.newId });
  await tellBlocking(tx, deps, { survivor, blocked: survivor.status === 'active' && absorbed.status === 'blocked' });
  const record: MergeRecord = {
    mergeId: deps.newId(),
    place: (await listMerges(tx, survivorId)).length + 1,
    ...{ survivorId, absorbedId, mergedAt: now, mergedBy: by.id, reason, undoneAt: null },
    // Days of 24 hours: nothing here depends on anyone's zone.
    undoUntil: now.add({ hours: undoDays * 24 }),
  };
  await insertMerge(tx, record, mementos);
  await recordChange(tx, deps, {
    ...{ action: 'member.merge', fact: 'member_merged', memberId: survivorId, at: now, by, origin: 'merge' },
    data: { absorbed_id: absorbedId, merge_id: record.mergeId },
  });
  return done({ record, mementos });
}

/** In the order of ids, so that two who merge the same pair either way wait for each other. */
async function lockBoth(tx: Tx, pair: MergePair): Promise<{ survivor: Member | null; absorbed: Member | null }> {
  const locked = new Map<MemberId, Member | null>();
  for (const id of [pair.survivorId, pair.absorbedId].sort()) locked.set(id, await lockMember(tx, id));
  return { survivor: locked.get(pair.survivorId) ?? null, absorbed: locked.get(pair.absorbedId) ?? null };
}

async function tellBlocking(
  tx: Tx,
  deps: MembersDeps,
  change: { readonly survivor: Member; readonly blocked: boolean },
): Promise<void> {
  if (change.blocked) await deps.hooks.blocked(tx, { memberId: change.survivor.memberId, blocked: true });
}

export interface UnmergeCommand {
  readonly survivorId: MemberId;
  readonly mergeId: string;
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

export async function unmergeMembers(
  deps: MembersDeps,
  command: UnmergeCommand,
): Promise<Outcome<MergeRecord, UnmergeRefusal | { readonly code: 'member_not_found' }>> {
  const { survivorId, mergeId, now, by } = command;
  return inTransaction(deps.db, async (tx) => {
    const merges = await listMerges(tx, survivorId);
    const asked = merges.find((merge) => merge.mergeId === mergeId);
    if (!asked) return refused({ code: 'merge_not_found' });
    const { survivor, absorbed } = await lockBoth(tx, asked);
    if (survivor === null || absorbed === null) return refused({ code: 'member_not_found' });
    // Read again under the lock: another undo may have been first.
    const decision = decideUnmerge(survivor, await listMerges(tx, survivorId), { mergeId, now });
    if (!decision.ok) return decision;
    const mementos = await findMementos(tx, decision.value);
    for (const part of partsOf(deps).reverse()) {
      await part.unmerge(tx, asked, mementos[part.module] ?? {}, { now, newId: deps.newId });
    }
    const stillBlocked = (await lockMember(tx, survivorId))?.status === 'blocked';
    if (survivor.status === 'blocked' && !stillBlocked)
      await deps.hooks.blocked(tx, { memberId: survivorId, blocked: false });
    await recordUndone(tx, asked, { at: now, by: by.id });
    for (const memberId of [survivorId, asked.absorbedId]) {
      await recordChange(tx, deps, {
        ...{ action: 'member.unmerge', fact: 'member_unmerged', memberId, at: now, by, origin: 'merge' },
        data: { survivor_id: survivorId, absorbed_id: asked.absorbedId, merge_id: mergeId },
      });
    }
    return done({ ...asked, undoneAt: now });
  });
}
