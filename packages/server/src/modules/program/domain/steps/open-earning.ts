import { type Rate, rateScale } from '#kernel/rate.ts';
import type { CompiledProgram, CompiledRate } from '../compiled.ts';
import { addToRow, type EarningLine, type EarningSheet, rowOf } from '../earning-sheet.ts';
import type { WorkLine, Worksheet } from '../worksheet.ts';

/** The base earning of every line, before promotions (R15). `multiplications` still to come set how fine the numbers are. */
export function openEarning(sheet: Worksheet, multiplications: number): EarningSheet {
  const { program, scene } = sheet;
  const scale = 100n ** BigInt(multiplications);
  const { on_points_paid: onPointsPaid, multiply } = program.document.earning;
  const lines = sheet.lines.map((line): EarningLine => {
    const money = onPointsPaid ? line.price + line.redeemedMoney : line.price;
    return {
      line,
      money,
      rate: line.canEarn ? baseRateOf(sheet, line) : (0n as Rate),
      base: 0n,
      replaced: false,
      total: 0n,
    };
  });
  const earning: EarningSheet = { unit: scale * rateScale * program.pointValue, scale, multiply, lines, rows: [] };
  if (scene.member === null) return earning;
  const row = rowOf(earning, -1, false);
  for (const line of lines) {
    line.base = line.money * line.rate * scale;
    addToRow(earning, row, line.line.index, line.base);
  }
  return earning;
}

/** The most specific rule against the tier's rate: instead of it, the higher or the lower (R15). */
function baseRateOf({ program, scene }: Worksheet, line: WorkLine): Rate {
  const tierCode = scene.member?.tierCode ?? null;
  const tierRate = (tierCode === null ? undefined : program.tiers.get(tierCode)?.earnRate) ?? program.defaultEarnRate;
  if (program.baseRates.length === 0) return tierRate;
  const rule = mostSpecific(program, line, { shop: scene.shop.code, channel: scene.shop.channel, tier: tierCode });
  if (rule === null || rule.combine === 'instead') return rule?.rate ?? tierRate;
  const higher = rule.rate > tierRate;
  return (rule.combine === 'higher') === higher ? rule.rate : tierRate;
}

function mostSpecific(
  program: CompiledProgram,
  line: WorkLine,
  place: { shop: string; channel: string; tier: string | null },
): CompiledRate | null {
  let found: CompiledRate | null = null;
  let closest = 0;
  for (const rule of program.baseRates) {
    if (rule.shops?.has(place.shop) === false || rule.channels?.has(place.channel) === false) continue;
    if (rule.tiers !== null && (place.tier === null || !rule.tiers.has(place.tier))) continue;
    const reach = rule.products(line);
    if (reach === 0) continue;
    // Product, deepest category, brand, then shop, channel and tier.
    const closeness = reach * 8 + (rule.shops ? 4 : 0) + (rule.channels ? 2 : 0) + (rule.tiers ? 1 : 0);
    if (closeness > closest) {
      found = rule;
      closest = closeness;
    }
  }
  return found;
}
