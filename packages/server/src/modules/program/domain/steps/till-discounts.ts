import { shareFloor } from '#kernel/rate.ts';
import type { Worksheet } from '../worksheet.ts';
import { type Step, say } from './step.ts';

/** Step 2: what the till took off by itself. It counts against ceilings and is never undone (R13). */
export const tillDiscounts: Step = (sheet) => {
  let till = 0n;
  let shelf = 0n;
  for (const line of sheet.lines) {
    till += line.till;
    shelf += line.shelf;
  }
  sheet.receiptRoom = roomOf(sheet, shelf, till);
  if (till > 0n) say(sheet, { step: 'till', code: 'till', applied: true, args: { amount: Number(till) } });
};

function roomOf({ program }: Worksheet, shelf: bigint, till: bigint): bigint | null {
  const money = program.document.ceilings.receipt_money;
  const byRate = program.receiptCeiling === null ? null : shareFloor(shelf, program.receiptCeiling);
  const byMoney = money === null ? null : BigInt(money);
  const ceiling = byRate === null ? byMoney : byMoney === null || byRate < byMoney ? byRate : byMoney;
  if (ceiling === null) return null;
  return ceiling > till ? ceiling - till : 0n;
}
