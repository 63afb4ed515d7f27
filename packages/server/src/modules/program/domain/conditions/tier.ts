import { z } from 'zod';
import { field, ruleCode } from '../document/pieces.ts';
import { conditionKind } from '../rule-kind.ts';

export const tier = conditionKind({
  code: 'tier',
  label: { ru: 'Уровень', en: 'Tier' },
  schema: z.strictObject({
    kind: z.literal('tier'),
    tiers: field(z.array(ruleCode).min(1), { ru: 'Уровни', en: 'Tiers', widget: 'tiers' }),
  }),
  prepare: ({ tiers }) => ({
    reach: 'scene',
    args: { tiers: tiers.join(', ') },
    holds: ({ member }) => member !== null && member.tierCode !== null && tiers.includes(member.tierCode),
  }),
  sentence: { ru: 'уровни: {tiers}', en: 'tiers: {tiers}' },
  unmet: { ru: 'акция для других уровней ({tiers})', en: 'for other tiers ({tiers})' },
});
