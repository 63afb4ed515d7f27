import type {
  explanationStep,
  quoteAnswer,
  returnAnswer,
  saleAnswer,
  saleLineAnswer,
} from '@kopilka/contract/checkout';
import type { z } from 'zod';
import { type Explanation, explain } from '#modules/program/index.ts';
import type { BalanceFigures, Receipt, ReceiptLine } from '../domain/receipt.ts';
import { fiscalParts } from '../domain/fiscal-parts.ts';
import type { QuotedCart } from '../service/quote-cart.ts';
import type { ReturnRecord } from '../service/return-goods.ts';
import type { SaleRecord } from '../service/sale-command.ts';

export type Language = 'ru' | 'en';
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
    member: receipt.hasMember ? memberOf(receipt.memberId, outcome.tierAfter, outcome.balance) : null,
    totals: presentTotals(receipt.totals),
    redeem_limit: outcome.redeemLimit,
    lines: lines.map(presentLine),
    flags: [...receipt.flags],
    explanation: outcome.explanation.map((step) => presentStep(step, language)),
  };
}

export function presentQuote(
  { quote, state }: QuotedCart,
  quantities: ReadonlyMap<string, bigint>,
  language: Language,
): z.output<typeof quoteAnswer> {
  return {
    program_version: quote.programVersion,
    member: state && memberOf(state.memberId, state.standing.tierCode, state.standing),
    totals: presentTotals(quote.totals),
    redeem_limit: quote.redeemLimit,
    lines: quote.lines.map((line) => ({
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
      fiscal_parts: fiscalParts(quantities.get(line.lineId) ?? 1_000n, line.paid),
    })),
    flags: [...quote.flags],
    explanation: quote.explanation.map((step) => presentStep(step, language)),
  };
}

export function presentReturn({ returned, receipt }: ReturnRecord): z.output<typeof returnAnswer> {
  const { result } = returned;
  return {
    id: returned.externalId,
    return_id: returned.returnId,
    receipt_id: returned.receiptId,
    member: receipt.hasMember && result.balance ? memberOf(receipt.memberId, result.tierAfter, result.balance) : null,
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

export function presentTotals(totals: Receipt['totals']): z.output<typeof quoteAnswer>['totals'] {
  return {
    sum: totals.shelf,
    till_discount: totals.tillDiscount,
    promotion_discount: totals.promotionDiscount,
    redeemed_points: totals.redeemedPoints,
    redeemed_money: totals.redeemedMoney,
    rounding: totals.rounding,
    paid: totals.paid,
    earned_points: totals.earnedPoints,
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
    fiscal_parts: fiscalParts(line.quantity, line.paid),
  };
}

function presentStep(step: Explanation, language: Language): z.output<typeof explanationStep> {
  return {
    step: step.step,
    code: step.code,
    rule: step.rule,
    line_id: step.lineId,
    applied: step.applied,
    text: explain(step, language),
  };
}

function memberOf(memberId: string, tier: string | null, balance: BalanceFigures | null) {
  const { available, pending, reserved, debt } = balance ?? { available: 0n, pending: 0n, reserved: 0n, debt: 0n };
  return { member_id: memberId, tier, balance: { available, pending, reserved, debt } };
}
