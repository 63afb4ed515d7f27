import { z } from 'zod';
import { route } from '../route.ts';
import { instantText, text, uuid } from '../wire.ts';

export const memberParams = z.object({ memberId: uuid });

export const identityKind = z
  .string()
  .regex(
    /^(?:phone|email|card|telegram|max|vk|external:[a-z0-9][a-z0-9_-]{0,62})$/,
    'phone, email, card, telegram, max, vk or external:<system>',
  )
  .meta({ examples: ['phone', 'external:1c'] });
export const cardState = z.enum(['active', 'lost', 'replaced', 'blocked']);

export const proof = z
  .object({
    kind: text(60).meta({ examples: ['sms_code', 'checkbox', 'paper'] }),
    reference: text(500).optional().meta({ description: 'what finds the proof: a message, a form, a session' }),
  })
  .meta({ id: 'Proof' });

export const heldIdentity = z
  .object({
    identity_id: uuid,
    kind: identityKind,
    value: z.string().meta({ description: 'in its one spelling: a phone in E.164, an address in small letters' }),
    state: cardState.meta({ description: 'a card may be other than active' }),
    added_at: instantText,
    confirmed_at: instantText.nullable(),
    source: z.string(),
  })
  .meta({ id: 'MemberIdentity' });

export const identityDraft = z.object({
  kind: identityKind,
  value: text(300).meta({ description: 'in any form people write it in: 8 (912) 345-67-89' }),
  confirmed: z.boolean().optional().meta({ description: 'its owner has proved to have it' }),
  proof: proof.optional(),
});

/** What is wrong with a value, by kind. */
export const identityRefusals = {
  phone_not_a_number: 422,
  phone_too_short: 422,
  phone_too_long: 422,
  phone_impossible: 422,
  phone_not_personal: 422,
  email_invalid: 422,
  card_unreadable: 422,
  card_check_digit: 422,
  account_id_invalid: 422,
  external_id_invalid: 422,
  identity_kind_unknown: 422,
} as const;

export const livingRefusals = { member_not_found: 404, member_erased: 410 } as const;

export const addIdentity = route({
  method: 'POST',
  path: '/v1/members/:memberId/identities',
  tag: 'members',
  summary: 'Add a phone, an address or an account',
  description:
    'A phone needs a confirmation made on that very number, and takes the place of the phones the member had unless keep_others is true. ' +
    'What belongs to another member is refused with identity_taken; take_over gives it to this member (an operator gave the number to a new ' +
    'person): points, receipts and everything else stay where they are.',
  scope: 'members:write',
  params: memberParams,
  body: identityDraft.extend({ keep_others: z.boolean().optional(), take_over: z.boolean().optional() }),
  response: heldIdentity,
  status: 201,
  refusals: {
    ...livingRefusals,
    ...identityRefusals,
    identity_taken: 409,
    confirmation_required: 422,
    card_needs_its_own_route: 422,
  },
});

export const removeIdentity = route({
  method: 'DELETE',
  path: '/v1/members/:memberId/identities/:identityId',
  tag: 'members',
  summary: 'Take an identity away; it stays in the history',
  scope: 'members:write',
  params: memberParams.extend({ identityId: uuid }),
  response: z.null(),
  status: 204,
  refusals: { ...livingRefusals, identity_not_found: 404, last_identity: 409, card_not_active: 409 },
});
