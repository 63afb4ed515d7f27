import { z } from 'zod';
import { route } from './route.ts';
import { code, instantText, minorUnits, pointsCount, text, uuid } from './wire.ts';

/** As typed: case, spaces, hyphens and look-alike letters do not matter (R26). */
export const promoCodeText = text(64);

export const promoCode = z
  .object({
    code: z.string(),
    kind: z.enum(['common', 'unique', 'personal']),
    promotion: z.string().meta({ description: 'the promotion it switches on' }),
    state: z
      .enum(['usable', 'not_yet', 'ended', 'used_up', 'cancelled'])
      .meta({ description: 'now; a personal code is usable for its member only' }),
    pool_id: uuid.nullable(),
    member_id: uuid.nullable(),
    valid_from: instantText.nullable(),
    valid_until: instantText.nullable().meta({ description: 'exclusive; null: no end' }),
    uses_max: z.int().nullable().meta({ description: 'null: any number' }),
    uses: z.int(),
    created_at: instantText,
  })
  .meta({ id: 'PromoCode' });

const term = { valid_from: instantText.nullable().default(null), valid_until: instantText.nullable().default(null) };

export const createPromoCode = route({
  method: 'POST',
  path: '/v1/promo-codes',
  tag: 'promotions',
  summary: 'Make a promo code: common, or personal when a member is named',
  scope: 'program:write',
  body: z.object({
    code: promoCodeText.meta({ examples: ['ЛЕТО-2026'] }),
    promotion: code,
    member_id: uuid.nullable().default(null),
    uses_max: z.int().min(1).max(2_000_000_000).nullable().default(null),
    ...term,
  }),
  response: promoCode,
  status: 201,
  idempotencyKey: true,
  refusals: { promo_code_taken: 409, promo_code_unreadable: 422, term_reversed: 422, member_not_found: 404 },
});

export const readPromoCode = route({
  method: 'GET',
  path: '/v1/promo-codes/:code',
  tag: 'promotions',
  summary: 'A promo code and what became of it',
  scope: 'program:read',
  params: z.object({ code: promoCodeText }),
  response: promoCode,
  refusals: { promo_code_not_found: 404 },
});

export const cancelPromoCode = route({
  method: 'DELETE',
  path: '/v1/promo-codes/:code',
  tag: 'promotions',
  summary: 'Cancel a promo code: nobody can use it any more, uses taken stay',
  scope: 'program:write',
  params: z.object({ code: promoCodeText }),
  response: z.null(),
  status: 204,
  refusals: { promo_code_not_found: 404 },
});

export const promoCodePool = z
  .object({
    id: uuid,
    name: z.string(),
    promotion: z.string(),
    prefix: z.string(),
    count: z.int(),
    generated: z.int().meta({ description: 'progress: the pool is ready when it equals count' }),
    state: z.enum(['running', 'done']),
    used: z.int().meta({ description: 'codes with at least one use' }),
    uses: z.int(),
    uses_max: z.int().nullable(),
    valid_from: instantText.nullable(),
    valid_until: instantText.nullable(),
    created_at: instantText,
    finished_at: instantText.nullable(),
  })
  .meta({ id: 'PromoCodePool' });

export const createPromoCodePool = route({
  method: 'POST',
  path: '/v1/promo-codes/pools',
  tag: 'promotions',
  summary: 'Generate unique codes, up to a million in one go',
  description:
    'Answered at once; codes are made in the background, also across a restart. Read the pool to see how far it is.',
  scope: 'program:write',
  body: z.object({
    name: text(200),
    promotion: code,
    count: z.int().min(1).max(1_000_000),
    prefix: z
      .string()
      .regex(/^[A-Z0-9]{0,12}$/, 'capital latin letters and digits, at most 12')
      .default(''),
    length: z.int().min(6).max(24).default(10).meta({ description: 'random letters and digits after the prefix' }),
    uses_max: z.int().min(1).max(2_000_000_000).nullable().default(1).meta({ description: 'uses of each code' }),
    ...term,
  }),
  response: promoCodePool,
  status: 202,
  idempotencyKey: true,
  refusals: { pool_too_dense: 422, term_reversed: 422 },
});

export const readPromoCodePool = route({
  method: 'GET',
  path: '/v1/promo-codes/pools/:poolId',
  tag: 'promotions',
  summary: 'A pool: how far it is, how much of it was used',
  scope: 'program:read',
  params: z.object({ poolId: uuid }),
  response: promoCodePool,
  refusals: { pool_not_found: 404 },
});

export const exportPromoCodePool = route({
  method: 'GET',
  path: '/v1/promo-codes/pools/:poolId/export',
  tag: 'promotions',
  summary: 'All codes of a pool as CSV: code, uses, cancelled',
  scope: 'program:read',
  params: z.object({ poolId: uuid }),
  response: z.string(),
  answers: 'text/csv',
  refusals: { pool_not_found: 404, pool_not_ready: 409 },
});

export const personalWindow = z
  .object({
    id: uuid,
    promotion: z.string(),
    from: instantText,
    until: instantText.meta({ description: 'exclusive' }),
    uses_left: z.int().nullable(),
  })
  .meta({ id: 'PersonalWindow' });

export const grantWindow = route({
  method: 'POST',
  path: '/v1/members/:memberId/windows',
  tag: 'promotions',
  summary: 'Switch a promotion on for one member for a time',
  description: 'The same cause grants a promotion once to a member: sending it again changes nothing.',
  scope: 'program:write',
  params: z.object({ memberId: uuid }),
  body: z.object({
    promotion: code,
    from: instantText.nullable().default(null).meta({ description: 'null: now' }),
    until: instantText,
    uses_max: z.int().min(1).max(1_000_000).nullable().default(null),
    cause: text(200).meta({ description: 'why, and the key of a repeat', examples: ['apology-2026-03-14'] }),
  }),
  response: z
    .object({ items: z.array(personalWindow) })
    .meta({ description: 'every window of the member that is open now or later' }),
  status: 201,
  refusals: { member_not_found: 404, term_reversed: 422 },
});

const used = (amount: typeof pointsCount) =>
  z.object({
    used: amount,
    forced: amount.meta({ description: 'over the limit: sales whose money was taken already' }),
    max: amount.nullable(),
  });

export const limitUsed = z
  .object({ promotion: z.string(), uses: used(pointsCount), points: used(pointsCount), money: used(minorUnits) })
  .meta({ id: 'LimitUsed' });

export const listLimits = route({
  method: 'GET',
  path: '/v1/promotions/limits',
  tag: 'promotions',
  summary: 'What was used of every total limit',
  scope: 'program:read',
  response: z.object({ items: z.array(limitUsed) }),
  refusals: {},
});
