import { z } from 'zod';
import { channel, codes, delay, percentText, pointsAmount, productMatch, ruleCode, shortText, term } from './pieces.ts';

const baseRate = z.strictObject({
  code: ruleCode,
  name: shortText.exactOptional(),
  rate: percentText,
  /** Every part that is present must match; an empty match is everything. */
  match: z
    .strictObject({
      products: productMatch.exactOptional(),
      shops: codes.exactOptional(),
      channels: z.array(channel).min(1).exactOptional(),
      tiers: z.array(ruleCode).min(1).exactOptional(),
    })
    .default({}),
  /** Instead of the tier's rate, or the higher or the lower of the two (R15). */
  combine: z.enum(['instead', 'higher', 'lower']).default('instead'),
});
export type BaseRate = z.output<typeof baseRate>;

export const earningSection = z.strictObject({
  /** For members without a tier. */
  default_rate: percentText.default('0'),
  rates: z.array(baseRate).max(500).default([]),
  delay: delay.default({ hours: 0 }),
  term: term.default({ kind: 'never' }),
  /** true: points come on what was paid in points, too. */
  on_points_paid: z.boolean().default(false),
  rounding: z.enum(['down', 'nearest', 'up']).default('down'),
  receipt_ceiling: pointsAmount.nullable().default(null),
  day_ceiling: pointsAmount.nullable().default(null),
  /** What "times two" multiplies: the base, or all that earlier promotions made of it. */
  multiply: z.enum(['base', 'all']).default('base'),
  pays_debt: z.boolean().default(true),
  /** Who pays for points of the base rate, such as chain or brand:nivea. */
  funder: shortText.nullable().default(null),
  /** Delivery and services earn only when asked to (R24). */
  on_delivery: z.boolean().default(false),
  on_services: z.boolean().default(true),
});
