import { z } from 'zod';
import { splitByWeight } from '#kernel/split.ts';
import { field, pointsAmount } from '../document/pieces.ts';
import { addToRow, rowOf } from '../earning-sheet.ts';
import { effectKind } from '../rule-kind.ts';

export const earnFixed = effectKind({
  code: 'earn_fixed',
  label: { ru: 'Фиксированные баллы', en: 'Fixed points' },
  schema: z.strictObject({
    kind: z.literal('earn_fixed'),
    points: field(pointsAmount.min(1), { ru: 'Баллов', en: 'Points', widget: 'number', unit: 'points' }),
    per: field(z.enum(['receipt', 'line', 'unit']), {
      ru: 'За чек, за строку или за штуку',
      en: 'For the receipt, each line or each piece',
      widget: 'choice',
    }).default('receipt'),
  }),
  prepare: (args) => ({
    phase: 'earning',
    args: { points: args.points },
    multiplies: false,
    contribute: ({ sheet, lines, promotionIndex }) => {
      const open = lines.flatMap(({ index }) => {
        const line = sheet.lines[index];
        return line?.line.canEarn === true ? [line] : [];
      });
      if (open.length === 0) return false;
      const given = BigInt(args.points) * sheet.unit;
      if (args.per === 'receipt') {
        const row = rowOf(sheet, promotionIndex, true);
        const parts = splitByWeight(
          given,
          open.map((line) => line.money),
        );
        for (const [place, line] of open.entries()) addToRow(sheet, row, line.line.index, parts[place] ?? 0n);
        return true;
      }
      const row = rowOf(sheet, promotionIndex, false);
      for (const { line } of open) {
        // Whole pieces: half a kilogram is not half a gift.
        addToRow(sheet, row, line.index, args.per === 'line' ? given : given * (line.quantity / 1000n));
      }
      return true;
    },
  }),
  sentence: { ru: 'плюс {points|points}', en: 'plus {points|points}' },
});
