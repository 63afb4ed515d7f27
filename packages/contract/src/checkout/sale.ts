import { z } from 'zod';
import {
  externalId,
  instantText,
  lineMoney,
  pointsCount,
  printedPoints,
  quantityThousandths,
  text,
  uuid,
} from '../wire.ts';

/** How a POS names the buyer: one identity. */
export const memberReference = z
  .strictObject({
    member_id: uuid.optional(),
    phone: text(40).optional(),
    card: text(60).optional(),
    email: text(254).optional(),
    /** A Telegram, MAX or VK id, or an id of another system as `external:<system>`. */
    identity: z.strictObject({ kind: text(60), value: text(200) }).optional(),
  })
  .refine(
    (reference) => Object.values(reference).filter((value) => value !== undefined).length === 1,
    'name the member by exactly one of member_id, phone, card, email, identity',
  )
  .meta({ description: 'one identity of the buyer', example: { phone: '+79161234567' } });

export const lineKind = z.enum(['goods', 'delivery', 'service', 'gift_card']);

export const saleLine = z
  .strictObject({
    /** The POS's own number of the line; its place (1, 2 …) when left out. */
    line_id: text(60).optional(),
    sku: text(200).optional(),
    barcode: text(200).optional(),
    name: text(500).optional(),
    quantity: quantityThousandths,
    /** The whole line at shelf price; the truth even where price × quantity rounds differently (R2). */
    sum: lineMoney,
    /** Taken off by the till itself, before Kopilka is asked. */
    till_discount: lineMoney.optional(),
    kind: lineKind.optional(),
  })
  .meta({ example: { sku: 'CREAM-50', quantity: 1000, sum: 129900 } });

export const redeemWish = z
  .union([z.literal('max'), pointsCount])
  .meta({ description: 'points to pay with: a number, or "max" for as many as the limit allows', example: 'max' });

export const fiscalRequisites = z.strictObject({
  /** Fiscal drive number (ФН), document number (ФД), fiscal sign (ФПД). */
  drive: z.string().regex(/^\d{1,16}$/),
  document: z.string().regex(/^\d{1,10}$/),
  sign: z.string().regex(/^\d{1,10}$/),
  at: instantText.optional(),
  sum: lineMoney.optional(),
  /** Lines this fiscal receipt covers; all when left out. One cart may be several fiscal receipts (R24). */
  line_ids: z.array(text(60)).max(1000).optional(),
  /** A prepayment receipt is counted when its settlement comes (R23). */
  purpose: z.enum(['sale', 'prepayment', 'settlement']).optional(),
});

/** The cart and the buyer, common to quote, hold and confirm. */
export const saleContent = {
  shop: text(60).meta({ description: 'code of the shop', example: 'main' }),
  /** The receipt's own time; the time of the call when left out. */
  at: instantText.optional(),
  member: memberReference.nullable().optional(),
  lines: z.array(saleLine).min(1).max(1000),
  promo_codes: z.array(text(100)).max(10).optional(),
  redeem: redeemWish.optional(),
} as const;

export const quoteRequest = z.strictObject({
  ...saleContent,
  /** An open hold this quote edits: its own points count as available. */ hold_id: externalId.optional(),
});

export const holdRequest = z.strictObject({
  id: externalId.meta({ description: "the sale's own id in the POS", example: 'POS1-000123' }),
  ...saleContent,
  /** An order waits longer than a till sale (14 days against 15 minutes, settings). */
  order: z.boolean().optional(),
});

export const confirmRequest = z.strictObject({
  id: externalId,
  shop: saleContent.shop,
  at: saleContent.at,
  member: saleContent.member,
  /** Left out for a held sale: it is confirmed as held. Given for a held sale: what was really sold (other weights, sums, fewer lines). */
  lines: saleContent.lines.optional(),
  promo_codes: saleContent.promo_codes,
  redeem: saleContent.redeem,
  /** Money was taken already: nothing is refused for a business reason, what differs is flagged (R19). */
  paid: z.boolean().optional(),
  /** What an offline till printed: it stands, even over a limit (R21). */
  printed: z
    .strictObject({
      redeemed_points: printedPoints.optional(),
      discount: lineMoney.optional(),
    })
    .optional(),
  fiscal: z.array(fiscalRequisites).max(50).optional(),
  /** For a held sale: more parts will follow (partial shipments, R24). */
  more_to_come: z.boolean().optional(),
  /** The part's own id when a held sale is confirmed in parts. */
  part_id: externalId.optional(),
  /** The card of the cashier who serves: a sale on the cashier's own card is flagged (R30). */
  cashier: text(60).optional(),
});

export const cancelRequest = z.strictObject({ id: externalId, shop: saleContent.shop, reason: text(500).optional() });

export const returnLine = z
  .strictObject({
    line_id: text(60),
    quantity: quantityThousandths.optional(),
    /** Money instead of a quantity: a share of what was paid for the line. */
    sum: lineMoney.optional(),
  })
  .refine((line) => (line.quantity === undefined) !== (line.sum === undefined), 'give either quantity or sum');

export const returnRequest = z
  .strictObject({
    id: externalId.meta({ description: "the return's own id in the POS", example: 'POS1-R-000007' }),
    shop: saleContent.shop,
    at: saleContent.at,
    /** The sale: its id, and its shop when that was another one. */
    receipt: z.strictObject({ id: externalId, shop: text(60).optional() }),
    lines: z.array(returnLine).min(1).max(1000).optional(),
    /** A sum over the whole receipt, in proportion over its lines. Neither lines nor sum: all that is left. */
    sum: lineMoney.optional(),
    /** What the fiscal receipt of the return says, when it differs from ours: it is the truth (R22). */
    money_returned: lineMoney.optional(),
  })
  .refine((request) => request.lines === undefined || request.sum === undefined, 'give lines or a sum, not both');
