import { splitWithCaps } from '#kernel/split.ts';
import { type Step, say } from './step.ts';

/** Step 6: what is paid goes down to a whole step, where lines may still give. */
export const rounding: Step = (sheet) => {
  const step = BigInt(sheet.program.document.receipt.rounding_step);
  if (step === 1n) return;
  let paid = 0n;
  for (const line of sheet.lines) paid += line.price;
  const excess = paid % step;
  if (excess === 0n) return;
  const caps = sheet.lines.map((line) => (line.canDiscount && line.price > line.floor ? line.price - line.floor : 0n));
  const room = caps.reduce((sum, cap) => sum + cap, 0n);
  if (room < excess || (sheet.receiptRoom !== null && sheet.receiptRoom < excess)) {
    say(sheet, { step: 'rounding', code: 'no_room_to_round', applied: false, args: { amount: Number(excess) } });
    return;
  }
  for (const [index, part] of splitWithCaps(excess, caps, caps).entries()) {
    const line = sheet.lines[index];
    if (!line) continue;
    line.rounding = part;
    line.price -= part;
  }
  say(sheet, { step: 'rounding', code: 'rounded', applied: true, args: { amount: Number(excess) } });
};
