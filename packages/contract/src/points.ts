import { z } from 'zod';
import { route } from './route.ts';
import {
  code,
  dateText,
  instantText,
  integerMax,
  page,
  pageQuery,
  pointsCount,
  pointsDelta,
  text,
  uuid,
} from './wire.ts';

const memberParams = z.object({ memberId: uuid });

const positivePoints = z
  .codec(z.int().min(1).max(integerMax), z.bigint(), {
    decode: (whole) => BigInt(whole),
    encode: (whole) => Number(whole),
  })
  .meta({ description: 'whole points, one or more' });

export const figures = z.object({
  available: pointsCount.meta({ description: 'what can be spent now' }),
  pending: pointsCount.meta({ description: 'earned, spendable later' }),
  reserved: pointsCount.meta({ description: 'set aside for unpaid sales' }),
  debt: pointsCount.meta({ description: 'taken back though already spent; the next points pay it' }),
});

export const balance = z.object({
  member_id: uuid,
  ...figures.shape,
  total: pointsCount.meta({ description: 'available + pending + reserved' }),
  at: instantText,
  changes_at: instantText.nullable().meta({ description: 'the next instant at which time alone changes a figure' }),
  burns: z
    .array(z.object({ at: instantText, points: pointsCount }))
    .meta({ description: 'what burns when, if nothing happens' }),
  starts: z
    .array(z.object({ at: instantText, points: pointsCount }))
    .meta({ description: 'when pending points become spendable' }),
});

const productMatchFields = {
  skus: z.array(text(200)).max(1000).optional(),
  categories: z.array(text(200)).max(1000).optional(),
  brands: z.array(text(200)).max(1000).optional(),
  tags: z.array(text(200)).max(1000).optional(),
};

export const restriction = z
  .object({
    shops: z.array(code).min(1).max(1000).optional(),
    channels: z.array(code).min(1).max(100).optional(),
    products: z.object({ ...productMatchFields, except: z.object(productMatchFields).optional() }).optional(),
    least_receipt: z
      .int()
      .min(0)
      .max(integerMax)
      .optional()
      .meta({ description: 'least receipt after discounts, minor units' }),
  })
  .meta({ description: 'where these points may be spent; every list that is present must match' });

export const lot = z.object({
  lot_id: uuid,
  member_id: uuid.meta({ description: 'the member, or one merged into it' }),
  state: z.enum(['pending', 'active', 'closed']),
  source: z.string(),
  rule: z.string(),
  cause: z.object({ kind: z.string(), id: uuid }),
  amount: pointsCount,
  remaining: pointsCount,
  reserved: pointsCount,
  starts_at: instantText,
  burns_at: instantText.nullable().meta({ description: 'as things stand; null: never' }),
  inactivity_days: z
    .int()
    .nullable()
    .meta({ description: 'burns after so many days without a purchase; each purchase renews it' }),
  restriction: restriction.nullable(),
  funder: z.string().nullable(),
  pays_debt: z.boolean(),
});

export const entry = z.object({
  entry_id: uuid,
  lot_id: uuid,
  member_id: uuid,
  kind: z.enum(['earn', 'redeem', 'expire', 'adjust', 'refund', 'take_back', 'pay_debt', 'move', 'revive']),
  change: pointsDelta,
  cause: z.object({ kind: z.string(), id: uuid }),
  at: instantText.meta({ description: 'when it is true' }),
  recorded_at: instantText,
});

const livingRefusals = { member_not_found: 404, member_erased: 410 } as const;

export const getBalance = route({
  method: 'GET',
  path: '/v1/members/:memberId/balance',
  tag: 'points',
  summary: 'Balance, true at this instant',
  description:
    'Also what burns and what starts when. The id of a merged member answers for the member it was merged into.',
  scope: 'members:read',
  params: memberParams,
  response: balance,
  refusals: { member_not_found: 404 },
});

export const listEntries = route({
  method: 'GET',
  path: '/v1/members/:memberId/points',
  tag: 'points',
  summary: 'Movements of points, the newest record first',
  description: 'With those of members merged into this one.',
  scope: 'members:read',
  params: memberParams,
  query: pageQuery,
  response: page(entry),
  refusals: { member_not_found: 404 },
});

export const listLots = route({
  method: 'GET',
  path: '/v1/members/:memberId/lots',
  tag: 'points',
  summary: 'Points by source, the newest first',
  scope: 'members:read',
  params: memberParams,
  query: pageQuery.extend({ state: z.enum(['open', 'all']).default('open') }),
  response: page(lot),
  refusals: { member_not_found: 404 },
});

const reason = text(500).meta({ description: 'why, for the audit log; no personal data' });

export const grantRequest = z.object({
  kind: z.literal('grant'),
  points: positivePoints,
  reason,
  starts_at: instantText.optional().meta({ description: 'now when left out' }),
  starts_on: dateText.optional().meta({ description: 'instead of starts_at: the first local day of the member' }),
  burns_at: instantText.optional(),
  burns_on: dateText
    .optional()
    .meta({ description: 'instead of burns_at: the last local day of the member, the whole day included' }),
  days: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .meta({ description: 'instead of burns_at: whole days of the member after the start, the last one included' }),
  restriction: restriction.optional(),
  funder: code.optional(),
  pays_debt: z.boolean().default(true),
});

export const takeRequest = z.object({ kind: z.literal('take'), points: positivePoints, reason });

export const adjustPoints = route({
  method: 'POST',
  path: '/v1/members/:memberId/points',
  tag: 'points',
  summary: 'Give or take points by hand',
  description: 'Taking never goes below what is available. Every adjustment is in the audit log.',
  scope: 'points:adjust',
  params: memberParams,
  body: z.discriminatedUnion('kind', [grantRequest, takeRequest]),
  response: z.object({ member_id: uuid, adjustment_id: uuid, lot_id: uuid.nullable(), balance: figures }),
  status: 201,
  refusals: {
    ...livingRefusals,
    not_enough_points: 409,
    adjustment_too_large: 422,
    term_impossible: 422,
    two_terms: 422,
  },
  idempotencyKey: true,
});

export const forgiveDebt = route({
  method: 'DELETE',
  path: '/v1/members/:memberId/debt',
  tag: 'points',
  summary: 'Forgive what a member owes',
  description: 'A debt is never collected in money. Forgiving nothing answers 0.',
  scope: 'points:adjust',
  params: memberParams,
  body: z.object({ reason }),
  response: z.object({ member_id: uuid, forgiven: pointsCount, balance: figures }),
  refusals: livingRefusals,
});

const memberPoints = z.array(z.object({ member_id: uuid, points: z.int() }));
const ofMembers = z.object({ members: memberPoints });

/** What listeners and webhooks are told of points. Those that time alone brings come one per kind and chunk of members (R44). */
export const pointsFacts = [
  z.object({ kind: z.literal('points_expired'), data: ofMembers }),
  z.object({ kind: z.literal('points_started'), data: ofMembers }),
  z.object({ kind: z.literal('debts_written_off'), data: ofMembers }),
  z.object({
    kind: z.literal('points_granted'),
    data: z.object({ rule: z.string(), cause: z.object({ kind: z.string(), id: uuid }), members: memberPoints }),
  }),
  z.object({ kind: z.literal('points_adjusted'), data: z.object({ adjustment_id: uuid, change: z.int() }) }),
] as const;
