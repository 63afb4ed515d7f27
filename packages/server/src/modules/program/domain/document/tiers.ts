import { z } from 'zod';
import { dayCount, localizedText, percentText, ruleCode } from './pieces.ts';

/** What a tier's condition measures (R27). `counter:<code>` is a counter of the installation's own. */
const figure = z
  .string()
  .regex(
    /^(?:money_paid|receipts|reviews|quizzes|counter:[a-z0-9][a-z0-9_-]{0,62})$/,
    'money_paid, receipts, reviews, quizzes or counter:<code>',
  );

const window = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all_time') }),
  z.strictObject({ kind: z.literal('rolling'), days: dayCount.min(1) }),
  z.strictObject({ kind: z.literal('period'), period: z.enum(['year', 'quarter', 'month']) }),
]);

const tierCondition = z.strictObject({
  figure,
  at_least: z.int().min(1),
  window: window.default({ kind: 'all_time' }),
});
export type TierCondition = z.output<typeof tierCondition>;

const conditionList = z.array(tierCondition).min(1).max(20);

const tier = z.strictObject({
  code: ruleCode,
  name: localizedText,
  /** The higher the better; the lowest tier is where everybody begins. */
  rank: z.int().min(0).max(1_000),
  earn_rate: percentText,
  /** Absent: the rate of `redeeming`. */
  redeem_rate: percentText.exactOptional(),
  /** null: no condition, for the lowest tier, or for one given by hand only. */
  conditions: z
    .union([z.strictObject({ any: conditionList }), z.strictObject({ all: conditionList })])
    .nullable()
    .default(null),
  /** Given by staff or a campaign only, never reached by conditions. */
  by_hand_only: z.boolean().default(false),
  description: localizedText.exactOptional(),
});
export type Tier = z.output<typeof tier>;

export const tiersSection = z.strictObject({
  list: z.array(tier).max(50).default([]),
  /** Days between reviews; a tier falls only there (R27). null: never falls. */
  review_days: dayCount.min(1).nullable().default(null),
  /** A warning fact this many days before a review that would lower the tier. */
  warning_days: dayCount.default(14),
  /** A return that comes within so many days lowers at once the tier its receipt raised. */
  return_window_days: dayCount.default(14),
});
