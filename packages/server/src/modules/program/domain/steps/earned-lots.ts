import { noPoints, points } from '#kernel/points.ts';
import { divideCeiling, divideFloor, divideRound, formatPercent } from '#kernel/rate.ts';
import { splitByWeight } from '#kernel/split.ts';
import type { CompiledPromotion, LotTerms } from '../compiled.ts';
import type { EarningRow, EarningSheet } from '../earning-sheet.ts';
import { lotDates } from '../lot-dates.ts';
import type { Earning } from '../quote-result.ts';
import type { Worksheet } from '../worksheet.ts';
import { say } from './step.ts';

/** What becomes one lot: rules whose points live under the same terms (R15). */
interface FutureLot {
  readonly terms: LotTerms;
  readonly wholeReceipt: boolean;
  readonly rows: EarningRow[];
  readonly points: bigint[];
}

/** Sums exactly per future lot, rounds once, caps the receipt and the day, splits over the lines by R2. */
export function lotsToMake(sheet: Worksheet, earned: EarningSheet): Earning[] {
  const lots = futureLots(sheet, earned);
  for (const lot of lots) roundOnce(sheet, earned, lot);
  cutToCeilings(sheet, lots);
  return lots.flatMap((lot) => earningOf(sheet, lot));
}

function futureLots(sheet: Worksheet, earned: EarningSheet): FutureLot[] {
  const lots: FutureLot[] = [];
  for (const row of earned.rows) {
    const terms = promotionOf(sheet, row)?.lot ?? sheet.program.baseLot;
    const known = lots.find((lot) => lot.terms.key === terms.key && lot.wholeReceipt === row.wholeReceipt);
    if (known) known.rows.push(row);
    else lots.push({ terms, wholeReceipt: row.wholeReceipt, rows: [row], points: [] });
  }
  return lots;
}

function promotionOf(sheet: Worksheet, row: EarningRow): CompiledPromotion | null {
  return sheet.program.promotions[row.rule] ?? null;
}

const roundings = { down: divideFloor, nearest: divideRound, up: divideCeiling };

/** The lot is rounded once; each rule's share is the step it made in the rounded sum, so that shares add up to the lot. */
function roundOnce(sheet: Worksheet, earned: EarningSheet, lot: FutureLot): void {
  const round = roundings[sheet.program.document.earning.rounding];
  let exact = 0n;
  let whole = 0n;
  for (const row of lot.rows) {
    for (const amount of row.amounts) exact += amount;
    const upTo = round(exact, earned.unit);
    lot.points.push(upTo - whole);
    whole = upTo;
  }
}

/** Ceilings of the receipt and the day (R15) and R30's limit cut the last rules first: the base stays longest. */
function cutToCeilings(sheet: Worksheet, lots: readonly FutureLot[]): void {
  const { earning, limits } = sheet.program.document;
  const today = sheet.scene.member?.earnedToday ?? noPoints;
  let total = lots.reduce((sum, lot) => lot.points.reduce((all, part) => all + part, sum), 0n);
  const cut = (ceiling: bigint, code: string): boolean => {
    const over = total - (ceiling > 0n ? ceiling : 0n);
    if (over <= 0n) return false;
    let left = over;
    for (const lot of lots.toReversed()) {
      for (let place = lot.points.length - 1; place >= 0 && left > 0n; place -= 1) {
        const part = lot.points[place] ?? 0n;
        const taken = part < left ? part : left;
        lot.points[place] = part - taken;
        left -= taken;
      }
    }
    total -= over;
    say(sheet, { step: 'earning', code, applied: true, args: { points: Number(over) } });
    return true;
  };
  if (earning.receipt_ceiling !== null) cut(BigInt(earning.receipt_ceiling), 'receipt_ceiling');
  if (earning.day_ceiling !== null) cut(BigInt(earning.day_ceiling) - today, 'day_ceiling');
  if (limits.earn_per_day !== null && cut(BigInt(limits.earn_per_day) - today, 'earning_limit')) {
    sheet.flags.add('earning_limit_reached');
  }
}

function earningOf(sheet: Worksheet, lot: FutureLot): Earning[] {
  const total = lot.points.reduce((sum, part) => sum + part, 0n);
  if (total === 0n) return [];
  const { terms } = lot;
  const dates = lotDates(sheet, terms);
  if (dates === null) {
    say(sheet, { step: 'earning', code: 'term_is_over', applied: false, args: { points: Number(total) } });
    return [];
  }
  const weights = sheet.lines.map((_, index) => lot.rows.reduce((sum, row) => sum + (row.amounts[index] ?? 0n), 0n));
  const linePoints = splitByWeight(total, weights).map(points);
  for (const [index, part] of linePoints.entries()) {
    const line = sheet.lines[index];
    if (line) line.earned += part;
  }
  for (const [place, row] of lot.rows.entries()) credit(sheet, row, lot.points[place] ?? 0n);
  const [first] = lot.rows;
  return [
    {
      rule: (first && promotionOf(sheet, first)?.code) ?? 'base',
      points: points(total),
      linePoints,
      wholeReceipt: lot.wholeReceipt,
      ...dates,
      restriction: terms.restriction,
      funder: terms.funder,
      paysDebt: terms.paysDebt,
    },
  ];
}

function credit(sheet: Worksheet, row: EarningRow, given: bigint): void {
  const promotion = promotionOf(sheet, row);
  if (promotion !== null) {
    const fired = sheet.fired.find((one) => one.promotion === promotion);
    if (fired) fired.points += given;
    say(sheet, {
      step: 'earning',
      code: 'promotion_points',
      rule: promotion.code,
      applied: given > 0n,
      args: { points: Number(given) },
    });
    return;
  }
  if (!sheet.explain) return;
  const tierCode = sheet.scene.member?.tierCode ?? null;
  const rate =
    (tierCode === null ? undefined : sheet.program.tiers.get(tierCode)?.earnRate) ?? sheet.program.defaultEarnRate;
  say(sheet, {
    step: 'earning',
    code: 'base_points',
    rule: 'base',
    applied: given > 0n,
    args: { points: Number(given), rate: formatPercent(rate), tier: tierCode ?? '' },
  });
}
