import { type Money, money, sumMoney } from '#kernel/money.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Points, points } from '#kernel/points.ts';
import { splitWithCaps } from '#kernel/split.ts';
import type { LotSpend } from '#modules/program/index.ts';
import type { KeptEarning, Receipt, ReceiptLine } from './receipt.ts';
import {
  quantityBetween,
  type SoldLine,
  undoneBetween,
  unitsOfQuantity,
  unitsOfSum,
  wholeUnits,
} from './return-units.ts';
import { spendsOfPart } from './ship-part.ts';

export interface ReturnWish {
  /** null: by `sum`, or all that is left. */
  readonly lines:
    | readonly { readonly lineId: string; readonly quantity: bigint | null; readonly sum: bigint | null }[]
    | null;
  readonly sum: bigint | null;
}

/** What a return undoes, before anyone asks where the points are now. */
export interface ReturnPlan {
  readonly lines: readonly PlannedLine[];
  readonly money: Money;
  /** Earned points to take back, by the lot they made (R22). */
  readonly takeBack: readonly { readonly lotId: string; readonly rule: string; readonly points: Points }[];
  /** Redeemed points to give back, to the very lots. */
  readonly giveBack: readonly LotSpend[];
  /** The receipt's earnings as they are after it: gains that were taken back whole are marked. */
  readonly earnings: readonly KeptEarning[];
  /** Promotions' discounts undone, for their budgets. */
  readonly discounts: readonly { readonly promotionCode: string; readonly amount: Money }[];
  readonly complete: boolean;
}

export interface PlannedLine {
  readonly lineNo: number;
  readonly lineId: string;
  readonly before: bigint;
  readonly after: bigint;
  readonly quantity: bigint;
  readonly money: Money;
  readonly pointsGivenBack: Points;
  readonly pointsTakenBack: Points;
}

export type PlanRefusal =
  | { readonly code: 'line_unknown' | 'returns_more_than_sold'; readonly field: string }
  | { readonly code: 'nothing_left_to_return' };

/**
 * Plans a return of a confirmed receipt. Everything is a difference of two running totals, so several returns come to the same as one (R22).
 * `failed`: gains of the whole receipt whose condition no longer holds and which the program takes back whole (setting); null: in proportion.
 */
export function planReturn(
  receipt: Pick<Receipt, 'outcome'>,
  lines: readonly ReceiptLine[],
  wish: ReturnWish,
  failed: ReadonlySet<string> | null = null,
): Outcome<ReturnPlan, PlanRefusal> {
  if (lines.every((line) => line.returnedUnits === wholeUnits(line)))
    return refused({ code: 'nothing_left_to_return' });
  const after = unitsAfter(lines, wish);
  if (!after.ok) return after;
  const spans = lines.map((line, index) => ({
    line,
    before: line.returnedUnits,
    after: after.value[index] ?? line.returnedUnits,
    whole: wholeUnits(line),
  }));
  const redeemed = spans.map((span) => undoneBetween(span.line.redeemedPoints, span));
  const taken = receipt.outcome.earnings.map((earning) => takenOf(earning, spans, failed));
  const planned = spans.map((span, index) =>
    plannedLine(span, redeemed[index] ?? 0n, sum(taken.map((earning) => earning.byLine[index] ?? 0n))),
  );
  const redeemedBefore = sum(
    spans.map(({ line, before, whole }) => undoneBetween(line.redeemedPoints, { before: 0n, after: before, whole })),
  );
  return done({
    lines: planned.filter((line) => line.after > line.before),
    money: sumMoney(planned.map((line) => line.money)),
    takeBack: taken
      .map(({ earning, byLine }) => ({ lotId: earning.lotId, rule: earning.rule, points: points(sum(byLine)) }))
      .filter((part) => part.points > 0n),
    giveBack: spendsOfPart(receipt.outcome.spends, { skip: redeemedBefore, count: sum(redeemed) }),
    earnings: receipt.outcome.earnings.map((earning) =>
      hasFailed(earning, failed) ? { ...earning, undone: true } : earning,
    ),
    discounts: discountsOf(spans),
    complete: spans.every((span) => span.after === span.whole),
  });
}

interface Span {
  readonly line: ReceiptLine;
  readonly before: bigint;
  readonly after: bigint;
  readonly whole: bigint;
}

function unitsAfter(lines: readonly ReceiptLine[], wish: ReturnWish): Outcome<bigint[], PlanRefusal> {
  if (wish.lines !== null) return unitsAfterLines(lines, wish.lines);
  if (wish.sum !== null) return unitsAfterSum(lines, wish.sum);
  return done(lines.map(wholeUnits));
}

function unitsAfterLines(
  lines: readonly ReceiptLine[],
  asked: NonNullable<ReturnWish['lines']>,
): Outcome<bigint[], PlanRefusal> {
  const after = lines.map((line) => line.returnedUnits);
  for (const [index, wish] of asked.entries()) {
    const at = lines.findIndex((line) => line.lineId === wish.lineId);
    const line = lines[at];
    if (!line) return refused({ code: 'line_unknown', field: `/lines/${index}/line_id` });
    const units = wish.quantity === null ? unitsOfSum(line, wish.sum ?? 0n) : unitsOfQuantity(line, wish.quantity);
    const total = (after[at] ?? 0n) + (units ?? 0n);
    if (units === null || total > wholeUnits(line))
      return refused({ code: 'returns_more_than_sold', field: `/lines/${index}` });
    after[at] = total;
  }
  return done(after);
}

/** A sum over the whole receipt lies on its lines in proportion to what is left of their money. */
function unitsAfterSum(lines: readonly ReceiptLine[], asked: bigint): Outcome<bigint[], PlanRefusal> {
  const left = lines.map(
    (line) => line.paid - undoneBetween(line.paid, { before: 0n, after: line.returnedUnits, whole: wholeUnits(line) }),
  );
  if (asked > sum(left)) return refused({ code: 'returns_more_than_sold', field: '/sum' });
  const shares = splitWithCaps(asked, left, left);
  return done(
    lines.map((line, index) => {
      const share = shares[index] ?? 0n;
      return share === (left[index] ?? 0n) && share > 0n
        ? wholeUnits(line)
        : line.returnedUnits + (unitsOfSum(line, share) ?? 0n);
    }),
  );
}

interface Taken {
  readonly earning: KeptEarning;
  readonly byLine: readonly bigint[];
}

function takenOf(earning: KeptEarning, spans: readonly Span[], failed: ReadonlySet<string> | null): Taken {
  const byLine = spans.map((span, index) => {
    const total = earning.undone === true ? 0n : (earning.linePoints[index] ?? 0n);
    // All of a failed gain goes at once; what earlier returns took already is not taken again.
    const after = hasFailed(earning, failed) ? span.whole : span.after;
    return undoneBetween(total, { ...span, after });
  });
  return { earning, byLine };
}

function hasFailed(earning: KeptEarning, failed: ReadonlySet<string> | null): boolean {
  return earning.wholeReceipt && failed?.has(earning.rule) === true;
}

function plannedLine(span: Span, pointsGivenBack: bigint, pointsTakenBack: bigint): PlannedLine {
  const { line, before, after } = span;
  const sold: SoldLine = line;
  return {
    lineNo: line.lineNo,
    lineId: line.lineId,
    before,
    after,
    quantity: quantityBetween(sold, { before, after }),
    money: money(undoneBetween(line.paid, span)),
    pointsGivenBack: points(pointsGivenBack),
    pointsTakenBack: points(pointsTakenBack),
  };
}

function discountsOf(spans: readonly Span[]): { promotionCode: string; amount: Money }[] {
  const totals = new Map<string, bigint>();
  for (const span of spans) {
    for (const { promotionCode, amount } of span.line.discounts) {
      totals.set(promotionCode, (totals.get(promotionCode) ?? 0n) + undoneBetween(amount, span));
    }
  }
  return [...totals]
    .filter(([, amount]) => amount > 0n)
    .map(([promotionCode, amount]) => ({ promotionCode, amount: money(amount) }));
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
