import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Instant, isBefore } from '#kernel/time.ts';
import type { Member, MemberId } from './member.ts';

export const undoDays = 30;

export type MergeRefusal =
  | { readonly code: 'same_member' }
  | { readonly code: 'member_not_found'; readonly field?: string }
  | {
      readonly code: 'already_merged';
      readonly details: { readonly member_id: MemberId; readonly merged_into: MemberId };
    }
  | { readonly code: 'member_erased'; readonly details: { readonly member_id: MemberId } }
  | { readonly code: 'test_differs' };

export function decideMerge(survivor: Member, absorbed: Member): Outcome<null, MergeRefusal> {
  if (survivor.memberId === absorbed.memberId) return refused({ code: 'same_member' });
  for (const member of [survivor, absorbed]) {
    if (member.status === 'erased') return refused({ code: 'member_erased', details: { member_id: member.memberId } });
    if (member.mergedInto !== null) {
      return refused({
        code: 'already_merged',
        details: { member_id: member.memberId, merged_into: member.mergedInto },
      });
    }
  }
  // What a test member did must not enter figures, nor leave them.
  if (survivor.test !== absorbed.test) return refused({ code: 'test_differs' });
  return done(null);
}

export interface MergeRecord {
  readonly mergeId: string;
  /** The survivor's first merge, second … */
  readonly place: number;
  readonly survivorId: MemberId;
  readonly absorbedId: MemberId;
  readonly mergedAt: Instant;
  readonly undoUntil: Instant;
  readonly mergedBy: string;
  readonly reason: string | null;
  readonly undoneAt: Instant | null;
}

export type UnmergeRefusal =
  | { readonly code: 'merge_not_found' }
  | { readonly code: 'already_undone' }
  | { readonly code: 'undo_too_late'; readonly details: { readonly undo_until: string } }
  | { readonly code: 'undo_out_of_order'; readonly details: { readonly undo_first: string } }
  | { readonly code: 'member_erased' };

/** Merges are undone in the reverse order: a later one may have moved on what an earlier one had moved in. */
export function decideUnmerge(
  survivor: Member,
  merges: readonly MergeRecord[],
  command: { readonly mergeId: string; readonly now: Instant },
): Outcome<MergeRecord, UnmergeRefusal> {
  const merge = merges.find((known) => known.mergeId === command.mergeId);
  if (!merge) return refused({ code: 'merge_not_found' });
  if (merge.undoneAt !== null) return refused({ code: 'already_undone' });
  if (survivor.status === 'erased') return refused({ code: 'member_erased' });
  if (survivor.mergedInto !== null) {
    return refused({ code: 'undo_out_of_order', details: { undo_first: `the merge into ${survivor.mergedInto}` } });
  }
  if (!isBefore(command.now, merge.undoUntil)) {
    return refused({ code: 'undo_too_late', details: { undo_until: merge.undoUntil.toString() } });
  }
  const laterMerge = merges.find((known) => known.undoneAt === null && known.place > merge.place);
  if (laterMerge) return refused({ code: 'undo_out_of_order', details: { undo_first: laterMerge.mergeId } });
  return done(merge);
}

const gapNames = ['firstName', 'lastName', 'patronymic', 'birthday', 'gender', 'zone', 'language'] as const;
export type Gap = (typeof gapNames)[number];

/** What the survivor does not know of itself and the absorbed member does: filled in, so that a birthday is not lost. */
export function gapsToFill(survivor: Member, absorbed: Member): Gap[] {
  return gapNames.filter((name) => survivor[name] === null && absorbed[name] !== null);
}
