import type { CompiledPromotion, NamedCondition } from '../compiled.ts';
import type { WorkLine, Worksheet } from '../worksheet.ts';

/** Which condition of the receipt does not hold; null: all do. */
export function cartUnmet(sheet: Worksheet, promotion: CompiledPromotion): NamedCondition<'cart'> | null {
  for (const condition of promotion.cartConditions) {
    if (!condition.prepared.holds(sheet)) return condition;
  }
  return null;
}

/** The lines a promotion acts on. Without a line_match: goods and services, for a discount on everything is none on the delivery (R24). */
export function chosenLines(sheet: Worksheet, promotion: CompiledPromotion): WorkLine[] {
  const chosen: WorkLine[] = [];
  for (const line of sheet.lines) {
    if (!line.canPromote || line.giftFor !== null) continue;
    if (promotion.limits.lines !== null && chosen.length >= promotion.limits.lines) break;
    if (
      promotion.lineConditions.length === 0
        ? line.kind === 'goods' || line.kind === 'service'
        : chooses(promotion, line)
    ) {
      chosen.push(line);
    }
  }
  return chosen;
}

function chooses(promotion: CompiledPromotion, line: WorkLine): boolean {
  for (const { prepared } of promotion.lineConditions) if (!prepared.chooses(line)) return false;
  return true;
}
