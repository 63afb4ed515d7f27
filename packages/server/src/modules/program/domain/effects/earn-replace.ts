import { z } from 'zod';
import { field, percentText, rateOf } from '../document/pieces.ts';
import { addToRow, rowOf } from '../earning-sheet.ts';
import { effectKind } from '../rule-kind.ts';

export const earnReplace = effectKind({
  code: 'earn_replace',
  label: { ru: 'Другой процент начисления', en: 'Another earning rate' },
  schema: z.strictObject({
    kind: z.literal('earn_replace'),
    rate: field(percentText, { ru: 'Начислять', en: 'Earn', widget: 'percent', unit: 'percent' }),
  }),
  prepare: (args) => {
    const rate = rateOf(args.rate);
    return {
      phase: 'earning',
      args: { rate: args.rate },
      multiplies: false,
      contribute: ({ sheet, lines, promotionIndex }) => {
        let any = false;
        for (const { index } of lines) {
          const line = sheet.lines[index];
          // The first in order replaces; another rate in its place would undo what the marketer put first.
          if (!line || !line.line.canEarn || line.replaced) continue;
          const base = rowOf(sheet, -1, false);
          addToRow(sheet, base, index, -(base.amounts[index] ?? 0n));
          line.base = line.money * rate * sheet.scale;
          line.replaced = true;
          addToRow(sheet, rowOf(sheet, promotionIndex, false), index, line.base);
          any = true;
        }
        return any;
      },
    };
  },
  sentence: { ru: 'начисляется {rate} % вместо обычного', en: 'earns {rate} % instead of the usual rate' },
});
