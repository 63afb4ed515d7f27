import { splitWithCaps } from '#kernel/split.ts';
import type { CompiledPromotion, NamedEffect } from '../compiled.ts';
import type { PreparedEffect, PriceTarget } from '../rule-kind.ts';
import type { GroupState, WorkLine, Worksheet } from '../worksheet.ts';
import { say } from './step.ts';

export type PriceEffect = Extract<PreparedEffect, { phase: 'price' }>;

export function isPriceEffect(effect: NamedEffect): effect is NamedEffect & { readonly prepared: PriceEffect } {
  return effect.prepared.phase === 'price';
}

/** What a price effect asks for, line by line, cut to floors and ceilings; nothing is changed yet. */
export function wantedOff(
  sheet: Worksheet,
  {
    promotion,
    effect,
    lines,
    group,
  }: { promotion: CompiledPromotion; effect: PriceEffect; lines: readonly WorkLine[]; group: GroupState | null },
): { wanted: readonly bigint[]; off: bigint[] } {
  const wanted = effect.takesOff(priceTarget(sheet, lines, group));
  const off = lines.map((line, place) => {
    const room = line.canDiscount && line.price > line.floor ? line.price - line.floor : 0n;
    const amount = wanted[place] ?? 0n;
    return amount < room ? amount : room;
  });
  const room = moneyRoom(sheet, promotion);
  if (room === null) return { wanted, off };
  const total = off.reduce((sum, amount) => sum + amount, 0n);
  return { wanted, off: total > room ? splitWithCaps(room, off, off) : off };
}

function priceTarget(sheet: Worksheet, lines: readonly WorkLine[], group: GroupState | null): PriceTarget {
  const shelfBase = sheet.program.document.receipt.promotions_base === 'shelf';
  return {
    sheet,
    lines,
    baseOf: (line) => group?.bases[line.index] ?? (shelfBase ? line.shelf : line.price),
    rateBefore: (line) => group?.rates[line.index] ?? 0n,
  };
}

/** What ceilings of the receipt, the promotion's own and its budget still allow; null: no such ceiling. */
function moneyRoom(sheet: Worksheet, promotion: CompiledPromotion): bigint | null {
  const already = sheet.fired.find((fired) => fired.promotion === promotion)?.discount ?? 0n;
  let room = sheet.receiptRoom;
  for (const limit of [promotion.limits.money, sheet.scene.budgets.get(promotion.code)?.money ?? null]) {
    if (limit === null) continue;
    const left = limit > already ? limit - already : 0n;
    if (room === null || left < room) room = left;
  }
  return room;
}

/** Takes an effect's discount off the lines; answers how much that was. */
export function takeOff(
  sheet: Worksheet,
  act: { promotion: CompiledPromotion; effect: PriceEffect; lines: readonly WorkLine[]; group: GroupState | null },
): bigint {
  const { promotion, effect, lines, group } = act;
  const { wanted, off } = wantedOff(sheet, act);
  let total = 0n;
  for (const [place, line] of lines.entries()) {
    const amount = off[place] ?? 0n;
    if (group && effect.rate !== undefined) group.rates[line.index] = (group.rates[line.index] ?? 0n) + effect.rate;
    if (sheet.explain && amount < (wanted[place] ?? 0n)) {
      const missing = Number((wanted[place] ?? 0n) - amount);
      say(sheet, {
        step: 'limit',
        code: 'floor',
        rule: promotion.code,
        lineId: line.lineId,
        applied: true,
        args: { missing },
      });
    }
    if (amount === 0n) continue;
    line.price -= amount;
    addDiscount(line, promotion.code, amount);
    total += amount;
  }
  if (sheet.receiptRoom !== null) sheet.receiptRoom -= total;
  return total;
}

function addDiscount(line: WorkLine, promotionCode: string, amount: bigint): void {
  const known = line.discounts.find((discount) => discount.promotionCode === promotionCode);
  if (known) known.amount += amount;
  else line.discounts.push({ promotionCode, amount });
}
