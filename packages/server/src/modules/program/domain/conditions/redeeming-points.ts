import { z } from 'zod';
import { field } from '../document/pieces.ts';
import { conditionKind } from '../rule-kind.ts';

export const redeemingPoints = conditionKind({
  code: 'redeeming_points',
  label: { ru: 'Оплата баллами', en: 'Paying with points' },
  schema: z.strictObject({
    kind: z.literal('redeeming_points'),
    redeeming: field(z.boolean(), {
      ru: 'Участник платит баллами',
      en: 'The member pays with points',
      widget: 'switch',
    }),
  }),
  prepare: ({ redeeming }) => ({
    reach: 'scene',
    args: { redeeming: redeeming ? 1 : 0 },
    holds: ({ asksForPoints }) => asksForPoints === redeeming,
  }),
  sentence: { ru: 'при оплате баллами: {redeeming}', en: 'when paying with points: {redeeming}' },
  unmet: { ru: 'не подходит оплата баллами', en: 'paying with points does not fit' },
});
