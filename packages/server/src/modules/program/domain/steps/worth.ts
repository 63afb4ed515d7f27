import type { CompiledPromotion } from '../compiled.ts';
import type { EarningSheet } from '../earning-sheet.ts';
import type { Worksheet } from '../worksheet.ts';
import { openEarning } from './open-earning.ts';
import { isPriceEffect, wantedOff } from './take-off.ts';
import { cartUnmet, chosenLines } from './targets.ts';

/** No promotion has more effects than ten, so no unit of a trial needs more than ten factors of 100. */
const trialMultiplications = 10;

/** Discount + points × point value that a promotion would bring on this receipt as it stands, in millionths of a minor unit and finer. */
export function worth(sheet: Worksheet, promotion: CompiledPromotion): bigint {
  if (cartUnmet(sheet, promotion) !== null) return 0n;
  const lines = chosenLines(sheet, promotion);
  if (lines.length === 0) return 0n;
  let discount = 0n;
  for (const effect of promotion.effects) {
    if (!isPriceEffect(effect)) continue;
    const { gift } = effect.prepared;
    const acted = gift ? sheet.lines.filter((line) => line.sku === gift.sku) : lines;
    const { off } = wantedOff(sheet, { promotion, effect: effect.prepared, lines: acted, group: null });
    for (const amount of off) discount += amount;
    if (gift && acted.length === 0 && gift.add) discount += sheet.scene.productOf?.(gift.sku)?.price ?? 0n;
  }
  if (sheet.scene.member === null) return discount;
  const trial = openEarning(sheet, trialMultiplications);
  return discount * trial.unit + extraPoints(sheet, trial, promotion) * sheet.program.pointValue;
}

function extraPoints(sheet: Worksheet, trial: EarningSheet, promotion: CompiledPromotion): bigint {
  const before = total(trial);
  const lines = chosenLines(sheet, promotion);
  for (const { prepared } of promotion.effects) {
    if (prepared.phase !== 'earning' || 'forbids' in prepared) continue;
    prepared.contribute({ sheet: trial, promotionIndex: promotion.index, lines });
  }
  const extra = total(trial) - before;
  const budget = sheet.scene.budgets.get(promotion.code)?.points ?? null;
  return [promotion.limits.points, budget].reduce<bigint>(
    (least, limit) => (limit !== null && limit * trial.unit < least ? limit * trial.unit : least),
    extra,
  );
}

function total(sheet: EarningSheet): bigint {
  return sheet.lines.reduce((sum, line) => sum + line.total, 0n);
}
