import { z } from 'zod';
import { code, dateText, instantText, text, uuid } from '../wire.ts';
import { consentState, consentWord } from './consents.ts';
import { heldIdentity, identityDraft } from './identities.ts';

export const memberStatus = z.enum(['active', 'blocked', 'merged', 'erased']);
const gender = z.enum(['female', 'male']);
const language = z.enum(['ru', 'en']);
const zoneName = text(60).meta({ description: 'IANA time zone', examples: ['Asia/Yekaterinburg'] });

/** By the program's own definitions; see GET /v1/member-fields. */
const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
const fieldValues = z.record(code, fieldValue);
const fieldChanges = z.record(code, z.union([text(2000), z.int(), z.boolean(), z.array(text(200)).max(100), z.null()]));

const personName = text(200).nullable().optional();

export const profileChanges = {
  first_name: personName,
  last_name: personName,
  patronymic: personName,
  birthday: dateText.nullable().optional(),
  gender: gender.nullable().optional(),
  zone: zoneName.nullable().optional(),
  language: language.nullable().optional(),
  fields: fieldChanges.optional(),
};

const profile = {
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  patronymic: z.string().nullable(),
  birthday: dateText.nullable(),
};

export const memberSummary = z
  .object({
    member_id: uuid,
    status: memberStatus,
    ...profile,
    joined_at: instantText,
    staff: z.boolean(),
    test: z.boolean(),
    identities: z.array(heldIdentity),
  })
  .meta({ id: 'MemberSummary' });

export const member = z
  .object({
    member_id: uuid,
    status: memberStatus,
    ...profile,
    gender: gender.nullable(),
    zone: z.string().nullable().meta({ description: 'null: the zone of the shop of joining, else the installation’s' }),
    language: language.nullable(),
    fields: fieldValues,
    joined_at: instantText,
    joined_shop_id: uuid.nullable(),
    staff: z.boolean().meta({ description: 'an employee; their card at their own till is an alert' }),
    test: z.boolean().meta({ description: 'stays out of figures' }),
    origin: z.enum(['live', 'late', 'import', 'replay']),
    blocked_at: instantText.nullable(),
    blocked_reason: z.string().nullable(),
    erased_at: instantText.nullable(),
    created_at: instantText,
    updated_at: instantText,
    identities: z.array(heldIdentity),
    consents: z.array(consentState),
    aliases: z.array(uuid).meta({ description: 'members merged into this one; their ids lead here' }),
  })
  .meta({ id: 'Member' });

export const registerMemberRequest = z.object({
  identities: z.array(identityDraft).max(20),
  ...profileChanges,
  shop: text(60).optional().meta({ description: 'code of the shop where the member joins' }),
  joined_at: instantText.optional(),
  staff: z.boolean().optional(),
  test: z.boolean().optional(),
  consents: z.array(consentWord).max(50).optional(),
  virtual_card: z.boolean().optional().meta({ description: 'left out: as the installation is set' }),
  on_existing: z.enum(['refuse', 'return']).default('refuse').meta({
    description: 'when an identity has an owner: refuse with identity_taken, or answer that member unchanged',
  }),
});

export const memberField = z
  .object({
    code,
    type: z.enum(['text', 'integer', 'date', 'boolean', 'choice', 'list']),
    label: z.object({ ru: text(200), en: text(200) }),
    choices: z
      .array(z.object({ code, label: z.object({ ru: text(200), en: text(200) }) }))
      .max(500)
      .default([]),
    personal: z.boolean().meta({ description: 'tells about a person: removed by an erasure' }),
  })
  .meta({ id: 'MemberField' });
