import { z } from 'zod';
import { route } from '../route.ts';
import { instantText, text, uuid } from '../wire.ts';
import { livingRefusals, memberParams, proof } from './identities.ts';

export const consentChannel = z.enum(['any', 'sms', 'call', 'email', 'telegram', 'max', 'vk', 'push', 'wallet']);
export const consentPurpose = z.enum(['advertising', 'service', 'profiling', 'personal_data']);

export const consentWord = z.object({
  channel: consentChannel,
  purpose: consentPurpose,
  given: z.boolean(),
  at: instantText.optional().meta({ description: 'when it was said; now when left out' }),
  source: text(60).meta({ examples: ['till', 'site', 'telegram_bot'] }),
  shop: text(60).optional().meta({ description: 'code of the shop where it was said' }),
  text_shown: text(5000).optional().meta({ description: 'what the person read; needed when given' }),
  proof: proof.optional().meta({ description: 'needed when given: no proof means no consent' }),
});

export const consentEntry = z
  .object({
    consent_id: uuid,
    channel: consentChannel,
    purpose: consentPurpose,
    given: z.boolean(),
    at: instantText,
    source: z.string(),
    shop_id: uuid.nullable(),
    text_shown: z.string().nullable(),
    proof: proof.nullable(),
  })
  .meta({ id: 'ConsentEntry' });

export const consentState = z
  .object({ channel: consentChannel, purpose: consentPurpose, given: z.boolean(), at: instantText })
  .meta({ id: 'ConsentState' });

const consentLog = z.object({
  current: z.array(consentState).meta({ description: 'the last word on each channel and purpose' }),
  log: z.array(consentEntry).meta({ description: 'everything that was said, oldest first' }),
});

export const consentRefusals = { consent_without_proof: 422, consent_in_future: 422, shop_unknown: 422 } as const;

export const listConsents = route({
  method: 'GET',
  path: '/v1/members/:memberId/consents',
  tag: 'members',
  summary: 'What the member allowed, and how it is known',
  scope: 'members:read',
  params: memberParams,
  response: consentLog,
  refusals: { member_not_found: 404 },
});

export const addConsents = route({
  method: 'POST',
  path: '/v1/members/:memberId/consents',
  tag: 'members',
  summary: 'Write down consents given or taken back',
  description: 'The log only grows. A "yes" needs the text shown and a proof; a "no" needs nothing and holds at once.',
  scope: 'members:write',
  params: memberParams,
  body: z.object({ consents: z.array(consentWord).min(1).max(50) }),
  response: consentLog,
  status: 201,
  refusals: { ...livingRefusals, ...consentRefusals },
});
