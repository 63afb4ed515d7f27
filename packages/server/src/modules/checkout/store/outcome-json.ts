import { z } from 'zod';
import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import type { Explanation } from '#modules/program/index.ts';
import type { ReceiptOutcome } from '../domain/receipt.ts';

// Integers in jsonb are plain numbers (see toJson); here they become points and money again. Unknown keys of later versions are dropped.
const asPoints = z.int().transform((whole) => points(whole));
const asMoney = z.int().transform((whole) => money(whole));
const asCount = z
  .int()
  .nullable()
  .transform((whole) => (whole === null ? null : BigInt(whole)));

const outcomeSchema = z.object({
  spends: z.array(z.object({ lotId: z.string(), points: asPoints })),
  earnings: z.array(
    z.object({
      rule: z.string(),
      lotId: z.string(),
      points: asPoints,
      linePoints: z.array(asPoints),
      wholeReceipt: z.boolean(),
      undone: z.boolean().optional(),
    }),
  ),
  uses: z.array(
    z.object({
      promotionCode: z.string(),
      promoCodeId: z.string().nullable(),
      windowId: z.string().nullable(),
      discount: asMoney,
      points: asPoints,
      limits: z.object({
        perMember: z.number().nullable(),
        perDay: z.number().nullable(),
        total: z.object({ uses: asCount, points: asCount, money: asCount }).nullable(),
      }),
    }),
  ),
  nextCodes: z.array(
    z.object({ code: z.string(), promoCodeId: z.string(), promotion: z.string(), until: z.string().nullable() }),
  ),
  promised: z.array(z.object({ fromPromotion: z.string(), promotionCode: z.string(), days: z.number().nullable() })),
  explanation: z.array(z.custom<Explanation>()),
  redeemLimit: asPoints,
  balance: z.object({ available: asPoints, pending: asPoints, reserved: asPoints, debt: asPoints }).nullable(),
  tierAfter: z.string().nullable(),
  uncovered: asPoints,
  partOf: z.string().optional(),
  wish: z.object({ promoCodes: z.array(z.string()), redeem: z.union([z.literal('max'), asPoints]) }),
});

export function outcomeFromJson(json: unknown): ReceiptOutcome {
  return outcomeSchema.parse(json);
}
