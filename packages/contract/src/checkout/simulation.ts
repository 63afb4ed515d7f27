import { z } from 'zod';
import { route } from '../route.ts';
import { dateText, minorUnits, pointsCount, signedMinorUnits, uuid } from '../wire.ts';

export const simulateRoute = route({
  method: 'POST',
  path: '/v1/program/simulate',
  tag: 'Program',
  summary: 'Past receipts through a draft program',
  description:
    'Against the published version: points earned, redeemed, discounts, cost by promotion and tier, the biggest winners and losers among receipts.',
  scope: 'program:read',
  body: z.strictObject({
    from: dateText,
    to: dateText,
    document: z.record(z.string(), z.unknown()).optional(),
    receipts_max: z.int().min(1).max(1_000_000).optional(),
  }),
  response: z.lazy(() => simulationAnswer),
  refusals: { draft_invalid: 422, program_not_published: 409, period_invalid: 400 },
});

const simulationSide = z.object({
  receipts: z.number().int(),
  paid: minorUnits,
  discount: minorUnits,
  redeemed_points: pointsCount,
  earned_points: pointsCount,
  /** What the program costs the chain: discounts, and points earned at their value. */
  cost: minorUnits,
  by_promotion: z.array(
    z.object({ promotion: z.string(), receipts: z.number().int(), discount: minorUnits, points: pointsCount }),
  ),
  by_tier: z.array(
    z.object({
      tier: z.string().nullable(),
      receipts: z.number().int(),
      paid: minorUnits,
      earned_points: pointsCount,
      redeemed_points: pointsCount,
    }),
  ),
});

export const simulationAnswer = z.object({
  receipts: z.number().int(),
  published: simulationSide,
  draft: simulationSide,
  winners: z.array(z.object({ receipt_id: uuid, gain: signedMinorUnits })),
  losers: z.array(z.object({ receipt_id: uuid, gain: signedMinorUnits })),
});
