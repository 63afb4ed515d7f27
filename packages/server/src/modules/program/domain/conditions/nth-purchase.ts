import { z } from 'zod';
import { field } from '../document/pieces.ts';
import { conditionKind } from '../rule-kind.ts';

export const nthPurchase = conditionKind({
  code: 'nth_purchase',
  label: { ru: 'Первая или N-я покупка', en: 'First or Nth purchase' },
  schema: z.strictObject({
    kind: z.literal('nth_purchase'),
    nth: field(z.int().min(1).max(100_000), {
      ru: 'Номер покупки',
      en: 'Number of the purchase',
      widget: 'number',
      unit: 'receipts',
    }),
    every: field(z.boolean(), { ru: 'Каждая N-я', en: 'Every Nth', widget: 'switch' }).default(false),
  }),
  prepare: ({ nth, every }) => ({
    reach: 'scene',
    args: { nth },
    holds: ({ member }) => {
      if (member === null) return false;
      const number = member.receiptsCount + 1;
      return every ? number % nth === 0 : number === nth;
    },
  }),
  sentence: { ru: 'покупка № {nth}', en: 'purchase no. {nth}' },
  unmet: { ru: 'это не та по счёту покупка (нужна {nth}-я)', en: 'not that purchase (needs no. {nth})' },
});
