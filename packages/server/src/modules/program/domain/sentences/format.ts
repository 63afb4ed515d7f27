/** Fills `{name}` and `{name|form}` of a template. Forms know money, points, days and the plurals of Russian. */
export type Language = 'ru' | 'en';

export interface Template {
  readonly ru: string;
  readonly en: string;
}

export type Args = Readonly<Record<string, string | number>>;

export function fill(template: Template, args: Args, language: Language): string {
  return template[language].replaceAll(/\{(\w+)(?:\|(\w+))?\}/g, (whole, name: string, form: string | undefined) => {
    const value = args[name];
    if (value === undefined) return whole;
    return form === undefined ? String(value) : (forms[form]?.(value, language) ?? String(value));
  });
}

const forms: Readonly<Record<string, (value: string | number, language: Language) => string>> = {
  money: (value, language) => formatMoney(Number(value), language),
  points: counted({ ru: ['балл', 'балла', 'баллов'], en: ['point', 'points'] }),
  days: counted({ ru: ['день', 'дня', 'дней'], en: ['day', 'days'] }),
  hours: counted({ ru: ['час', 'часа', 'часов'], en: ['hour', 'hours'] }),
  months: counted({ ru: ['месяц', 'месяца', 'месяцев'], en: ['month', 'months'] }),
  years: counted({ ru: ['год', 'года', 'лет'], en: ['year', 'years'] }),
  pieces: counted({ ru: ['штука', 'штуки', 'штук'], en: ['piece', 'pieces'] }),
  uses: counted({ ru: ['раз', 'раза', 'раз'], en: ['time', 'times'] }),
};

interface Nouns {
  readonly ru: readonly [string, string, string];
  readonly en: readonly [string, string];
}

function counted(nouns: Nouns): (value: string | number, language: Language) => string {
  return (value, language) => `${grouped(String(value), language)} ${noun(Number(value), nouns, language)}`;
}

/** 1 балл, 2 балла, 5 баллов, 11 баллов, 21 балл; 1,5 балла. */
function noun(count: number, { ru, en }: Nouns, language: Language): string {
  if (language === 'en') return count === 1 ? en[0] : en[1];
  if (!Number.isInteger(count)) return ru[1];
  const tens = Math.abs(count) % 100;
  const ones = tens % 10;
  if (ones === 1 && tens !== 11) return ru[0];
  return ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? ru[1] : ru[2];
}

/** Minor units as people read them: 1 234,50 ₽. */
export function formatMoney(minorUnits: number, language: Language): string {
  const sign = minorUnits < 0 ? '−' : '';
  const whole = Math.abs(minorUnits);
  const kopecks = whole % 100;
  const rubles = grouped(String((whole - kopecks) / 100), language);
  const decimals = kopecks === 0 ? '' : `${language === 'ru' ? ',' : '.'}${String(kopecks).padStart(2, '0')}`;
  return language === 'ru' ? `${sign}${rubles}${decimals}\u00a0₽` : `${sign}₽${rubles}${decimals}`;
}

function grouped(digits: string, language: Language): string {
  const [whole = '', decimals] = digits.split('.');
  const spaced = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, language === 'ru' ? '\u00a0' : ',');
  return decimals === undefined ? spaced : `${spaced}${language === 'ru' ? ',' : '.'}${decimals}`;
}
