import type { Language } from './problems.ts';

const partsMax = 10;

/** The better of ru and en by Accept-Language; Russian when neither is named. */
export function languageOf(header: string | undefined): Language {
  if (header === undefined || header === '*' || header.startsWith('ru')) return 'ru';
  let best: { language: Language; weight: number } = { language: 'ru', weight: 0 };
  for (const part of header.split(',', partsMax)) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const language = tag.split('-')[0];
    if (language !== 'ru' && language !== 'en') continue;
    const weight = weightOf(parameters);
    if (weight > best.weight) best = { language, weight };
  }
  return best.language;
}

function weightOf(parameters: readonly string[]): number {
  const quality = parameters.find((parameter) => parameter.trim().startsWith('q='));
  if (quality === undefined) return 1;
  const weight = Number(quality.trim().slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}
