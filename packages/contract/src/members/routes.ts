import { z } from 'zod';
import { route } from '../route.ts';
import { instantText, page, pageQuery, text } from '../wire.ts';
import { consentRefusals } from './consents.ts';
import { cardState, identityKind, identityRefusals, livingRefusals, memberParams } from './identities.ts';
import { member, memberField, memberStatus, memberSummary, profileChanges, registerMemberRequest } from './member.ts';

const profileRefusals = {
  birthday_impossible: 422,
  zone_unknown: 422,
  field_unknown: 422,
  field_invalid: 422,
} as const;

export const registerMember = route({
  method: 'POST',
  path: '/v1/members',
  tag: 'members',
  summary: 'Register a member',
  description:
    'One identity has one owner, so a repeat makes no second member: it is refused, or with on_existing "return" answered with the first.',
  scope: 'members:write',
  body: registerMemberRequest,
  response: z.object({ created: z.boolean(), member }),
  status: 201,
  refusals: {
    ...identityRefusals,
    ...profileRefusals,
    ...consentRefusals,
    identity_missing: 422,
    identity_taken: 409,
    identities_of_several_members: 409,
    card_not_available: 409,
    joined_in_future: 422,
  },
  idempotencyKey: true,
});

export const getMember = route({
  method: 'GET',
  path: '/v1/members/:memberId',
  tag: 'members',
  summary: 'One member',
  description: 'The id of a member merged into another answers the other.',
  scope: 'members:read',
  params: memberParams,
  response: member,
  refusals: { member_not_found: 404 },
});

export const findMemberByIdentity = route({
  method: 'GET',
  path: '/v1/members/by-identity',
  tag: 'members',
  summary: 'The member a phone, card or account belongs to',
  scope: 'members:read',
  query: z.object({ kind: identityKind, value: text(300) }),
  response: member.extend({ identity_state: cardState }),
  refusals: { member_not_found: 404, ...identityRefusals },
});

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

export const listMembers = route({
  method: 'GET',
  path: '/v1/members',
  tag: 'members',
  summary: 'Search or list members',
  description:
    'With query: by any identity, or by fragments of names in any order, of an e-mail address, by the last digits of a phone; best first. ' +
    'Without: by the filters, newest first.',
  scope: 'members:read',
  query: pageQuery.extend({
    query: text(200).optional(),
    status: memberStatus.optional(),
    joined_from: instantText.optional(),
    joined_before: instantText.optional(),
    shop: text(60).optional().meta({ description: 'code of the shop of joining' }),
    staff: flag.optional(),
    test: flag.optional(),
  }),
  response: page(memberSummary).extend({
    truncated: z.boolean().meta({ description: 'more match than were looked at: another word finds better' }),
  }),
  refusals: { query_too_short: 422, query_with_filters: 422, shop_unknown: 422 },
});

export const updateMember = route({
  method: 'PATCH',
  path: '/v1/members/:memberId',
  tag: 'members',
  summary: 'Change a profile',
  description: 'What is left out stays, null takes a value away.',
  scope: 'members:write',
  params: memberParams,
  body: z.object({ ...profileChanges, staff: z.boolean().optional() }),
  response: member,
  refusals: { ...livingRefusals, ...profileRefusals },
});

export const blockMember = route({
  method: 'POST',
  path: '/v1/members/:memberId/block',
  tag: 'members',
  summary: 'Block: the member neither earns nor spends',
  scope: 'members:write',
  params: memberParams,
  body: z.object({ reason: text(500) }),
  response: member,
  refusals: livingRefusals,
});

export const unblockMember = route({
  method: 'POST',
  path: '/v1/members/:memberId/unblock',
  tag: 'members',
  summary: 'Unblock',
  scope: 'members:write',
  params: memberParams,
  response: member,
  refusals: livingRefusals,
});

const fieldList = z.object({ fields: z.array(memberField).max(200) });

export const listMemberFields = route({
  method: 'GET',
  path: '/v1/member-fields',
  tag: 'members',
  summary: 'The program’s own profile fields',
  scope: 'members:read',
  response: fieldList,
  refusals: {},
});

export const defineMemberFields = route({
  method: 'PUT',
  path: '/v1/member-fields',
  tag: 'members',
  summary: 'Define the profile fields',
  description: 'The whole list. A field left out is put away with its values kept; a code keeps its type for ever.',
  scope: 'program:write',
  body: fieldList,
  response: fieldList,
  refusals: { field_repeated: 422, field_type_fixed: 409, field_choices_missing: 422 },
});
