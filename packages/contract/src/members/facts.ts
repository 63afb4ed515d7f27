import { z } from 'zod';
import { uuid } from '../wire.ts';
import { consentChannel, consentPurpose } from './consents.ts';

/** What listeners and webhooks are told of a member. Never personal data: whoever may see it asks for the member. */
export const memberFacts = [
  z.object({
    kind: z.literal('member_registered'),
    data: z.object({ shop_id: uuid.nullable(), source: z.string(), test: z.boolean() }),
  }),
  z.object({ kind: z.literal('member_updated'), data: z.object({ changed: z.array(z.string()) }) }),
  z.object({ kind: z.literal('member_blocked'), data: z.object({}) }),
  z.object({ kind: z.literal('member_unblocked'), data: z.object({}) }),
  z.object({
    kind: z.literal('member_identity_changed'),
    data: z.object({
      kind: z.string(),
      change: z.string(),
      confirmed: z.boolean().optional(),
      virtual: z.boolean().optional(),
    }),
  }),
  z.object({
    kind: z.literal('member_consent_changed'),
    data: z.object({
      words: z.array(z.object({ channel: consentChannel, purpose: consentPurpose, given: z.boolean() })),
    }),
  }),
  z.object({ kind: z.literal('member_merged'), data: z.object({ absorbed_id: uuid, merge_id: uuid }) }),
  z.object({
    kind: z.literal('member_unmerged'),
    data: z.object({ survivor_id: uuid, absorbed_id: uuid, merge_id: uuid }),
  }),
  z.object({ kind: z.literal('member_erased'), data: z.object({ aliases: z.array(uuid) }) }),
] as const;
