import { z } from 'zod';
import { route } from '../route.ts';
import { minorUnits, pointsCount, text } from '../wire.ts';
import { saleContent } from './sale.ts';

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
