import { z } from 'zod';
import { field, percentText, rateOf } from '../document/pieces.ts';
import { addToRow, rowOf } from '../earning-sheet.ts';
import { effectKind } from '../rule-kind.ts';

export const earnAdd = effectKind({
  code: 'earn_add',
  label: { ru: 'Дополнительный процент начисления', en: 'An extra earning rate' },
  schema: z.strictObject({
    kind: z.literal('earn_add'),
    rate: field(percentText, { ru: 'Добавить', en: 'Add', widget: 'percent', unit: 'percent' }),
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
          if (!line || !line.line.canEarn || line.money === 0n) continue;
          addToRow(sheet, rowOf(sheet, promotionIndex, false), index, line.money * rate * sheet.scale);
          any = true;
        }
        return any;
      },
    };
  },
  sentence: { ru: 'плюс {rate} % баллами', en: 'plus {rate} % in points' },
});
