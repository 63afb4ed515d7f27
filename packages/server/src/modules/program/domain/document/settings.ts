import { z } from 'zod';
import { dayCount, moneyAmount, percentText, pointsAmount, ruleCode, shortText } from './pieces.ts';

export const returnsSection = z.strictObject({
  /** Where spent earned points are taken from: other available points, or a debt at once (R22). */
  take_back_from: z.enum(['other_points', 'debt']).default('other_points'),
  /** Gains of the whole receipt: in proportion, or all once the condition fails. */
  receipt_gains: z.enum(['in_proportion', 'all']).default('in_proportion'),
  /** A burned lot that points return to lives at most so many days. */
  revived_days: dayCount.default(14),
});

export const holdsSection = z.strictObject({
  till_minutes: z.int().min(1).max(1_440).default(15),
  order_days: z.int().min(1).max(366).default(14),
  /** Points released after their end live so long (R18). */
  grace_hours: z.int().min(0).max(720).default(24),
});

export const debtsSection = z.strictObject({
  /** Written off after so many months; null: never. */
  write_off_months: z.int().min(1).max(600).nullable().default(12),
  forgive_at_once: z.boolean().default(false),
});

export const limitsSection = z.strictObject({
  /** Per member and day: over it the sale passes and is flagged (R30). */
  earn_per_day: pointsAmount.nullable().default(null),
  redeem_per_day: pointsAmount.nullable().default(null),
  /** Redeeming more than this in one receipt needs a code or a live QR. */
  redeem_code_above: pointsAmount.nullable().default(null),
});

export const receiptSection = z.strictObject({
  /** What is paid is rounded down to a multiple of this; 1: not rounded. */
  rounding_step: z.int().min(1).max(100_000).default(1),
  /** What a promotion's percent is taken of: what the last step left, or the shelf price (R12). */
  promotions_base: z.enum(['left', 'shelf']).default('left'),
  promo_codes_max: z.int().min(0).max(20).default(1),
});

/** Ceilings of everything taken off, the till's own discounts and points included (R13). null: none. */
export const ceilingsSection = z.strictObject({
  line_percent: percentText.nullable().default(null),
  receipt_percent: percentText.nullable().default(null),
  receipt_money: moneyAmount.nullable().default(null),
});

/** A named rule tree; what is inside belongs to the segments module and is checked by it at publishing. */
const segment = z.strictObject({
  code: ruleCode,
  name: shortText,
  rule: z.unknown(),
});

export const segmentsSection = z.array(segment).max(20).default([]);
