import { z } from 'zod';
import { effectKind } from '../rule-kind.ts';

export const forbidEarning = effectKind({
  code: 'forbid_earning',
  label: { ru: 'Без начисления', en: 'No earning' },
  schema: z.strictObject({ kind: z.literal('forbid_earning') }),
  prepare: () => ({ phase: 'earning', args: {}, forbids: true }),
  sentence: { ru: 'баллы не начисляются', en: 'earns nothing' },
});
