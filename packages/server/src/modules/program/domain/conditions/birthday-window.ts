import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { anniversary } from '#kernel/time.ts';
import { field } from '../document/pieces.ts';
import { conditionKind } from '../rule-kind.ts';

export const birthdayWindow = conditionKind({
  code: 'birthday_window',
  label: { ru: 'Около дня рождения', en: 'Around the birthday' },
  schema: z.strictObject({
    kind: z.literal('birthday_window'),
    before: field(z.int().min(0).max(180), {
      ru: 'Дней до',
      en: 'Days before',
      widget: 'number',
      unit: 'days',
    }).default(0),
    after: field(z.int().min(0).max(180), {
      ru: 'Дней после',
      en: 'Days after',
      widget: 'number',
      unit: 'days',
    }).default(0),
  }),
  prepare: ({ before, after }) => ({
    reach: 'scene',
    args: { before, after },
    holds: ({ member, memberLocal }) => {
      if (member === null || member.birthday === null) return false;
      const { year, month, day } = memberLocal();
      const today = Temporal.PlainDate.from({ year, month, day });
      // The window of a January birthday begins in December, that of a December one ends in January.
      return [year - 1, year, year + 1].some((celebrated) => {
        const away = anniversary(member.birthday ?? today, celebrated).until(today, { largestUnit: 'day' }).days;
        return away >= -before && away <= after;
      });
    },
  }),
  sentence: {
    ru: 'за {before} дн. до дня рождения и {after} дн. после',
    en: 'from {before} days before the birthday to {after} days after',
  },
  unmet: { ru: 'день рождения не в эти дни', en: 'the birthday is not near' },
});
