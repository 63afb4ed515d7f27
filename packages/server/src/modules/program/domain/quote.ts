import { type Money, money, noMoney } from '#kernel/money.ts';
import { noPoints, points } from '#kernel/points.ts';
import type { Cart, QuoteInput } from './cart.ts';
import type { CompiledProgram } from './compiled.ts';
import type { Explanation, Quote, QuoteFlag, QuoteLine, QuoteTotals } from './quote-result.ts';
import { makeScene, openPromotions } from './scene.ts';
import { earning } from './steps/earning.ts';
import { points as pointsStep } from './steps/points.ts';
import { promoCode, promotions } from './steps/promotions.ts';
import { rounding } from './steps/rounding.ts';
import { shelf } from './steps/shelf.ts';
import type { Step } from './steps/step.ts';
import { tillDiscounts } from './steps/till-discounts.ts';
import { workLine } from './work-lines.ts';
import type { OpenPromotion, Scene, WorkLine, Worksheet } from './worksheet.ts';

export interface QuoteOptions {
  /** false: no explanations are made. Figures are the same. */
  readonly explain: boolean;
}

/** R12, in its order. */
const receiptSteps: readonly Step[] = [shelf, tillDiscounts, promotions, promoCode, pointsStep, rounding, earning];

/** What a receipt comes to. Changes nothing, reads no clock: the same input answers the same (R4, R18). */
export function quote(program: CompiledProgram, input: QuoteInput, options: QuoteOptions = { explain: true }): Quote {
  const explanation: Explanation[] = [];
  const explain = options.explain ? (said: Explanation): void => void explanation.push(said) : null;
  const scene = makeScene(program, input, explain);
  const open = openPromotions(program, scene, explain);
  const sheet = runSteps({ program, scene, cart: input.cart, open, explain, explanation });
  if (input.member?.staff === true) sheet.flags.add('staff_card');
  if (input.member?.blocked === true) sheet.flags.add('member_blocked');
  return answer(sheet);
}

interface Start {
  readonly program: CompiledProgram;
  readonly scene: Scene;
  readonly cart: Cart;
  readonly open: readonly OpenPromotion[];
  readonly explain: Worksheet['explain'];
  readonly explanation: Explanation[];
}

export function runSteps(start: Start): Worksheet {
  const { program, scene, cart } = start;
  const sheet: Worksheet = {
    ...start,
    lines: cart.lines.map((line, index) => workLine(program, line, { index, date: scene.local.date })),
    fired: [],
    groups: new Map(),
    flags: new Set<QuoteFlag>(),
    receiptRoom: null,
    redeemLimit: noPoints,
    redeemable: noPoints,
    spends: [],
    earnings: [],
    nextCodes: [],
  };
  for (const step of receiptSteps) step(sheet);
  return sheet;
}

function answer(sheet: Worksheet): Quote {
  const lines = sheet.lines.map(quoteLine);
  return {
    programVersion: sheet.program.version,
    lines,
    totals: totalsOf(lines, sheet.lines),
    spends: sheet.spends,
    redeemLimit: sheet.redeemLimit,
    earnings: sheet.earnings,
    uses: sheet.fired.map(({ promotion, promoCodeId, windowId, discount, points: given }) => ({
      promotionCode: promotion.code,
      promoCodeId,
      windowId,
      discount: money(discount),
      points: points(given),
      limits: { perMember: promotion.limits.perMember, perDay: promotion.limits.perDay, total: promotion.limits.total },
    })),
    nextCodes: sheet.nextCodes,
    explanation: sheet.explanation,
    flags: [...sheet.flags],
  };
}

function quoteLine(line: WorkLine): QuoteLine {
  return {
    lineId: line.lineId,
    shelfSum: money(line.shelf),
    tillDiscount: money(line.till),
    discounts: line.discounts.map(({ promotionCode, amount }) => ({ promotionCode, amount: money(amount) })),
    redeemedPoints: points(line.redeemed),
    redeemedMoney: money(line.redeemedMoney),
    rounding: money(line.rounding),
    paid: money(line.price),
    earnedPoints: points(line.earned),
    gift: line.giftFor !== null,
    giftSku: line.giftFor?.sku ?? null,
  };
}

function totalsOf(lines: readonly QuoteLine[], work: readonly WorkLine[]): QuoteTotals {
  const sum = (of: (line: QuoteLine) => bigint): Money => {
    let total: bigint = noMoney;
    for (const line of lines) total += of(line);
    return money(total);
  };
  let discount = 0n;
  for (const line of work) for (const { amount } of line.discounts) discount += amount;
  return {
    shelf: sum((line) => line.shelfSum),
    tillDiscount: sum((line) => line.tillDiscount),
    promotionDiscount: money(discount),
    redeemedPoints: points(sum((line) => line.redeemedPoints)),
    redeemedMoney: sum((line) => line.redeemedMoney),
    rounding: sum((line) => line.rounding),
    paid: sum((line) => line.paid),
    earnedPoints: points(sum((line) => line.earnedPoints)),
  };
}
