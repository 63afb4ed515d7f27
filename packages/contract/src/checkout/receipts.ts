import { z } from 'zod';
import { problem } from '../problem.ts';
import { route } from '../route.ts';
import {
  dateText,
  externalId,
  instantText,
  minorUnits,
  page,
  pageQuery,
  signedMinorUnits,
  text,
  uuid,
} from '../wire.ts';
import { returnAnswer, saleAnswer, saleState, saleTotals } from './answer.ts';
import { confirmRequest, fiscalRequisites, memberReference, returnRequest } from './sale.ts';

export const receiptBatchRoute = route({
  method: 'POST',
  path: '/v1/checkout/receipts/batch',
  tag: 'Checkout',
  summary: 'Upload receipts that were made offline',
  description:
    'An answer per receipt, in the order sent; one bad receipt does not stop the others. What the till printed stands (R21).',
  scope: 'checkout',
  body: z.strictObject({
    receipts: z
      .array(z.union([z.strictObject({ sale: confirmRequest }), z.strictObject({ return: returnRequest })]))
      .min(1)
      .max(500),
  }),
  response: z.object({
    answers: z.array(
      z.union([
        z.object({ sale: saleAnswer }),
        z.object({ return: returnAnswer }),
        z.object({ problem: problem.partial({ request_id: true }) }),
      ]),
    ),
  }),
  refusals: { program_not_published: 409 },
});

export const claimRoute = route({
  method: 'POST',
  path: '/v1/checkout/claim',
  tag: 'Checkout',
  summary: 'Give a receipt without a member to a member',
  description:
    'By its fiscal requisites, by its own id, or by shop, minute and sum where the POS sent no requisites; within 14 days, once, unless returned (R23). The member who claimed it is answered the same again.',
  scope: 'checkout',
  body: z.strictObject({
    member: memberReference,
    receipt: z.strictObject({ shop: text(60), id: externalId }).optional(),
    fiscal: z
      .strictObject({
        drive: z.string().regex(/^\d{1,16}$/),
        document: z.string().regex(/^\d{1,10}$/),
        sign: z.string().regex(/^\d{1,10}$/),
      })
      .optional(),
    /** What a paper receipt says: the minute and the sum paid. */
    purchase: z.strictObject({ shop: text(60), at: instantText, sum: minorUnits }).optional(),
  }),
  response: saleAnswer,
  refusals: {
    receipt_ambiguous: 409,
    not_confirmed: 409,
    member_unknown: 404,
    member_erased: 410,
    identity_invalid: 400,
    receipt_unknown: 404,
    already_claimed: 409,
    claim_too_late: 410,
    already_returned: 409,
    shop_unknown: 404,
    shop_not_allowed: 403,
    reference_required: 400,
  },
});

export const fiscalRoute = route({
  method: 'POST',
  path: '/v1/checkout/fiscal',
  tag: 'Checkout',
  summary: 'Fiscal requisites of a receipt, sent later',
  description: 'All or none; requisites of another receipt are refused, so that a purchase counts once (R23).',
  scope: 'checkout',
  body: z.strictObject({ shop: text(60), id: externalId, fiscal: z.array(fiscalRequisites).min(1).max(50) }),
  response: z.object({ receipt_id: uuid, fiscal: z.number().int() }),
  refusals: { shop_unknown: 404, shop_not_allowed: 403, receipt_unknown: 404, fiscal_taken: 409, line_unknown: 422 },
});

export const dayCheckRoute = route({
  method: 'POST',
  path: '/v1/checkout/day-check',
  tag: 'Checkout',
  summary: "A shop's day against its Z-report",
  description:
    "The day is the shop's; returns count by their own day; test receipts stay out. A difference is ours minus the till's.",
  scope: 'checkout',
  body: z.strictObject({
    shop: text(60),
    date: dateText,
    sales: z.strictObject({ count: z.int().min(0), sum: minorUnits }),
    returns: z.strictObject({ count: z.int().min(0), sum: minorUnits }),
  }),
  response: z.object({
    matches: z.boolean(),
    sales: z.object({
      count: z.number().int(),
      sum: minorUnits,
      count_difference: z.number().int(),
      sum_difference: signedMinorUnits,
    }),
    returns: z.object({
      count: z.number().int(),
      sum: minorUnits,
      count_difference: z.number().int(),
      sum_difference: signedMinorUnits,
    }),
  }),
  refusals: { shop_unknown: 404, shop_not_allowed: 403 },
});

export const receiptSummary = z.object({
  receipt_id: uuid,
  member_id: uuid.nullable(),
  id: z.string(),
  shop: z.string(),
  state: saleState,
  at: instantText,
  totals: saleTotals,
  returned_money: minorUnits,
  flags: z.array(z.string()),
});

export const receiptRoute = route({
  method: 'GET',
  path: '/v1/receipts/:shop/:id',
  tag: 'Checkout',
  summary: 'A receipt as it was answered',
  scope: 'checkout',
  params: z.object({ shop: text(60), id: externalId }),
  response: saleAnswer.extend({ returns: z.array(returnAnswer) }),
  refusals: { shop_unknown: 404, shop_not_allowed: 403, receipt_unknown: 404 },
});

export const memberReceiptsRoute = route({
  method: 'GET',
  path: '/v1/members/:memberId/receipts',
  tag: 'Checkout',
  summary: "A member's receipts, newest first",
  scope: 'members:read',
  params: z.object({ memberId: uuid }),
  query: pageQuery,
  response: page(receiptSummary),
  refusals: { member_unknown: 404 },
});
