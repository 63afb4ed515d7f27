import type { memberInAnswer, quoteAnswer } from '@kopilka/contract/checkout';
import type { z } from 'zod';
import { fiscalParts } from '../domain/fiscal-parts.ts';
import type { BalanceFigures, Receipt } from '../domain/receipt.ts';
import { explainSteps, type Language } from './explain.ts';
import type { QuotedCart } from './quote-cart.ts';

export type QuoteAnswer = z.output<typeof quoteAnswer>;

/** A quote as it leaves, over HTTP and on the command line alike. */
export function presentQuote(
  { quote, state }: QuotedCart,
  quantities: ReadonlyMap<string, bigint>,
  language: Language,
): QuoteAnswer {
  return {
    program_version: quote.programVersion,
    member: state && presentMember(state.memberId, state.standing.tierCode, state.standing),
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
      gift_sku: line.giftSku,
      fiscal_parts: fiscalParts(quantities.get(line.lineId) ?? 1_000n, line.paid),
    })),
    flags: [...quote.flags],
    explanation: explainSteps(quote.explanation, language),
  };
}

export function presentTotals(totals: Receipt['totals']): QuoteAnswer['totals'] {
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

export function presentMember(
  memberId: string,
  tier: string | null,
  balance: BalanceFigures | null,
): z.output<typeof memberInAnswer> {
  const { available, pending, reserved, debt } = balance ?? { available: 0n, pending: 0n, reserved: 0n, debt: 0n };
  return { member_id: memberId, tier, balance: { available, pending, reserved, debt } };
}
