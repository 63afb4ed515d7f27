import { z } from 'zod';
import { field } from '../document/pieces.ts';
import { conditionKind } from '../rule-kind.ts';

export const weekDays = conditionKind({
  code: 'week_days',
  label: { ru: 'Дни недели', en: 'Days of the week' },
  schema: z.strictObject({
    kind: z.literal('week_days'),
    days: field(z.array(z.int().min(1).max(7)).min(1).max(7), {
      ru: 'Дни: 1 — понедельник',
      en: 'Days: 1 is Monday',
      widget: 'week_days',
    }),
  }),
  prepare: ({ days }) => ({
    reach: 'scene',
    args: { days: days.join(', ') },
    holds: ({ local }) => days.includes(local.weekDay),
  }),
  sentence: { ru: 'по дням недели: {days}', en: 'on days of the week: {days}' },
  unmet: { ru: 'сегодня не тот день недели (нужны {days})', en: 'not on this day of the week (needs {days})' },
});
