import { z } from 'zod';
import { route } from '../route.ts';
import { instantText, text, uuid } from '../wire.ts';
import { memberParams } from './identities.ts';
import { member } from './member.ts';

const mergeRequest = z.object({
  absorbed_id: uuid.meta({ description: 'becomes an alias of the member in the path' }),
  reason: text(500).optional(),
});

const mergeRefusals = {
  member_not_found: 404,
  member_erased: 410,
  same_member: 422,
  already_merged: 409,
  test_differs: 409,
} as const;

export const mergeRecord = z
  .object({
    merge_id: uuid,
    survivor_id: uuid,
    absorbed_id: uuid,
    merged_at: instantText,
    undo_until: instantText,
    undone_at: instantText.nullable(),
  })
  .meta({ id: 'Merge' });

export const previewMerge = route({
  method: 'POST',
  path: '/v1/members/:memberId/merge/preview',
  tag: 'members',
  summary: 'What a merge would make of two members; changes nothing',
  scope: 'members:write',
  params: memberParams,
  body: mergeRequest,
  response: z.object({
    survivor: member,
    absorbed: member,
    merged: member,
    modules: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .meta({ description: 'what each module would move' }),
  }),
  refusals: mergeRefusals,
});

export const mergeMembers = route({
  method: 'POST',
  path: '/v1/members/:memberId/merge',
  tag: 'members',
  summary: 'Merge another member into this one',
  description: 'Rewrites nothing and can be undone for 30 days, the latest merge first.',
  scope: 'members:write',
  params: memberParams,
  body: mergeRequest,
  response: mergeRecord,
  status: 201,
  refusals: mergeRefusals,
  idempotencyKey: true,
});

export const unmergeMembers = route({
  method: 'POST',
  path: '/v1/members/:memberId/unmerge',
  tag: 'members',
  summary: 'Undo a merge',
  scope: 'members:write',
  params: memberParams,
  body: z.object({ merge_id: uuid }),
  response: mergeRecord,
  refusals: {
    member_not_found: 404,
    member_erased: 410,
    merge_not_found: 404,
    already_undone: 409,
    undo_too_late: 409,
    undo_out_of_order: 409,
  },
});
