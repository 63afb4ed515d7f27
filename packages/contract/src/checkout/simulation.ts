import { z } from 'zod';
import { route } from '../route.ts';
import { dateText, instantText, minorUnits, pointsCount, signedMinorUnits, uuid } from '../wire.ts';

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

const difference = z.object({
  receipt_id: uuid,
  id: z.string(),
  shop: z.string(),
  member_id: uuid.nullable(),
  at: instantText,
  gain: signedMinorUnits.meta({
    description: 'what the draft gives the buyer more: discounts, and points at their value',
  }),
});

export const simulationAnswer = z.object({
  receipts: z.number().int(),
  complete: z.boolean().meta({ description: 'false: the period has more receipts than receipts_max' }),
  published: simulationSide,
  draft: simulationSide,
  winners: z.array(difference).meta({ description: 'the receipts that gain most, at most 20' }),
  losers: z.array(difference).meta({ description: 'the receipts that lose most, at most 20' }),
});

export const simulateRoute = route({
  method: 'POST',
  path: '/v1/program/simulate',
  tag: 'Program',
  summary: 'Past receipts through a draft program',
  description:
    'Against the published version: points earned, redeemed, discounts, cost by promotion and tier, the biggest winners and losers among receipts. Writes nothing; one at a time. The command line simulates without a limit.',
  scope: 'program:read',
  body: z.strictObject({
    from: dateText.meta({ description: "the first day, in the installation's zone" }),
    to: dateText.meta({ description: 'the last day, with all of it' }),
    document: z.record(z.string(), z.unknown()).optional().meta({ description: 'the saved draft when left out' }),
    receipts_max: z.int().min(1).max(100_000).default(50_000),
  }),
  response: simulationAnswer,
  refusals: {
    draft_invalid: 422,
    draft_not_found: 404,
    program_not_published: 409,
    period_invalid: 400,
    simulation_running: 409,
  },
});
