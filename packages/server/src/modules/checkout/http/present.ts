import type { returnAnswer, saleAnswer, saleLineAnswer } from '@kopilka/contract/checkout';
import type { z } from 'zod';
import { fiscalParts } from '../domain/fiscal-parts.ts';
import type { ReceiptLine } from '../domain/receipt.ts';
import { explainSteps, type Language } from '../service/explain.ts';
import { presentMember, presentTotals } from '../service/quote-answer.ts';
import type { ReturnRecord } from '../service/return-goods.ts';
import type { SaleRecord } from '../service/sale-command.ts';

type LineAnswer = z.output<typeof saleLineAnswer>;

/** The only ways a sale leaves as JSON. Texts are made here, in the caller's language: inside, explanations are codes with arguments. */
export function presentSale(record: SaleRecord, shopCode: string, language: Language): z.output<typeof saleAnswer> {
  const { receipt, lines } = record;
  const { outcome } = receipt;
  return {
    id: receipt.externalId,
    receipt_id: receipt.receiptId,
    shop: shopCode,
    state: receipt.state,
    at: receipt.at.toString(),
    hold_expires_at: receipt.holdExpiresAt?.toString() ?? null,
    next_codes: outcome.nextCodes.map(({ code, promotion, until }) => ({ code, promotion, until })),
    program_version: receipt.programVersion,
    member: receipt.hasMember ? presentMember(receipt.memberId, outcome.tierAfter, outcome.balance) : null,
    totals: presentTotals(receipt.totals),
    redeem_limit: outcome.redeemLimit,
    lines: lines.map(presentLine),
    flags: [...receipt.flags],
    explanation: explainSteps(outcome.explanation, language),
  };
}

export function presentReturn({ returned, receipt }: ReturnRecord): z.output<typeof returnAnswer> {
  const { result } = returned;
  return {
    id: returned.externalId,
    return_id: returned.returnId,
    receipt_id: returned.receiptId,
    member:
      receipt.hasMember && result.balance ? presentMember(receipt.memberId, result.tierAfter, result.balance) : null,
    at: returned.at.toString(),
    money_returned: returned.moneyReturned,
    points_given_back: result.pointsGivenBack,
    points_taken_back: result.pointsTakenBack,
    points_burned_already: result.pointsBurnedAlready,
    debt_made: result.debtMade,
    balance_change: result.pointsGivenBack - result.pointsTakenBack,
    lines: result.lines.map((line) => ({
      line_id: line.lineId,
      quantity: line.quantity,
      money: line.money,
      points_given_back: line.pointsGivenBack,
      points_taken_back: line.pointsTakenBack,
    })),
    complete: result.complete,
  };
}

function presentLine(line: ReceiptLine): LineAnswer {
  return {
    line_id: line.lineId,
    sum: line.shelfSum,
    till_discount: line.tillDiscount,
    discounts: line.discounts.map(({ promotionCode, amount }) => ({ promotion: promotionCode, amount })),
    redeemed_points: line.redeemedPoints,
    redeemed_money: line.redeemedMoney,
    rounding: line.rounding,
    paid: line.paid,
    earned_points: line.earnedPoints,
    gift: line.gift,
    gift_sku: line.gift ? line.sku : null,
    fiscal_parts: fiscalParts(line.quantity, line.paid),
  };
}
