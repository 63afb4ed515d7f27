import { z } from 'zod';
import { field, localTimeText } from '../document/pieces.ts';
import { conditionKind } from '../rule-kind.ts';

export const hours = conditionKind({
  code: 'hours',
  label: { ru: 'Часы', en: 'Hours' },
  schema: z.strictObject({
    kind: z.literal('hours'),
    from: field(localTimeText, { ru: 'С', en: 'From', widget: 'time' }),
    until: field(localTimeText, { ru: 'До', en: 'Until', widget: 'time' }),
  }),
  prepare: ({ from, until }) => {
    const first = minutesOf(from);
    const end = minutesOf(until);
    return {
      reach: 'scene',
      args: { from, until },
      // 22:00 … 02:00 runs over midnight.
      holds: ({ local: { minutes } }) =>
        first < end ? minutes >= first && minutes < end : minutes >= first || minutes < end,
    };
  },
  sentence: { ru: 'с {from} до {until}', en: 'from {from} to {until}' },
  unmet: { ru: 'сейчас не те часы (с {from} до {until})', en: 'not at these hours (from {from} to {until})' },
});

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
