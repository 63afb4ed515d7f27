import { z } from 'zod';
import { route } from './route.ts';
import { uuid } from './wire.ts';

export const previewSegment = route({
  method: 'POST',
  path: '/v1/segments/preview',
  tag: 'segments',
  summary: 'How many members a rule holds for, and some of them',
  description:
    'A rule is {"all": [rules]}, {"any": [rules]}, {"not": rule} or a question such as {"field": "balance", "at_least": 30}. GET /v1/segments/fields lists the questions.',
  scope: 'members:read',
  body: z.object({
    rule: z.record(z.string(), z.unknown()).meta({
      examples: [
        {
          all: [
            { field: 'purchases_count', at_least: 2, at_most: 2 },
            { field: 'days_since_last_purchase', at_least: 18, at_most: 25 },
          ],
        },
      ],
    }),
    sample: z.int().min(0).max(100).default(10),
  }),
  response: z.object({ count: z.int(), sample_member_ids: z.array(uuid) }),
  refusals: { segment_invalid: 422 },
});

export const listSegmentFields = route({
  method: 'GET',
  path: '/v1/segments/fields',
  tag: 'segments',
  summary: 'What a rule may ask about a member',
  scope: 'members:read',
  response: z.object({
    items: z.array(
      z.object({
        code: z.string(),
        sentence: z.object({ ru: z.string(), en: z.string() }),
        in_promotions: z.boolean().meta({ description: "may be asked in the program's own segments" }),
        args: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of its arguments' }),
      }),
    ),
  }),
  refusals: {},
});
