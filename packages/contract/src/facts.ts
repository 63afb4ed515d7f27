import { z } from 'zod';
import { memberFacts } from './members/facts.ts';
import { instantText, uuid } from './wire.ts';

/**
 * What modules tell upwards, listeners and webhooks alike. Numbers are integers: minor units, points, counts. Never personal data. A field may be
 * added within a version; a changed or removed one makes a new version, and the old one is still read until nobody keeps such facts.
 */
export const factsVersion = 1;

/** live facts are acted on; the others only update state (R35). */
export const factOrigin = z.enum(['live', 'late', 'import', 'replay', 'merge']);

const count = z.int().min(0);
const tierCode = z.string().nullable();
const pointsByMember = z.object({ members: z.array(z.object({ member_id: uuid, points: count })) });
const heldSale = z.object({ receipt_id: uuid, id: z.string(), order: z.boolean() });

const checkoutFacts = [
  z.object({
    kind: z.literal('purchase_confirmed'),
    data: z.object({
      receipt_id: uuid,
      shop_id: uuid,
      id: z.string(),
      paid: count,
      promotion_discount: count,
      redeemed_points: count,
      earned_points: count,
      /** The member's purchases so far, this one included. */
      receipts_count: count,
      test: z.boolean(),
    }),
  }),
  z.object({
    kind: z.literal('purchase_returned'),
    data: z.object({
      receipt_id: uuid,
      return_id: uuid,
      money_returned: count,
      points_given_back: count,
      points_taken_back: count,
      complete: z.boolean(),
    }),
  }),
  z.object({ kind: z.literal('sale_held'), data: heldSale }),
  z.object({ kind: z.literal('sale_cancelled'), data: heldSale }),
  z.object({ kind: z.literal('hold_expired'), data: heldSale }),
] as const;

const tierFacts = [
  z.object({
    kind: z.literal('tier_changed'),
    data: z.object({
      from: tierCode,
      to: tierCode,
      direction: z.enum(['up', 'down']),
      cause: z.enum(['purchase', 'return', 'review', 'manual', 'counter', 'program', 'merge', 'unmerge', 'import']),
      review_at: instantText.nullable(),
    }),
  }),
  z.object({
    kind: z.literal('tier_will_fall'),
    data: z.object({ from: tierCode, to: tierCode, review_at: instantText }),
  }),
] as const;

/** A fact about many members stands under an id of its own (R44). */
const ledgerFacts = [
  z.object({
    kind: z.literal('points_granted'),
    data: pointsByMember.extend({ rule: z.string(), cause: z.object({ kind: z.string(), id: z.string() }) }),
  }),
  z.object({ kind: z.literal('points_adjusted'), data: z.object({ adjustment_id: uuid, change: z.int() }) }),
  z.object({ kind: z.literal('points_expired'), data: pointsByMember }),
  z.object({ kind: z.literal('points_started'), data: pointsByMember }),
  z.object({ kind: z.literal('debts_written_off'), data: pointsByMember }),
] as const;

const importFacts = [
  z.object({ kind: z.literal('points_imported'), data: z.object({ import_id: uuid, points: count, lots: count }) }),
  z.object({ kind: z.literal('progress_imported'), data: z.object({ import_id: uuid, tier: tierCode }) }),
  z.object({ kind: z.literal('points_import_undone'), data: z.object({ import_id: uuid }) }),
] as const;

export const factContent = z.discriminatedUnion('kind', [
  ...memberFacts,
  ...checkoutFacts,
  ...tierFacts,
  ...ledgerFacts,
  ...importFacts,
]);

export type FactContent = z.output<typeof factContent>;
export type FactKind = FactContent['kind'];

/** A fact as it leaves: what happened, to whom, when. `fact_no` ascends per member. */
export const fact = z.intersection(
  z.object({
    version: z.literal(factsVersion),
    member_id: uuid,
    fact_no: z.string().regex(/^\d+$/),
    at: instantText,
    origin: factOrigin,
  }),
  factContent,
);
