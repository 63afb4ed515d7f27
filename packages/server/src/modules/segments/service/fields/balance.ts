import { z } from 'zod';
import { type AnyMemberField, memberField } from '#platform/member-fields.ts';
import type { MemberFacts } from './facts.ts';
import { isWithin, rangeArgs, within } from './range.ts';

const balance = memberField<MemberFacts, z.output<ReturnType<typeof rangeArgs>>>({
  code: 'balance',
  args: rangeArgs(),
  sentence: { ru: 'доступно баллов от {at_least} до {at_most}', en: 'from {at_least} to {at_most} points available' },
  inQuote: true,
  holds: (range, { standing }) => isWithin(range, standing.available),
  sql: (range, _moment, bind) => within(range, 's.available', bind),
});

const tierCodes = z.strictObject({ tiers: z.array(z.string().min(1).max(63)).min(1).max(50) });

const tier = memberField<MemberFacts, z.output<typeof tierCodes>>({
  code: 'tier',
  args: tierCodes,
  sentence: { ru: 'уровень: {tiers}', en: 'tier: {tiers}' },
  inQuote: true,
  holds: ({ tiers }, { standing }) => standing.tierCode !== null && tiers.includes(standing.tierCode),
  sql: ({ tiers }, _moment, bind) => `s.tier_code is not null and s.tier_code = any(${bind(tiers, 'text[]')})`,
});

export const balanceFields: readonly AnyMemberField<MemberFacts>[] = [balance, tier];
