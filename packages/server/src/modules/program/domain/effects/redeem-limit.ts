import { z } from 'zod';
import { field, percentText, rateOf } from '../document/pieces.ts';
import { effectKind } from '../rule-kind.ts';

export const redeemLimit = effectKind({
  code: 'redeem_limit',
  label: { ru: 'Другой предел оплаты баллами', en: 'Another limit of paying with points' },
  schema: z.strictObject({
    kind: z.literal('redeem_limit'),
    rate: field(percentText, {
      ru: 'Можно оплатить баллами',
      en: 'May be paid in points',
      widget: 'percent',
      unit: 'percent',
    }),
  }),
  prepare: (args) => {
    const rate = rateOf(args.rate);
    return {
      phase: 'redeeming',
      args: { rate: args.rate },
      // The top matching promotion replaces the tier's rate (R14): a later one finds the place taken.
      act: (lines) => {
        const open = lines.filter((line) => line.canRedeem && line.redeemRate === null);
        for (const line of open) line.redeemRate = rate;
        return open.length > 0;
      },
    };
  },
  sentence: { ru: 'баллами можно оплатить до {rate} %', en: 'points may pay up to {rate} %' },
});
