import { z } from 'zod';
import { conditionKind } from '../rule-kind.ts';

export const memberRequired = conditionKind({
  code: 'member_required',
  label: { ru: 'Только участникам', en: 'Members only' },
  schema: z.strictObject({ kind: z.literal('member_required') }),
  prepare: () => ({ reach: 'scene', args: {}, holds: ({ member }) => member !== null }),
  sentence: { ru: 'только участникам', en: 'members only' },
  unmet: { ru: 'только для участников программы', en: 'for members only' },
});
