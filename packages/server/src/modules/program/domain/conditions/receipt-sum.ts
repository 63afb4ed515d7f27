import { z } from 'zod';
import { field, moneyAmount } from '../document/pieces.ts';
import { conditionKind } from '../rule-kind.ts';

export const receiptSum = conditionKind({
  code: 'receipt_sum',
  label: { ru: 'Сумма чека', en: 'Sum of the receipt' },
  schema: z.strictObject({
    kind: z.literal('receipt_sum'),
    from: field(moneyAmount, { ru: 'От', en: 'From', widget: 'money', unit: 'money' }).default(0),
    below: field(moneyAmount.nullable(), { ru: 'Меньше чем', en: 'Less than', widget: 'money', unit: 'money' }).default(
      null,
    ),
    of: field(z.enum(['left', 'shelf']), {
      ru: 'Считать: после скидок к этому шагу или по цене полки',
      en: 'Counted after discounts so far, or at shelf price',
      widget: 'choice',
    }).default('left'),
    with_delivery: field(z.boolean(), { ru: 'Вместе с доставкой', en: 'Delivery included', widget: 'switch' }).default(
      false,
    ),
  }),
  prepare: (args) => {
    const from = BigInt(args.from);
    const below = args.below === null ? null : BigInt(args.below);
    return {
      reach: 'cart',
      args: { from: args.from, below: args.below ?? 0 },
      holds: ({ lines }) => {
        let sum = 0n;
        for (const line of lines) {
          if (!line.lawful || (line.kind === 'delivery' && !args.with_delivery)) continue;
          sum += args.of === 'left' ? line.price : line.shelf;
        }
        return sum >= from && (below === null || sum < below);
      },
    };
  },
  sentence: { ru: 'сумма чека от {from|money}', en: 'receipts from {from|money}' },
  unmet: {
    ru: 'сумма чека не подходит (нужно от {from|money})',
    en: 'the sum of the receipt does not fit (needs {from|money})',
  },
});
