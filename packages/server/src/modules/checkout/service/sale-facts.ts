import type { Instant } from '#kernel/time.ts';
import { type Fact, factNo } from '#platform/facts.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { FactOrigin, Receipt } from '../domain/receipt.ts';
import type { ReceiptReturn } from '../domain/return.ts';

/** What a confirmed sale tells the modules above. Tiers that changed are told where the member is saved. Integers are minor units and points. */
export function purchaseFacts(receipt: Receipt, state: MemberState): Fact[] {
  const { totals } = receipt;
  const data = {
    receipt_id: receipt.receiptId,
    shop_id: receipt.shopId,
    id: receipt.externalId,
    paid: Number(totals.paid),
    promotion_discount: Number(totals.promotionDiscount),
    redeemed_points: Number(totals.redeemedPoints),
    earned_points: Number(totals.earnedPoints),
    receipts_count: state.standing.receiptsCount,
    test: receipt.test,
  };
  return [factOf(receipt.origin, state, { kind: 'purchase_confirmed', at: receipt.at, data })];
}

export interface ToldReturn {
  readonly receipt: Receipt;
  readonly returned: ReceiptReturn;
  /** The return's own (R35): goods of an imported receipt come back today. */
  readonly origin: FactOrigin;
}

export function returnFacts({ receipt, returned, origin }: ToldReturn, state: MemberState): Fact[] {
  const data = {
    receipt_id: receipt.receiptId,
    return_id: returned.returnId,
    money_returned: Number(returned.moneyReturned),
    points_given_back: Number(returned.result.pointsGivenBack),
    points_taken_back: Number(returned.result.pointsTakenBack),
    complete: returned.result.complete,
  };
  return [factOf(origin, state, { kind: 'purchase_returned', at: returned.at, data })];
}

export function holdFact(
  kind: 'sale_held' | 'sale_cancelled' | 'hold_expired',
  receipt: Receipt,
  state: MemberState,
  at: Instant,
): Fact {
  return factOf(receipt.origin, state, {
    kind,
    at,
    data: { receipt_id: receipt.receiptId, id: receipt.externalId, order: receipt.isOrder },
  });
}

function factOf(origin: FactOrigin, state: MemberState, fact: { kind: string; at: Instant; data: Fact['data'] }): Fact {
  return {
    memberId: state.memberId,
    factNo: factNo(state.standing.revision, 0),
    kind: fact.kind,
    at: fact.at,
    origin,
    data: fact.data,
  };
}
