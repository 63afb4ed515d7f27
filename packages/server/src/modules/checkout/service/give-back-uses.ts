import { money } from '#kernel/money.ts';
import { noPoints } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import { cancelIssuedCodes, type GiveBackContext, giveBackLimits, giveBackPart } from '#modules/promotions/index.ts';
import { all, type Tx } from '#platform/db.ts';
import type { ReturnPlan } from '../domain/plan-return.ts';
import type { Receipt } from '../domain/receipt.ts';
import { hasOtherParts } from '../store/receipt-parts.ts';

export interface ReturnedUses {
  readonly receipt: Receipt;
  readonly plan: ReturnPlan;
  /** Whose the receipt was when it was sold: its own id, when it was claimed since. */
  readonly keyMemberId: string;
  readonly countedBy: string;
  readonly now: Instant;
}

/** What a return gives back of promotions: slots, codes, windows, budgets, and codes for next time that nobody used (R22, R26). */
export async function giveBackUses(tx: Tx, returned: ReturnedUses): Promise<void> {
  const { receipt, plan, countedBy, now } = returned;
  // The uses of an order that was shipped in parts are the order's, and so are its codes for next time (R24).
  const orderId = receipt.outcome.partOf;
  const limits = { receiptId: orderId ?? receipt.receiptId, at: now };
  const { receiptId } = receipt;
  const isPart = orderId !== undefined && (await hasOtherParts(tx, receipt.memberId, { orderId, receiptId }));
  const whole = plan.complete && !isPart;
  await giveBack(tx, { plan, whole }, { ...limits, memberId: receipt.memberId, countedBy });
  // What the discounts of a claimed receipt took was taken before it had a member (R23).
  if (receipt.hasMember && returned.keyMemberId === receiptId)
    await giveBack(tx, { plan, whole }, { ...limits, memberId: receiptId });
}

/** Budgets get back what the return undid; uses, codes and windows only with the whole receipt. */
async function giveBack(
  tx: Tx,
  { plan, whole }: { plan: ReturnPlan; whole: boolean },
  limits: GiveBackContext,
): Promise<void> {
  if (whole) {
    await all([giveBackLimits(tx, limits), cancelIssuedCodes(tx, limits)]);
    return;
  }
  const discounts = plan.discounts.map(({ promotionCode, amount }) => ({
    promotionCode,
    discount: amount,
    points: noPoints,
  }));
  const gains = plan.takeBack
    .filter((part) => part.rule !== 'base')
    .map((part) => ({ promotionCode: part.rule, discount: money(0n), points: part.points }));
  if (discounts.length + gains.length > 0) await giveBackPart(tx, [...discounts, ...gains], limits);
}
