import { money } from '#kernel/money.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { points } from '#kernel/points.ts';
import type { LotSpend, Quote } from '#modules/program/index.ts';
import type { ContentLine } from './content.ts';
import type { KeptEarning, ReceiptLine } from './receipt.ts';
import { undoneBetween } from './return-units.ts';

/** A part of a held sale that is shipped and paid (R24): the held figures in proportion to the quantities, the last part taking the rest. */
export interface ShippedPart {
  readonly lines: readonly ReceiptLine[];
  readonly totals: Quote['totals'];
  readonly earnings: readonly KeptEarning[];
  readonly redeemed: bigint;
  /** The held lines with what is left to ship; empty when everything went. */
  readonly left: readonly ReceiptLine[];
  readonly complete: boolean;
}

export interface HeldFigures {
  readonly lines: readonly ReceiptLine[];
  readonly earnings: readonly KeptEarning[];
}

/** `shipped` says how much of each held line already went in earlier parts, in thousandths. */
export function shipPart(
  held: HeldFigures,
  shipped: ReadonlyMap<string, bigint>,
  asked: readonly Pick<ContentLine, 'lineId' | 'quantity'>[],
): Outcome<ShippedPart, { readonly code: 'line_unknown'; readonly field: string }> {
  const spans = new Map<string, { before: bigint; after: bigint; whole: bigint }>();
  for (const [index, line] of asked.entries()) {
    const source = held.lines.find((known) => known.lineId === line.lineId);
    const before = shipped.get(line.lineId) ?? 0n;
    if (!source || before + line.quantity > source.quantity)
      return refused({ code: 'line_unknown', field: `/lines/${index}` });
    spans.set(line.lineId, { before, after: before + line.quantity, whole: source.quantity });
  }
  const parts = held.lines.flatMap((line) => {
    const span = spans.get(line.lineId);
    return span ? [partOfLine(line, span)] : [];
  });
  const earnings = held.earnings
    .map((earning) => partOfEarning(earning, held.lines, spans))
    .filter((earning) => earning.points > 0n);
  const left = held.lines.filter(
    (line) => (spans.get(line.lineId)?.after ?? shipped.get(line.lineId) ?? 0n) < line.quantity,
  );
  return done({
    lines: parts,
    totals: totalsOf(parts, earnings),
    earnings,
    redeemed: sum(parts.map((line) => line.redeemedPoints)),
    left,
    complete: left.length === 0,
  });
}

/** What is left of an order to ship. */
export function leftOf(
  lines: readonly ReceiptLine[],
  shipped: ReadonlyMap<string, bigint>,
): { lineId: string; quantity: bigint }[] {
  return lines
    .map(({ lineId, quantity }) => ({ lineId, quantity: quantity - (shipped.get(lineId) ?? 0n) }))
    .filter(({ quantity }) => quantity > 0n);
}

interface Span {
  readonly before: bigint;
  readonly after: bigint;
  readonly whole: bigint;
}

function partOfLine(line: ReceiptLine, span: Span): ReceiptLine {
  const part = (total: bigint) => undoneBetween(total, span);
  const discounts = line.discounts.map(({ promotionCode, amount }) => ({ promotionCode, amount: money(part(amount)) }));
  const shelfSum = part(line.shelfSum);
  const tillDiscount = part(line.tillDiscount);
  const discount = sum(discounts.map(({ amount }) => amount));
  const redeemed = part(line.redeemedPoints);
  const redeemedMoney = line.redeemedPoints === 0n ? 0n : (redeemed * line.redeemedMoney) / line.redeemedPoints;
  const rounding = part(line.rounding);
  // Derived, so that every part adds up; the parts together are the whole because every figure of them is a running difference.
  const paid = shelfSum - tillDiscount - discount - redeemedMoney - rounding;
  return {
    ...line,
    quantity: span.after - span.before,
    shelfSum: money(shelfSum),
    tillDiscount: money(tillDiscount),
    discount: money(discount),
    discounts,
    redeemedPoints: points(redeemed),
    redeemedMoney: money(redeemedMoney),
    rounding: money(rounding),
    paid: money(paid < 0n ? 0n : paid),
    earnedPoints: points(part(line.earnedPoints)),
    returnedUnits: 0n,
  };
}

function partOfEarning(
  earning: KeptEarning,
  lines: readonly ReceiptLine[],
  spans: ReadonlyMap<string, Span>,
): KeptEarning {
  const shares = lines.flatMap((line, index) => {
    const span = spans.get(line.lineId);
    return span ? [points(undoneBetween(earning.linePoints[index] ?? 0n, span))] : [];
  });
  return { ...earning, linePoints: shares, points: points(sum(shares)) };
}

function totalsOf(lines: readonly ReceiptLine[], earnings: readonly KeptEarning[]): Quote['totals'] {
  return {
    shelf: money(sum(lines.map((line) => line.shelfSum))),
    tillDiscount: money(sum(lines.map((line) => line.tillDiscount))),
    promotionDiscount: money(sum(lines.map((line) => line.discount))),
    redeemedPoints: points(sum(lines.map((line) => line.redeemedPoints))),
    redeemedMoney: money(sum(lines.map((line) => line.redeemedMoney))),
    rounding: money(sum(lines.map((line) => line.rounding))),
    paid: money(sum(lines.map((line) => line.paid))),
    earnedPoints: points(sum(earnings.map((earning) => earning.points))),
  };
}

/** The stretch of what a hold set aside that a part spends: the first `count` points after `skip`, in the order they were held. */
export function spendsOfPart(parts: readonly LotSpend[], stretch: { skip: bigint; count: bigint }): LotSpend[] {
  const taken: LotSpend[] = [];
  let passed = 0n;
  for (const part of parts) {
    const from = passed > stretch.skip ? passed : stretch.skip;
    const to =
      passed + part.points < stretch.skip + stretch.count ? passed + part.points : stretch.skip + stretch.count;
    if (to > from) taken.push({ lotId: part.lotId, points: points(to - from) });
    passed += part.points;
  }
  return taken;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
