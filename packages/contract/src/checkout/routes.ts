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
  pointsCount,
  quantityThousandths,
  signedMinorUnits,
  text,
  uuid,
} from '../wire.ts';
import { quoteAnswer, returnAnswer, saleAnswer, saleState, saleTotals } from './answer.ts';
import {
  cancelRequest,
  confirmRequest,
  fiscalRequisites,
  holdRequest,
  memberReference,
  quoteRequest,
  returnRequest,
  saleContent,
} from './sale.ts';

/** Why a sale cannot even be computed. A business limit never refuses a sale that is paid (R19). */
export const saleRefusals = {
  shop_unknown: 404,
  shop_not_allowed: 403,
  member_unknown: 404,
  member_erased: 410,
  identity_invalid: 400,
  line_id_repeated: 400,
  discount_exceeds_sum: 400,
  time_in_future: 422,
  program_not_published: 409,
} as const;

export const quoteRoute = route({
  method: 'POST',
  path: '/v1/checkout/quote',
  tag: 'Checkout',
  summary: 'What a receipt would come to',
  description: 'Changes nothing (R18). The order of steps is R12; every step is explained.',
  scope: 'checkout',
  body: quoteRequest,
  response: quoteAnswer,
  refusals: { ...saleRefusals, hold_unknown: 404 },
});

const holdRefusals = {
  ...saleRefusals,
  hold_unknown: 404,
  other_content: 409,
  not_enough_points: 409,
  already_confirmed: 409,
  already_cancelled: 409,
} as const;

export const holdRoute = route({
  method: 'POST',
  path: '/v1/checkout/hold',
  tag: 'Checkout',
  summary: 'Fix a sale before it is paid',
  description:
    'Sets points, code uses and limit slots aside under the program of this moment. The same id with the same content answers the same; other content is refused: edit it with PUT.',
  scope: 'checkout',
  body: holdRequest,
  response: saleAnswer,
  refusals: holdRefusals,
});

export const editHoldRoute = route({
  method: 'PUT',
  path: '/v1/checkout/hold',
  tag: 'Checkout',
  summary: 'Edit a held sale',
  description: 'Quotes again under the program version of the hold; the points it holds count as available.',
  scope: 'checkout',
  body: holdRequest,
  response: saleAnswer,
  refusals: holdRefusals,
});

export const confirmRoute = route({
  method: 'POST',
  path: '/v1/checkout/confirm',
  tag: 'Checkout',
  summary: 'A paid sale: spends and gives points',
  description:
    'Confirms a held sale, or records a sale in one call when lines are given. Once money was taken nothing is refused for a business reason (R19). A sale whose fiscal receipts are all prepayments is held as an order; its settlement confirms it under the same id (R23).',
  scope: 'checkout',
  body: confirmRequest,
  response: saleAnswer,
  refusals: {
    ...saleRefusals,
    lines_required: 400,
    other_content: 409,
    not_enough_points: 409,
    already_cancelled: 409,
    line_unknown: 422,
    already_confirmed: 409,
    fiscal_taken: 409,
  },
});

export const cancelRoute = route({
  method: 'POST',
  path: '/v1/checkout/cancel',
  tag: 'Checkout',
  summary: 'Give up a held sale',
  description: 'Points, code uses and limit slots come back. A confirmed sale is undone by a return.',
  scope: 'checkout',
  body: cancelRequest,
  response: saleAnswer,
  refusals: { shop_unknown: 404, shop_not_allowed: 403, receipt_unknown: 404, already_confirmed: 409 },
});

const returnRefusals = {
  shop_unknown: 404,
  shop_not_allowed: 403,
  receipt_unknown: 404,
  other_content: 409,
  not_confirmed: 409,
  line_unknown: 422,
  returns_more_than_sold: 422,
  nothing_left_to_return: 409,
  time_in_future: 422,
} as const;

export const returnRoute = route({
  method: 'POST',
  path: '/v1/checkout/return',
  tag: 'Checkout',
  summary: 'Goods come back',
  description:
    'Takes earned points back and gives redeemed ones back to the very lots (R22). Several returns come to the same as one.',
  scope: 'checkout',
  body: returnRequest,
  response: returnAnswer,
  refusals: returnRefusals,
});

export const exchangeRoute = route({
  method: 'POST',
  path: '/v1/checkout/exchange',
  tag: 'Checkout',
  summary: 'A return and a sale in one',
  scope: 'checkout',
  body: z.strictObject({ return: returnRequest, sale: confirmRequest }),
  response: z.object({ return: returnAnswer, sale: saleAnswer, difference: signedMinorUnits }),
  refusals: {
    ...saleRefusals,
    ...returnRefusals,
    lines_required: 400,
    not_enough_points: 409,
    already_cancelled: 409,
    already_confirmed: 409,
    fiscal_taken: 409,
  },
});

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

export const catalogCalculationRoute = route({
  method: 'POST',
  path: '/v1/catalog/calculate',
  tag: 'Checkout',
  summary: 'Points and prices of the products on a page',
  description:
    'Each product alone, quantity 1, for this member, shop and time (R17). Prices with points do not add up: the member has one balance.',
  scope: 'checkout',
  body: z.strictObject({
    shop: saleContent.shop,
    member: saleContent.member,
    products: z
      .array(z.strictObject({ sku: text(200), price: minorUnits.optional() }))
      .min(1)
      .max(500),
  }),
  response: z.object({
    program_version: z.number().int(),
    prices_add_up: z.literal(false),
    products: z.array(
      z.object({
        sku: z.string(),
        known: z.boolean(),
        price: minorUnits,
        discounted_price: minorUnits,
        earned_points: pointsCount,
        redeem_limit: pointsCount,
        price_with_points: minorUnits,
      }),
    ),
  }),
  refusals: {
    shop_unknown: 404,
    shop_not_allowed: 403,
    member_unknown: 404,
    member_erased: 410,
    identity_invalid: 400,
    program_not_published: 409,
    price_required: 422,
  },
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
