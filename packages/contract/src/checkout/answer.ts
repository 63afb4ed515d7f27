import { z } from 'zod';
import { instantText, minorUnits, pointsCount, pointsDelta, quantityThousandths, thousandths, uuid } from '../wire.ts';

export const explanationStep = z.object({
  step: z.enum(['shelf', 'till', 'promotion', 'promo_code', 'points', 'rounding', 'earning', 'limit']),
  /** Stable; the text is for people. */
  code: z.string(),
  rule: z.string().nullable(),
  line_id: z.string().nullable(),
  applied: z.boolean(),
  text: z.string(),
});

export const saleLineAnswer = z.object({
  line_id: z.string(),
  sum: minorUnits,
  till_discount: minorUnits,
  discounts: z.array(z.object({ promotion: z.string(), amount: minorUnits })),
  redeemed_points: pointsCount,
  redeemed_money: minorUnits,
  rounding: minorUnits,
  /** What the buyer pays for the line in money. */
  paid: minorUnits,
  earned_points: pointsCount,
  gift: z.boolean(),
  /** Which product the POS has to add to the receipt for it; null: a line of the cart. */
  gift_sku: z.string().nullable(),
  /** A line whose money does not divide by its pieces, as parts with whole minor-unit prices for the fiscal device (R2). */
  fiscal_parts: z.array(z.object({ quantity: quantityThousandths, price: minorUnits, sum: minorUnits })),
});

export const saleTotals = z.object({
  sum: minorUnits,
  till_discount: minorUnits,
  promotion_discount: minorUnits,
  redeemed_points: pointsCount,
  redeemed_money: minorUnits,
  rounding: minorUnits,
  paid: minorUnits,
  earned_points: pointsCount,
});

export const balanceAnswer = z.object({
  available: pointsCount,
  pending: pointsCount,
  reserved: pointsCount,
  debt: pointsCount,
});

export const memberInAnswer = z.object({ member_id: uuid, tier: z.string().nullable(), balance: balanceAnswer });

export const quoteAnswer = z.object({
  program_version: z.number().int(),
  member: memberInAnswer.nullable(),
  totals: saleTotals,
  /** How many points this receipt lets the member pay with, whether or not any were asked for. */
  redeem_limit: pointsCount,
  lines: z.array(saleLineAnswer),
  flags: z.array(z.string()),
  explanation: z.array(explanationStep),
});

export const saleState = z.enum(['held', 'confirmed', 'shipped', 'cancelled', 'expired', 'review']);

export const saleAnswer = quoteAnswer.extend({
  id: z.string(),
  receipt_id: uuid,
  shop: z.string(),
  state: saleState,
  at: instantText,
  /** Until when the points are set aside. */
  hold_expires_at: instantText.nullable(),
  /** Codes for next time that this receipt earned. */
  next_codes: z.array(z.object({ code: z.string(), promotion: z.string(), until: instantText.nullable() })),
});

export const returnAnswer = z.object({
  id: z.string(),
  return_id: uuid,
  receipt_id: uuid,
  member: memberInAnswer.nullable(),
  at: instantText,
  money_returned: minorUnits,
  /** Redeemed points given back to their lots. */
  points_given_back: pointsCount,
  /** Earned points taken back: from this receipt's own lots, from other points, and the rest as debt. */
  points_taken_back: pointsCount,
  points_burned_already: pointsCount,
  debt_made: pointsCount,
  balance_change: pointsDelta,
  lines: z.array(
    z.object({
      line_id: z.string(),
      quantity: thousandths,
      money: minorUnits,
      points_given_back: pointsCount,
      points_taken_back: pointsCount,
    }),
  ),
  /** The whole receipt is returned now. */
  complete: z.boolean(),
});
