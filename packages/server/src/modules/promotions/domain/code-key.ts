/** Cyrillic letters that look like Latin ones; typed on the wrong keyboard they mean the same code (R26). Ё is what people type as Е. Upper case. */
const lookAlikes: Readonly<Record<string, string>> = {
  А: 'A',
  В: 'B',
  Е: 'E',
  Ё: 'E',
  К: 'K',
  М: 'M',
  Н: 'H',
  О: 'O',
  Р: 'P',
  С: 'C',
  Т: 'T',
  У: 'Y',
  Х: 'X',
  І: 'I',
  Ј: 'J',
  Ѕ: 'S',
};

/** Spaces of every kind, hyphens and dashes, marks that cannot be seen. */
const ignored = /[\s\p{Cf}\p{Dash}]/gu;

/** How codes are compared: without case, spaces, hyphens and look-alike letters (R26). '' when nothing is left. */
export function codeKey(text: string): string {
  const bare = text.normalize('NFKC').toUpperCase().replace(ignored, '');
  return Array.from(bare, (letter) => lookAlikes[letter] ?? letter).join('');
}

/** Shorter keys are typed by accident. */
export const keyLengthMin = 3;
