import { z } from 'zod';
import { field } from '../document/pieces.ts';
import { effectKind } from '../rule-kind.ts';

export const giftLine = effectKind({
  code: 'gift_line',
  label: { ru: 'Подарок', en: 'Gift' },
  schema: z.strictObject({
    kind: z.literal('gift_line'),
    sku: field(z.string().min(1).max(200), { ru: 'Товар-подарок', en: 'The gift', widget: 'product' }),
    add: field(z.boolean(), {
      ru: 'Добавить в чек, если его там нет',
      en: 'Add it when it is not in the receipt',
      widget: 'switch',
    }).default(true),
  }),
  prepare: ({ sku, add }) => ({
    phase: 'price',
    args: { sku },
    gift: { sku, add },
    takesOff: ({ lines }) => {
      const off = lines.map(() => 0n);
      // One piece; the one that was bought, before one that was added.
      const place = lines.findIndex((line) => line.sku === sku && line.price > 0n && line.quantity >= 1000n);
      const line = lines[place];
      if (line) off[place] = (line.price * 1000n) / line.quantity;
      return off;
    },
  }),
  sentence: { ru: 'подарок: {sku}', en: 'a gift: {sku}' },
});
