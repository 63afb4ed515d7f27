import type { ProgramDocumentInput } from '#modules/program/index.ts';

/** A neighbourhood chain's program: tiers, points that burn within the half year of the demo, three promotions. */
export const demoProgram: ProgramDocumentInput = {
  format: 1,
  name: 'Лавка',
  tiers: {
    list: [
      { code: 'bronze', name: { ru: 'Бронза', en: 'Bronze' }, rank: 0, earn_rate: '3' },
      {
        code: 'silver',
        name: { ru: 'Серебро', en: 'Silver' },
        rank: 1,
        earn_rate: '5',
        conditions: { any: [{ figure: 'money_paid', at_least: 1_000_000 }] },
      },
      {
        code: 'gold',
        name: { ru: 'Золото', en: 'Gold' },
        rank: 2,
        earn_rate: '7',
        conditions: { any: [{ figure: 'money_paid', at_least: 4_000_000 }] },
      },
    ],
  },
  earning: { default_rate: '3', delay: { hours: 24 }, term: { kind: 'days', days: 90 } },
  redeeming: { rate: '30' },
  promotions: [
    {
      code: 'morning',
      name: 'Утром баллов вдвое больше',
      conditions: [
        { kind: 'member_required' },
        { kind: 'week_days', days: [1, 2, 3, 4, 5] },
        { kind: 'hours', from: '09:00', until: '12:00' },
      ],
      effects: [{ kind: 'earn_multiply', times: '2' }],
    },
    {
      code: 'birthday',
      name: 'Неделя дня рождения: плюс 5 %',
      conditions: [{ kind: 'birthday_window', before: 3, after: 3 }],
      effects: [{ kind: 'earn_add', rate: '5' }],
      points: { term: { kind: 'days', days: 30 } },
    },
    {
      code: 'care-ten',
      name: 'Десять процентов на уход от 1 500 ₽',
      conditions: [
        { kind: 'member_required' },
        { kind: 'receipt_sum', from: 150_000 },
        { kind: 'line_match', products: { categories: ['care'] } },
      ],
      effects: [{ kind: 'percent_off', percent: '10' }],
    },
  ],
};
