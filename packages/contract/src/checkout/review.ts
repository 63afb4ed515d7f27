import { z } from 'zod';
import { route } from '../route.ts';
import { externalId, instantText, page, pageQuery, text } from '../wire.ts';
import { saleAnswer } from './answer.ts';
import { receiptSummary } from './receipts.ts';

export const waitingReceipt = receiptSummary.extend({ integration: z.string(), received_at: instantText });

export const waitingReceiptsRoute = route({
  method: 'GET',
  path: '/v1/checkout/review',
  tag: 'Checkout',
  summary: 'Receipts that wait for a decision',
  description:
    'Older than 30 days, from the future, or with the fiscal requisites of another receipt: kept as they came, without any effect (R21, R23). The longest waiting first.',
  scope: 'admin',
  query: pageQuery,
  response: page(waitingReceipt),
  refusals: {},
});

export const reviewRoute = route({
  method: 'POST',
  path: '/v1/checkout/review',
  tag: 'Checkout',
  summary: 'Accept or reject a receipt that waits',
  description:
    'Accepted, it takes effect as a late receipt by the rules of its own time; rejected, it stays on record as cancelled.',
  scope: 'admin',
  body: z.strictObject({
    /** Whose number the id is; the integration of the key when left out. */
    integration: text(100).optional(),
    shop: text(60),
    id: externalId,
    decision: z.enum(['accept', 'reject']),
  }),
  response: saleAnswer,
  refusals: { shop_unknown: 404, shop_not_allowed: 403, receipt_unknown: 404, not_waiting: 409 },
});
