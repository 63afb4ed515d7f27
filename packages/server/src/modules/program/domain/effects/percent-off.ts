import { z } from 'zod';
import { type Rate, shareRound } from '#kernel/rate.ts';
import { field, percentText, rateOf } from '../document/pieces.ts';
import { effectKind } from '../rule-kind.ts';

export const percentOff = effectKind({
  code: 'percent_off',
  label: { ru: 'Скидка в процентах', en: 'Percent off' },
  schema: z.strictObject({
    kind: z.literal('percent_off'),
    percent: field(percentText, { ru: 'Скидка', en: 'Discount', widget: 'percent', unit: 'percent' }),
  }),
  prepare: ({ percent }) => {
    const rate = rateOf(percent);
    return {
      phase: 'price',
      args: { percent },
      rate,
      // In a sum group 10 % and 5 % take what 15 % would, to the kopeck: each takes the step from the sum so far.
      takesOff: ({ lines, baseOf, rateBefore }) =>
        lines.map((line) => {
          const before = rateBefore(line);
          const base = baseOf(line);
          const upTo = shareRound(base, (before + rate) as Rate);
          return before === 0n ? upTo : upTo - shareRound(base, before as Rate);
        }),
    };
  },
  sentence: { ru: 'скидка {percent} %', en: '{percent} % off' },
});
