import * as contract from '@kopilka/contract/members';
import { done } from '#kernel/outcome.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import type { MembersDeps } from '../service/deps.ts';
import { eraseMember, exportMember } from '../service/erase.ts';
import { mergeMembers, previewMerge, unmergeMembers } from '../service/merge.ts';
import { presentMember, presentMerge } from './present.ts';

/** What concerns a person as a whole, over all modules. */
export function personRoutes(deps: MembersDeps): MountedRoute[] {
  return [
    handler(contract.previewMerge, async ({ params, body, caller, now }) => {
      const pair = { survivorId: params.memberId, absorbedId: body.absorbed_id };
      const preview = await previewMerge(deps, { ...pair, reason: body.reason ?? null, by: caller, now });
      if (!preview.ok) return preview;
      const { survivor, absorbed, merged, mementos } = preview.value;
      return done({
        survivor: presentMember(survivor),
        absorbed: presentMember(absorbed),
        merged: presentMember(merged),
        modules: mementos,
      });
    }),
    handler(contract.mergeMembers, async ({ params, body, caller, now }) => {
      const pair = { survivorId: params.memberId, absorbedId: body.absorbed_id };
      const merged = await mergeMembers(deps, { ...pair, reason: body.reason ?? null, by: caller, now });
      return merged.ok ? done(presentMerge(merged.value)) : merged;
    }),
    handler(contract.unmergeMembers, async ({ params, body, caller, now }) => {
      const command = { survivorId: params.memberId, mergeId: body.merge_id, by: caller, now };
      const undone = await unmergeMembers(deps, command);
      return undone.ok ? done(presentMerge(undone.value)) : undone;
    }),
    handler(contract.exportMember, async ({ params, caller, now }) => {
      const exported = await exportMember(deps, { memberId: params.memberId, by: caller, now });
      if (!exported.ok) return exported;
      const { memberId, memberIds, madeAt, modules } = exported.value;
      return done({
        member_id: memberId,
        member_ids: [...memberIds],
        made_at: madeAt.toString(),
        modules: { ...modules },
      });
    }),
    handler(contract.eraseMember, async ({ params, caller, now }) => {
      const erased = await eraseMember(deps, { memberId: params.memberId, by: caller, now });
      return erased.ok ? done(null) : erased;
    }),
  ];
}
