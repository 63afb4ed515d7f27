import { z } from 'zod';
import { field, ruleCode } from '../document/pieces.ts';
import { conditionKind } from '../rule-kind.ts';

export const segment = conditionKind({
  code: 'segment',
  label: { ru: 'Сегмент', en: 'Segment' },
  schema: z.strictObject({
    kind: z.literal('segment'),
    segment: field(ruleCode, { ru: 'Сегмент', en: 'Segment', widget: 'segment' }),
    not: field(z.boolean(), { ru: 'Кроме этого сегмента', en: 'Everybody but this segment', widget: 'switch' }).default(
      false,
    ),
  }),
  prepare: (args) => ({
    reach: 'scene',
    args: { segment: args.segment, not: args.not ? 1 : 0 },
    // Nobody knows who stands there without a card: neither "in" nor "not in" holds.
    holds: ({ member }) => member !== null && member.segments.has(args.segment) !== args.not,
  }),
  sentence: { ru: 'участники сегмента «{segment}»', en: 'members of the segment {segment}' },
  unmet: {
    ru: 'участник не из нужного сегмента ({segment})',
    en: 'the member is not in the right segment ({segment})',
  },
});
