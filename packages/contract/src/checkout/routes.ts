import { z } from 'zod';
import { route } from '../route.ts';
import { signedMinorUnits } from '../wire.ts';
import { quoteAnswer, returnAnswer, saleAnswer } from './answer.ts';
import { cancelRequest, confirmRequest, holdRequest, quoteRequest, returnRequest } from './sale.ts';

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
