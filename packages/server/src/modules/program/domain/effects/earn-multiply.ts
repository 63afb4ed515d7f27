import { z } from 'zod';
import { field } from '../document/pieces.ts';
import { addToRow, rowOf } from '../earning-sheet.ts';
import { effectKind } from '../rule-kind.ts';

/** "2", "1.5", "2.25": hundredths are the finest. */
const times = z
  .string()
  .regex(/^\d{1,4}(?:\.\d{1,2})?$/, {
    error: 'a number as text with at most two decimals, such as "2" or "1.5"',
    // The next check counts with it.
    abort: true,
  })
  .refine((value) => hundredths(value) > 100n, 'more than 1');

export const earnMultiply = effectKind({
  code: 'earn_multiply',
  label: { ru: 'Умножить баллы', en: 'Multiply points' },
  schema: z.strictObject({
    kind: z.literal('earn_multiply'),
    times: field(times, { ru: 'Во сколько раз', en: 'Times', widget: 'number', unit: 'times' }),
  }),
  prepare: (args) => {
    const extra = hundredths(args.times) - 100n;
    return {
      phase: 'earning',
      args: { times: args.times },
      multiplies: true,
      contribute: ({ sheet, lines, promotionIndex }) => {
        let any = false;
        for (const { index } of lines) {
          const line = sheet.lines[index];
          if (!line || !line.line.canEarn) continue;
          const multiplied = sheet.multiply === 'base' ? line.base : line.total;
          if (multiplied === 0n) continue;
          // Exact: the sheet's unit has a factor of 100 for every multiplication.
          addToRow(sheet, rowOf(sheet, promotionIndex, false), index, (multiplied * extra) / 100n);
          any = true;
        }
        return any;
      },
    };
  },
  sentence: { ru: 'баллов в {times} раза больше', en: '{times} times the points' },
});

function hundredths(value: string): bigint {
  const [whole = '0', decimals = ''] = value.split('.');
  return BigInt(whole) * 100n + BigInt(decimals.padEnd(2, '0'));
}
