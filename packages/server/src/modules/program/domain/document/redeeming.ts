import { z } from 'zod';
import { moneyAmount, percentText, pointsAmount, productMatch } from './pieces.ts';

export const redeemingSection = z.strictObject({
  /** What part of a line points may pay, unless the tier or a promotion says else (R14). */
  rate: percentText.default('0'),
  base: z.enum(['after_discounts', 'shelf']).default('after_discounts'),
  /** One limit for the receipt, or one for each line. */
  scope: z.enum(['receipt', 'line']).default('receipt'),
  /** Least sum of the receipt after discounts. */
  least_receipt: moneyAmount.default(0),
  least_points: pointsAmount.default(0),
  step: pointsAmount.min(1).default(1),
  with_promo_code: z.boolean().default(true),
  /** Minor units that every piece must still cost: 1 kopeck, or 0 where the till allows it. */
  lowest_unit_price: z.int().min(0).max(1_000_000).default(1),
  excluded: productMatch.nullable().default(null),
  on_delivery: z.boolean().default(false),
  on_services: z.boolean().default(true),
});
