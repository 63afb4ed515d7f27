import { z } from 'zod';
import { splitWithCaps } from '#kernel/split.ts';
import { field, moneyAmount } from '../document/pieces.ts';
import { effectKind } from '../rule-kind.ts';

export const fixedOff = effectKind({
  code: 'fixed_off',
  label: { ru: 'Скидка суммой', en: 'Fixed sum off' },
  schema: z.strictObject({
    kind: z.literal('fixed_off'),
    amount: field(moneyAmount.min(1), { ru: 'Скидка', en: 'Discount', widget: 'money', unit: 'money' }),
    per: field(z.enum(['receipt', 'line', 'unit']), {
      ru: 'На чек, на строку или на штуку',
      en: 'Off the receipt, each line or each piece',
      widget: 'choice',
    }).default('receipt'),
  }),
  prepare: (args) => {
    const amount = BigInt(args.amount);
    return {
      phase: 'price',
      args: { amount: args.amount },
      takesOff: ({ lines }) => {
        if (args.per === 'line') return lines.map(() => amount);
        if (args.per === 'unit') return lines.map((line) => (amount * line.quantity) / 1000n);
        const room = lines.map((line) => (line.price > line.floor ? line.price - line.floor : 0n));
        return splitWithCaps(
          amount,
          lines.map((line) => line.price),
          room,
        );
      },
    };
  },
  sentence: { ru: 'скидка {amount|money}', en: '{amount|money} off' },
});
