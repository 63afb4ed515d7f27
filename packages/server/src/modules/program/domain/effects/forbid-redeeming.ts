import { z } from 'zod';
import { effectKind } from '../rule-kind.ts';

export const forbidRedeeming = effectKind({
  code: 'forbid_redeeming',
  label: { ru: 'Без оплаты баллами', en: 'No paying with points' },
  schema: z.strictObject({ kind: z.literal('forbid_redeeming') }),
  prepare: () => ({
    phase: 'redeeming',
    args: {},
    act: (lines) => {
      const open = lines.filter((line) => line.canRedeem);
      for (const line of open) line.canRedeem = false;
      return open.length > 0;
    },
  }),
  sentence: { ru: 'баллами оплатить нельзя', en: 'points do not pay' },
});
