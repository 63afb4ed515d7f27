import { z } from 'zod';
import { dayText, field } from '../document/pieces.ts';
import type { LocalMoment } from '../local-moment.ts';
import { conditionKind } from '../rule-kind.ts';

export const dates = conditionKind({
  code: 'dates',
  label: { ru: 'Даты', en: 'Dates' },
  schema: z.strictObject({
    kind: z.literal('dates'),
    from: field(dayText, {
      ru: 'С (дата или день каждого года)',
      en: 'From (a date, or a day of every year)',
      widget: 'date',
    }),
    until: field(dayText, { ru: 'По, включая весь день', en: 'Until, the whole day included', widget: 'date' }),
  }),
  prepare: ({ from, until }) => ({
    reach: 'scene',
    args: { from, until },
    holds: ({ local }) => within(local, from, until),
  }),
  sentence: { ru: 'с {from} по {until}', en: 'from {from} until {until}' },
  unmet: { ru: 'сегодня не те даты (с {from} по {until})', en: 'not on these dates (from {from} until {until})' },
});

function within(local: LocalMoment, from: string, until: string): boolean {
  const first = comparable(from, local);
  const last = comparable(until, local);
  const now = from.length === 5 ? local.date.slice(5) : local.date;
  // A yearly span such as 12-25 … 01-08 runs over New Year.
  return first <= last ? first <= now && now <= last : now >= first || now <= last;
}

function comparable(text: string, local: LocalMoment): string {
  const leap = (local.year % 4 === 0 && local.year % 100 !== 0) || local.year % 400 === 0;
  return text === '02-29' && !leap ? '02-28' : text;
}
