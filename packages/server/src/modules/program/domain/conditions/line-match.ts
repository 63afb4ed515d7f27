import { z } from 'zod';
import { field, moneyAmount, productMatch } from '../document/pieces.ts';
import { productMatcher } from '../match.ts';
import { conditionKind } from '../rule-kind.ts';

export const lineMatch = conditionKind({
  code: 'line_match',
  label: { ru: 'На какие товары действует', en: 'Which products it acts on' },
  schema: z.strictObject({
    kind: z.literal('line_match'),
    products: field(productMatch, { ru: 'Товары', en: 'Products', widget: 'products' }).exactOptional(),
    kinds: field(z.array(z.enum(['goods', 'delivery', 'service'])).min(1), {
      ru: 'Товары, доставка, услуги',
      en: 'Goods, delivery, services',
      widget: 'choice',
    }).default(['goods', 'service']),
    regular_price_only: field(z.boolean(), {
      ru: 'Только по обычной цене, без уценки',
      en: 'At the regular price only',
      widget: 'switch',
    }).default(false),
    least_line_sum: field(moneyAmount, {
      ru: 'Сумма строки от',
      en: 'Line from',
      widget: 'money',
      unit: 'money',
    }).default(0),
  }),
  prepare: (args) => {
    const matches = productMatcher(args.products);
    const least = BigInt(args.least_line_sum);
    return {
      reach: 'lines',
      args: {},
      chooses: (line) => {
        if (line.kind === 'gift_card' || !args.kinds.includes(line.kind) || line.shelf < least) return false;
        const { product } = line;
        const markedDown =
          product !== null &&
          product.price !== null &&
          product.regularPrice !== null &&
          product.price < product.regularPrice;
        return !(args.regular_price_only && markedDown) && matches(line) > 0;
      },
    };
  },
  sentence: { ru: 'на выбранные товары', en: 'on chosen products' },
  unmet: { ru: 'в чеке нет товаров акции', en: 'no products of the promotion in the receipt' },
});
