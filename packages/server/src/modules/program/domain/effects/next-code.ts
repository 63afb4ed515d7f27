import { z } from 'zod';
import { dayCount, field, ruleCode } from '../document/pieces.ts';
import { effectKind } from '../rule-kind.ts';

export const nextCode = effectKind({
  code: 'next_code',
  label: { ru: 'Промокод на следующую покупку', en: 'A promo code for the next purchase' },
  schema: z.strictObject({
    kind: z.literal('next_code'),
    promotion: field(ruleCode, { ru: 'Акция промокода', en: 'The promotion of the code', widget: 'promotion' }),
    days: field(dayCount.min(1).nullable(), {
      ru: 'Действует дней',
      en: 'Days it lives',
      widget: 'number',
      unit: 'days',
    }).default(null),
  }),
  prepare: ({ promotion, days }) => ({
    phase: 'next_code',
    args: { promotion, days: days ?? 0 },
    promotionCode: promotion,
    days,
  }),
  sentence: {
    ru: 'промокод на следующую покупку ({promotion})',
    en: 'a promo code for the next purchase ({promotion})',
  },
});
