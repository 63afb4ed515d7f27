import { z } from 'zod';
import { conditionSchema } from '../conditions/index.ts';
import { effectSchema } from '../effects/index.ts';
import { delay, localDateText, moneyAmount, pointsAmount, restriction, ruleCode, shortText, term } from './pieces.ts';

/** A local date of the shop, whole days, or an instant (R3). */
const moment = z.union([localDateText, z.iso.datetime({ offset: true })]);

const limits = z.strictObject({
  per_member: z.int().min(1).nullable().default(null),
  per_member_per_day: z.int().min(1).nullable().default(null),
  /** At most so many lines of a receipt. */
  lines_per_receipt: z.int().min(1).nullable().default(null),
  money_per_receipt: moneyAmount.min(1).nullable().default(null),
  points_per_receipt: pointsAmount.min(1).nullable().default(null),
  total_uses: z.int().min(1).nullable().default(null),
  total_points: z.int().min(1).nullable().default(null),
  total_money: z.int().min(1).nullable().default(null),
});

/** Terms of the points that this promotion gives; what is absent is the base's. */
const givenPoints = z.strictObject({
  delay: delay.exactOptional(),
  term: term.exactOptional(),
  restriction: restriction.exactOptional(),
  funder: shortText.exactOptional(),
  pays_debt: z.boolean().exactOptional(),
});

const promotion = z.strictObject({
  code: ruleCode,
  name: shortText,
  description: z.string().max(2_000).default(''),
  /** The greater acts first; equal: the one that stands first. */
  priority: z.int().min(-1_000_000).max(1_000_000).default(0),
  active: z.boolean().default(true),
  from: moment.nullable().default(null),
  /** A date includes its whole day; an instant does not include itself. */
  until: moment.nullable().default(null),
  conditions: z.array(conditionSchema).max(20).default([]),
  effects: z.array(effectSchema).min(1).max(10),
  /** A code of `promotion_groups`. */
  group: ruleCode.nullable().default(null),
  /** Switched on by a promo code only. */
  needs_code: z.boolean().default(false),
  /** Only for members who were given a personal window of it: recipients of a campaign, "10 days from the message". */
  needs_window: z.boolean().default(false),
  limits: limits.prefault({}),
  points: givenPoints.prefault({}),
  /** Who pays for it, such as chain or brand:nivea. */
  funder: shortText.nullable().default(null),
});
export type Promotion = z.output<typeof promotion>;

export const promotionsSection = z.array(promotion).max(500).default([]);

const promotionGroup = z.strictObject({
  code: ruleCode,
  name: shortText.exactOptional(),
  /** exclusive: the first that fires; sum: percents add up; best: the largest discount + points (R12). */
  mode: z.enum(['exclusive', 'sum', 'best']),
  /** Groups that do not fire on a receipt where this one has. */
  excludes: z.array(ruleCode).max(50).default([]),
});
export type PromotionGroup = z.output<typeof promotionGroup>;

export const promotionGroupsSection = z.array(promotionGroup).max(100).default([]);
