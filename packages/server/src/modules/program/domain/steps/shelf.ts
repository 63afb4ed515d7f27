import { type Step, say } from './step.ts';

/** Step 1: shelf prices. */
export const shelf: Step = (sheet) => {
  if (!sheet.explain) return;
  let sum = 0n;
  for (const line of sheet.lines) sum += line.shelf;
  say(sheet, { step: 'shelf', code: 'shelf', applied: true, args: { amount: Number(sum) } });
  for (const line of sheet.lines) {
    if (!line.lawful)
      say(sheet, {
        step: 'limit',
        code: 'law',
        lineId: line.lineId,
        applied: false,
        args: { legal_class: line.product?.legalClass ?? 'gift_card' },
      });
    else if (!line.canPromote)
      say(sheet, { step: 'limit', code: 'no_promotions', lineId: line.lineId, applied: false, args: {} });
  }
};
