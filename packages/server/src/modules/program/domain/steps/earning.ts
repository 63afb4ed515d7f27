import { addToRow, type EarningSheet } from '../earning-sheet.ts';
import type { Fired, Worksheet } from '../worksheet.ts';
import { lotsToMake } from './earned-lots.ts';
import { fire } from './fire.ts';
import { openEarning } from './open-earning.ts';
import { type Step, say } from './step.ts';

/** Step 7: points on what was paid, and codes for next time (R15). */
export const earning: Step = (sheet) => {
  for (const open of sheet.open) if (open.promotion.phase === 'earning') fire(sheet, open, 'earning');
  for (const fired of sheet.fired) forbid(fired);
  if (sheet.scene.member === null) {
    say(sheet, { step: 'earning', code: 'no_member', applied: false, args: {} });
  } else {
    const earned = contributions(sheet);
    sheet.earnings = lotsToMake(sheet, earned);
    nextCodes(sheet);
  }
  dropIdle(sheet);
};

/** Before anything is counted: what one promotion forbids no other gives, whatever their order. */
function forbid(fired: Fired): void {
  for (const { prepared } of fired.promotion.effects) {
    if (prepared.phase !== 'earning' || !('forbids' in prepared)) continue;
    for (const line of fired.lines) {
      if (line.canEarn) fired.acted = true;
      line.canEarn = false;
    }
  }
}

function contributions(sheet: Worksheet): EarningSheet {
  // R15 goes by priority alone, also where a code or a discount made a promotion act earlier.
  const inOrder =
    sheet.fired.length < 2 ? sheet.fired : sheet.fired.toSorted((a, b) => a.promotion.index - b.promotion.index);
  let multiplications = 0;
  for (const { promotion } of inOrder) {
    for (const { prepared } of promotion.effects) {
      if (prepared.phase === 'earning' && 'multiplies' in prepared && prepared.multiplies) multiplications += 1;
    }
  }
  const earned = openEarning(sheet, multiplications);
  for (const fired of inOrder) {
    for (const { prepared } of fired.promotion.effects) {
      if (prepared.phase !== 'earning' || 'forbids' in prepared) continue;
      const any = prepared.contribute({ sheet: earned, promotionIndex: fired.promotion.index, lines: fired.lines });
      if (any) fired.acted = true;
    }
    capRows(sheet, earned, fired);
  }
  return earned;
}

/** A promotion's own ceiling of points and what its budget has left. */
function capRows(sheet: Worksheet, earned: EarningSheet, { promotion }: Fired): void {
  for (const limit of [promotion.limits.points, sheet.scene.budgets.get(promotion.code)?.points ?? null]) {
    if (limit === null) continue;
    let left = limit * earned.unit;
    for (const row of earned.rows) {
      if (row.rule !== promotion.index) continue;
      const total = row.amounts.reduce((sum, amount) => sum + amount, 0n);
      if (total > left) {
        for (const [index, amount] of row.amounts.entries())
          addToRow(earned, row, index, (amount * left) / total - amount);
        const short = left - row.amounts.reduce((sum, amount) => sum + amount, 0n);
        const first = row.amounts.findIndex((amount) => amount > 0n);
        addToRow(earned, row, first === -1 ? 0 : first, short);
      }
      left -= total < left ? total : left;
    }
  }
}

function nextCodes(sheet: Worksheet): void {
  for (const fired of sheet.fired) {
    for (const { prepared } of fired.promotion.effects) {
      if (prepared.phase !== 'next_code') continue;
      fired.acted = true;
      sheet.nextCodes.push({
        fromPromotion: fired.promotion.code,
        promotionCode: prepared.promotionCode,
        days: prepared.days,
      });
      say(sheet, {
        step: 'earning',
        code: 'next_code',
        rule: fired.promotion.code,
        applied: true,
        args: { promotion: prepared.promotionCode },
      });
    }
  }
}

/** A promotion that gave nothing has not fired: it takes no use from its limits. */
function dropIdle(sheet: Worksheet): void {
  for (let index = sheet.fired.length - 1; index >= 0; index -= 1) {
    const fired = sheet.fired[index];
    if (!fired || fired.acted) continue;
    sheet.fired.splice(index, 1);
    say(sheet, { step: 'earning', code: 'nothing_earned', rule: fired.promotion.code, applied: false, args: {} });
  }
}
