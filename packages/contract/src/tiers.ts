import { z } from 'zod';
import { route } from './route.ts';
import { code, instantText, text, uuid } from './wire.ts';

export const tierProgress = z.object({
  tier: z.string(),
  rule: z.enum(['all', 'any']).meta({ description: 'whether all of the conditions are needed or any' }),
  conditions: z.array(
    z.object({
      figure: z.string().meta({ description: 'money_paid, receipts, reviews, quizzes or counter:<code>' }),
      window: z.string().meta({ description: 'all_time, rolling:<days>, year, quarter or month' }),
      value: z.int(),
      at_least: z.int(),
      left: z.int(),
    }),
  ),
});

export const memberTier = z
  .object({
    tier: z.string().nullable().meta({ description: 'null: the program has no tiers' }),
    since: instantText.nullable(),
    review_at: instantText.nullable().meta({ description: 'when it may fall; null: it does not' }),
    manual: z.object({ tier: z.string(), until: instantText.nullable(), reason: z.string() }).nullable(),
    next: tierProgress.nullable().meta({ description: 'what the next higher tier asks for' }),
    history: z.array(
      z.object({
        at: instantText,
        from: z.string().nullable(),
        to: z.string().nullable(),
        direction: z.enum(['up', 'down', 'same']),
        cause: z.string(),
        receipt_id: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'MemberTier' });

export const readMemberTier = route({
  method: 'GET',
  path: '/v1/members/:memberId/tier',
  tag: 'tiers',
  summary: "A member's tier, the way to the next one, its history",
  scope: 'members:read',
  params: z.object({ memberId: uuid }),
  response: memberTier,
  refusals: { member_not_found: 404 },
});

export const setManualTier = route({
  method: 'PUT',
  path: '/v1/members/:memberId/tier/manual',
  tag: 'tiers',
  summary: 'Give a tier by hand: the member has at least this one while it lasts',
  scope: 'members:write',
  params: z.object({ memberId: uuid }),
  body: z.object({
    tier: code,
    until: instantText.nullable().default(null).meta({ description: 'exclusive; null: until taken away' }),
    reason: text(500),
  }),
  response: memberTier,
  refusals: { member_not_found: 404, tier_unknown: 422, until_passed: 422 },
});

export const removeManualTier = route({
  method: 'DELETE',
  path: '/v1/members/:memberId/tier/manual',
  tag: 'tiers',
  summary: 'Take a manual tier away',
  scope: 'members:write',
  params: z.object({ memberId: uuid }),
  response: memberTier,
  refusals: { member_not_found: 404 },
});

export const addToCounter = route({
  method: 'POST',
  path: '/v1/members/:memberId/counters',
  tag: 'tiers',
  summary: 'Count a review, a quiz, or something of your own towards tiers',
  scope: 'members:write',
  params: z.object({ memberId: uuid }),
  body: z.object({
    counter: code.meta({ examples: ['reviews'] }),
    add: z.int().min(-1_000).max(1_000).default(1),
  }),
  response: memberTier,
  idempotencyKey: true,
  refusals: { member_not_found: 404, counter_negative: 422 },
});
