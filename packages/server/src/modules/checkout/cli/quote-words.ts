import type { QuoteAnswer } from '../service/quote-answer.ts';

type StepName = QuoteAnswer['explanation'][number]['step'];

/** What the printed quote says besides the explanations. */
export interface Words {
  readonly line: string;
  readonly article: string;
  readonly total: string;
  readonly shelf: string;
  readonly till: string;
  readonly discounts: string;
  readonly redeemed: string;
  readonly rounding: string;
  readonly paid: string;
  readonly earned: string;
  readonly limit: string;
  readonly flags: string;
  readonly applied: string;
  readonly notApplied: string;
  readonly step: string;
  readonly why: string;
  readonly nobody: string;
  readonly steps: Readonly<Record<StepName, string>>;
  member(tier: string | null, available: bigint): string;
  version(number: number): string;
}

export const words: Readonly<Record<'ru' | 'en', Words>> = {
  ru: {
    ...{ line: 'строка', article: 'артикул', total: 'итого', shelf: 'по ценнику', till: 'скидка кассы' },
    ...{ discounts: 'скидки', redeemed: 'баллами', rounding: 'округление', paid: 'к оплате', earned: 'начислено' },
    ...{ limit: 'можно списать, не больше', flags: 'отметки', step: 'шаг', why: 'почему' },
    ...{ applied: 'Что сработало:', notApplied: 'Что не сработало и почему:', nobody: 'Участник не назван.' },
    steps: {
      ...{ shelf: 'ценник', till: 'касса', promotion: 'акция', promo_code: 'промокод', points: 'баллы' },
      ...{ rounding: 'округление', earning: 'начисление', limit: 'предел' },
    },
    member: (tier, available) => `Участник: уровень ${tier ?? 'нет'}, доступно баллов: ${available}.`,
    version: (number) => `Программа, версия ${number}.`,
  },
  en: {
    ...{ line: 'line', article: 'article', total: 'total', shelf: 'shelf', till: 'till discount' },
    ...{ discounts: 'discounts', redeemed: 'in points', rounding: 'rounding', paid: 'to pay', earned: 'earned' },
    ...{ limit: 'points it may take at most', flags: 'flags', step: 'step', why: 'why' },
    ...{ applied: 'What applied:', notApplied: 'What did not apply, and why:', nobody: 'No member was named.' },
    steps: {
      ...{ shelf: 'shelf', till: 'till', promotion: 'promotion', promo_code: 'promo code', points: 'points' },
      ...{ rounding: 'rounding', earning: 'earning', limit: 'limit' },
    },
    member: (tier, available) => `Member: tier ${tier ?? 'none'}, ${available} points available.`,
    version: (number) => `Program version ${number}.`,
  },
};
