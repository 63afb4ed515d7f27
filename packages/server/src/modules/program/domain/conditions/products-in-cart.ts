import { z } from 'zod';
import { field, moneyAmount, productMatch } from '../document/pieces.ts';
import { productMatcher } from '../match.ts';
import { conditionKind } from '../rule-kind.ts';

export const productsInCart = conditionKind({
  code: 'products_in_cart',
  label: { ru: 'Товары в чеке', en: 'Products in the receipt' },
  schema: z.strictObject({
    kind: z.literal('products_in_cart'),
    products: field(productMatch, { ru: 'Товары', en: 'Products', widget: 'products' }),
    /** Thousandths. */
    least_quantity: field(z.int().min(1), {
      ru: 'Не меньше, штук',
      en: 'At least, pieces',
      widget: 'quantity',
      unit: 'pieces',
    }).default(1),
    least_sum: field(moneyAmount, {
      ru: 'На сумму не меньше',
      en: 'For at least',
      widget: 'money',
      unit: 'money',
    }).default(0),
  }),
  prepare: (args) => {
    const matches = productMatcher(args.products);
    const leastQuantity = BigInt(args.least_quantity);
    const leastSum = BigInt(args.least_sum);
    return {
      reach: 'cart',
      // One thousandth means "any at all".
      args: { quantity: args.least_quantity === 1 ? 1 : args.least_quantity / 1000, sum: args.least_sum },
      holds: ({ lines }) => {
        let quantity = 0n;
        let sum = 0n;
        for (const line of lines) {
          // What the law keeps out of promotions does not bring one about either (R13).
          if (!line.lawful || line.giftFor !== null || matches(line) === 0) continue;
          quantity += line.quantity;
          sum += line.price;
        }
        return quantity >= leastQuantity && sum >= leastSum;
      },
    };
  },
  sentence: {
    ru: 'в чеке есть товары акции: не меньше {quantity|pieces} на {sum|money}',
    en: 'the receipt has at least {quantity|pieces} of the products for {sum|money}',
  },
  unmet: {
    ru: 'в чеке не хватает товаров акции (нужно {quantity|pieces} на {sum|money})',
    en: 'too few of the products in the receipt (needs {quantity|pieces} for {sum|money})',
  },
});
