import { splitWithCaps } from '#kernel/split.ts';
import type { Worksheet } from '../worksheet.ts';
import { say } from './step.ts';

export const printedRule = 'printed';

/** R21: the discount that an offline till printed stands, whatever the promotions would say. Lines that the law closes take it last. */
export function printedDiscount(sheet: Worksheet): void {
  const printed = sheet.cart.printedDiscount;
  if (printed === undefined || printed <= 0n) return;
  const open = sheet.lines.map((line) => (line.canDiscount ? line.price : 0n));
  const first = splitWithCaps(printed, open, open);
  const taken = first.reduce((sum, part) => sum + part, 0n);
  const rest = sheet.lines.map((line, index) => line.price - (first[index] ?? 0n));
  const second = splitWithCaps(printed - taken, rest, rest);
  let total = 0n;
  for (const [index, line] of sheet.lines.entries()) {
    const amount = (first[index] ?? 0n) + (second[index] ?? 0n);
    if (amount === 0n) continue;
    line.price -= amount;
    line.discounts.push({ promotionCode: printedRule, amount });
    total += amount;
  }
  if (sheet.receiptRoom !== null) sheet.receiptRoom = sheet.receiptRoom > total ? sheet.receiptRoom - total : 0n;
  say(sheet, { step: 'promotion', code: 'printed', rule: printedRule, applied: true, args: { amount: Number(total) } });
}
