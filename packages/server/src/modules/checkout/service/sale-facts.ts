import type { Instant } from '#kernel/time.ts';
import { type Fact, factNo } from '#platform/facts.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { ReceiptReturn } from '../domain/return.ts';

/** What a confirmed sale tells the modules above; a tier's change is a fact of its own. Integers are minor units and points. */
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
  const facts = [factOf(receipt, state, { kind: 'purchase_confirmed', at: receipt.at, place: 0, data })];
  if (receipt.raisedTier !== null) {
    const tier = { from: receipt.tierCode, to: receipt.raisedTier, receipt_id: receipt.receiptId };
    facts.push(factOf(receipt, state, { kind: 'tier_changed', at: receipt.at, place: 1, data: tier }));
  }
  return facts;
}

export function returnFacts(receipt: Receipt, returned: ReceiptReturn, state: MemberState): Fact[] {
  const data = {
    receipt_id: receipt.receiptId,
    return_id: returned.returnId,
    money_returned: Number(returned.moneyReturned),
    points_given_back: Number(returned.result.pointsGivenBack),
    points_taken_back: Number(returned.result.pointsTakenBack),
    complete: returned.result.complete,
  };
  return [factOf(receipt, state, { kind: 'purchase_returned', at: returned.at, place: 0, data })];
}

export function holdFact(
  kind: 'sale_held' | 'sale_cancelled' | 'hold_expired',
  receipt: Receipt,
  state: MemberState,
  at: Instant,
): Fact {
  return factOf(receipt, state, {
    kind,
    at,
    place: 0,
    data: { receipt_id: receipt.receiptId, id: receipt.externalId, order: receipt.isOrder },
  });
}

function factOf(
  receipt: Receipt,
  state: MemberState,
  fact: { kind: string; at: Instant; place: number; data: Fact['data'] },
): Fact {
  return {
    memberId: state.memberId,
    factNo: factNo(state.standing.revision, fact.place),
    kind: fact.kind,
    at: fact.at,
    origin: receipt.origin,
    data: fact.data,
  };
}
