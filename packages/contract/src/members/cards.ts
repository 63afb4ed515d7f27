import { z } from 'zod';
import { route } from '../route.ts';
import { instantText, page, pageQuery, text, uuid } from '../wire.ts';
import { cardState, heldIdentity, identityRefusals, livingRefusals, memberParams } from './identities.ts';

export const cardBatch = z
  .object({
    batch_id: uuid,
    prefix: z.string(),
    count: z.int(),
    note: z.string().nullable(),
    made_at: instantText,
  })
  .meta({ id: 'CardBatch' });

export const issueCardBatch = route({
  method: 'POST',
  path: '/v1/cards/batches',
  tag: 'cards',
  summary: 'Issue numbers for a batch of printed cards',
  description:
    'EAN-13 with the chain’s own prefix, without owners yet. Neighbouring cards do not have neighbouring numbers.',
  scope: 'members:write',
  body: z.object({ count: z.int().min(1).max(50_000), note: text(500).optional() }),
  response: cardBatch,
  status: 201,
  refusals: {},
  idempotencyKey: true,
});

export const listBatchCards = route({
  method: 'GET',
  path: '/v1/cards/batches/:batchId/cards',
  tag: 'cards',
  summary: 'The numbers of a batch, for the printer',
  scope: 'members:read',
  params: z.object({ batchId: uuid }),
  query: pageQuery,
  response: page(z.object({ number: z.string(), state: z.enum(['unassigned', 'assigned', 'cancelled']) })),
  refusals: {},
});

export const assignCard = route({
  method: 'POST',
  path: '/v1/members/:memberId/cards',
  tag: 'cards',
  summary: 'Give the member a card',
  description:
    'A printed card by its number as scanned, a card of an earlier system, or, without a number, a new virtual one. ' +
    'With replaces the earlier card stops working.',
  scope: 'members:write',
  params: memberParams,
  body: z.object({
    number: text(80).optional(),
    replaces: uuid.optional().meta({ description: 'identity_id of the card it takes the place of' }),
  }),
  response: heldIdentity,
  status: 201,
  refusals: {
    ...livingRefusals,
    ...identityRefusals,
    identity_taken: 409,
    card_not_available: 409,
    card_not_found: 404,
    card_state_final: 409,
  },
  idempotencyKey: true,
});

export const setCardState = route({
  method: 'PATCH',
  path: '/v1/members/:memberId/cards/:identityId',
  tag: 'cards',
  summary: 'Mark a card as lost, blocked, found again or replaced',
  scope: 'members:write',
  params: memberParams.extend({ identityId: uuid }),
  body: z.object({ state: cardState }),
  response: heldIdentity,
  refusals: { ...livingRefusals, card_not_found: 404, card_state_final: 409 },
});
