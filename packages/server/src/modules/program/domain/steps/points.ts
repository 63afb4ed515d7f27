import { leastPoints, noPoints, type Points, points as pointsOf } from '#kernel/points.ts';
import { type Rate, rateScale, shareFloor } from '#kernel/rate.ts';
import { splitWithCaps } from '#kernel/split.ts';
import type { CompiledProgram } from '../compiled.ts';
import type { Worksheet } from '../worksheet.ts';
import { type Allocation, allocate } from './lots.ts';
import { type Step, say } from './step.ts';

/** Step 5: paying with points (R14). */
export const points: Step = (sheet) => {
  const limit = redemptionLimit(sheet);
  sheet.redeemLimit = limit.points;
  const { redeem } = sheet.cart;
  if (sheet.scene.member === null) return;
  if (redeem.kind === 'printed') {
    redeemPrinted(sheet, redeem.points, limit);
    return;
  }
  // The catalog tells what could be paid in points though nobody asks to.
  if (redeem.kind === 'none' && !sheet.scene.catalog) return;
  const asked = redeem.kind === 'points' ? leastPoints(redeem.points, limit.points) : limit.points;
  const found = whatCanBePaid(sheet, asked, limit);
  sheet.redeemable = found.points;
  if (redeem.kind === 'none') return;
  if (found.points > 0n) pay(sheet, found, limit.weights);
  if (redeem.kind === 'points' && found.points < redeem.points) {
    say(sheet, {
      step: 'points',
      code: limit.refusal ?? 'asked_too_much',
      applied: false,
      args: { asked: Number(redeem.points), given: Number(found.points) },
    });
  }
};

interface Limit {
  readonly points: Points;
  readonly weights: readonly bigint[];
  readonly caps: readonly bigint[];
  /** Why it is nothing. */
  readonly refusal: string | null;
}

const notAtAll = { points: noPoints, weights: [], caps: [] };

function redemptionLimit(sheet: Worksheet): Limit {
  const { scene, program } = sheet;
  const { redeeming, limits } = program.document;
  if (scene.member === null) return { ...notAtAll, refusal: 'no_member' };
  if (!redeeming.with_promo_code && sheet.fired.some(({ promotion }) => promotion.promotion.needs_code)) {
    return { ...notAtAll, refusal: 'not_with_promo_code' };
  }
  let receipt = 0n;
  for (const line of sheet.lines) receipt += line.price;
  if (receipt < BigInt(redeeming.least_receipt)) return { ...notAtAll, refusal: 'receipt_too_small' };
  const shares = lineShares(sheet);
  const byLines = shares.caps.reduce((sum, cap) => sum + cap, 0n);
  const byRate = shares.weights.reduce((sum, weight) => sum + weight, 0n) / (rateScale * program.pointValue);
  let limit = byRate < byLines ? byRate : byLines;
  if (sheet.receiptRoom !== null && sheet.receiptRoom / program.pointValue < limit)
    limit = sheet.receiptRoom / program.pointValue;
  const perDay = limits.redeem_per_day;
  if (perDay !== null) {
    const left = BigInt(perDay) - scene.member.redeemedToday;
    if (left < limit) {
      limit = left > 0n ? left : 0n;
      if (scene.asksForPoints) sheet.flags.add('redeeming_limit_reached');
    }
  }
  return { ...shares, points: pointsOf(limit), refusal: limit === 0n ? 'nothing_redeemable' : null };
}

/** By line: rate × price (the weight), and whole points that fit between price and floor (the cap). */
function lineShares({ lines, program, scene }: Worksheet): { weights: bigint[]; caps: bigint[] } {
  const { redeeming } = program.document;
  const tierCode = scene.member?.tierCode ?? null;
  const tierRate = tierCode === null ? null : (program.tiers.get(tierCode)?.redeemRate ?? null);
  const usual = tierRate ?? program.defaultRedeemRate;
  const weights: bigint[] = [];
  const caps: bigint[] = [];
  for (const line of lines) {
    const excluded = !line.canRedeem || (program.notRedeemable !== null && program.notRedeemable(line) > 0);
    const rate = excluded ? (0n as Rate) : (line.redeemRate ?? usual);
    const base = redeeming.base === 'shelf' ? line.shelf : line.price;
    const room = rate === 0n || line.price <= line.floor ? 0n : line.price - line.floor;
    const share = redeeming.scope === 'line' ? shareFloor(base, rate) : room;
    weights.push(base * rate);
    caps.push((share < room ? share : room) / program.pointValue);
  }
  return { weights, caps };
}

interface Payable extends Allocation {
  readonly points: Points;
}

/** As much of what was asked as lots cover, in whole steps and not below the least. */
function whatCanBePaid(sheet: Worksheet, asked: Points, limit: Limit): Payable {
  const { step, least_points: least } = sheet.program.document.redeeming;
  const inSteps = (count: bigint): bigint => count - (count % BigInt(step));
  const nothing: Payable = { points: noPoints, spends: [], caps: limit.caps };
  const wanted = inSteps(asked);
  if (wanted === 0n) return nothing;
  let found = allocate(sheet, wanted, limit);
  const covered = inSteps(sumOf(found));
  if (covered < sumOf(found)) found = covered === 0n ? nothing : allocate(sheet, covered, limit);
  if (covered < BigInt(least) || covered === 0n) {
    if (covered > 0n) say(sheet, { step: 'points', code: 'too_few_points', applied: false, args: { least } });
    return nothing;
  }
  return { ...found, points: pointsOf(covered) };
}

/** The same for one product and lots that may pay for anything: how much of `limit` a balance covers. */
export function payable(program: CompiledProgram, limit: bigint, balance: bigint): bigint {
  const { step, least_points: least } = program.document.redeeming;
  const wanted = limit - (limit % BigInt(step));
  const covered = balance < wanted ? balance - (balance % BigInt(step)) : wanted;
  return covered < BigInt(least) ? 0n : covered;
}

function sumOf({ spends }: Allocation): bigint {
  return spends.reduce((sum, spend) => sum + spend.points, 0n);
}

/** Whole points over the lines, in proportion, capped, the excess split again (R2). */
function pay(sheet: Worksheet, paid: Payable, weights: readonly bigint[]): void {
  putOnLines(sheet, splitWithCaps(paid.points, weights, paid.caps));
  sheet.spends = paid.spends;
  told(sheet, paid.points);
}

function putOnLines(sheet: Worksheet, parts: readonly bigint[]): void {
  let total = 0n;
  for (const [index, line] of sheet.lines.entries()) {
    const part = parts[index] ?? 0n;
    if (part === 0n) continue;
    line.redeemed += part;
    line.redeemedMoney += part * sheet.program.pointValue;
    line.price -= part * sheet.program.pointValue;
    total += part * sheet.program.pointValue;
  }
  if (sheet.receiptRoom !== null) sheet.receiptRoom = sheet.receiptRoom > total ? sheet.receiptRoom - total : 0n;
}

function told(sheet: Worksheet, redeemed: Points): void {
  const above = sheet.program.document.limits.redeem_code_above;
  if (above !== null && redeemed > BigInt(above)) sheet.flags.add('redeeming_needs_code');
  const limit = Number(sheet.redeemLimit);
  say(sheet, { step: 'points', code: 'redeemed', applied: true, args: { points: Number(redeemed), limit } });
}

/** R19, R21: the buyer has paid so; what lots do not cover is left for checkout to find. */
function redeemPrinted(sheet: Worksheet, printed: Points, limit: Limit): void {
  if (printed === 0n) return;
  const { pointValue } = sheet.program;
  const own = splitWithCaps(printed, limit.weights, limit.caps);
  const placed = own.reduce((sum, part) => sum + part, 0n);
  const rest = sheet.lines.map((line, index) => line.price / pointValue - (own[index] ?? 0n));
  // Lines that the law or the program closes take it last.
  const open = rest.map((room, index) => (sheet.lines[index]?.canRedeem === true ? room : 0n));
  const more = splitWithCaps(printed - placed, open, open);
  const left = printed - placed - more.reduce((sum, part) => sum + part, 0n);
  const closed = rest.map((room, index) => room - (more[index] ?? 0n));
  const last = splitWithCaps(left, closed, closed);
  const parts = sheet.lines.map((_, index) => (own[index] ?? 0n) + (more[index] ?? 0n) + (last[index] ?? 0n));
  const total = parts.reduce((sum, part) => sum + part, 0n);
  sheet.spends = allocate(sheet, total, { weights: parts, caps: parts }).spends;
  if (total > limit.points) sheet.flags.add('over_redeem_limit');
  putOnLines(sheet, parts);
  told(sheet, pointsOf(total));
}
