import { z } from 'zod';
import { divideRound } from '#kernel/rate.ts';
import { field, moneyAmount } from '../document/pieces.ts';
import { effectKind } from '../rule-kind.ts';

export const newPrice = effectKind({
  code: 'new_price',
  label: { ru: 'Новая цена', en: 'New price' },
  schema: z.strictObject({
    kind: z.literal('new_price'),
    price: field(moneyAmount, { ru: 'Цена за штуку', en: 'Price of one', widget: 'money', unit: 'money' }),
  }),
  prepare: (args) => {
    const price = BigInt(args.price);
    return {
      phase: 'price',
      args: { price: args.price },
      takesOff: ({ lines }) =>
        lines.map((line) => {
          const sum = divideRound(price * line.quantity, 1000n);
          return line.price > sum ? line.price - sum : 0n;
        }),
    };
  },
  sentence: { ru: 'цена {price|money}', en: 'for {price|money}' },
});
