import { z } from 'zod';
import { codes, field } from '../document/pieces.ts';
import { conditionKind } from '../rule-kind.ts';

export const shops = conditionKind({
  code: 'shops',
  label: { ru: 'Магазины', en: 'Shops' },
  schema: z.strictObject({
    kind: z.literal('shops'),
    shops: field(codes, { ru: 'Магазины', en: 'Shops', widget: 'shops' }),
    not: field(z.boolean(), { ru: 'Во всех, кроме этих', en: 'In all but these', widget: 'switch' }).default(false),
  }),
  prepare: (args) => {
    const named = new Set(args.shops);
    return {
      reach: 'scene',
      args: { shops: args.shops.join(', '), not: args.not ? 1 : 0 },
      holds: ({ shop }) => named.has(shop.code) !== args.not,
    };
  },
  sentence: { ru: 'магазины: {shops}', en: 'shops: {shops}' },
  unmet: { ru: 'акция идёт в других магазинах ({shops})', en: 'runs in other shops ({shops})' },
});
