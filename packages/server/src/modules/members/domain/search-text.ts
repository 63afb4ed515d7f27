/** What a member is found by, as one line of words with a space at both ends: " иванов иван 79123456789 ivan@mail.ru ". */
export function searchLine(texts: readonly (string | null)[]): string {
  const words = [...new Set(texts.flatMap((text) => (text === null ? [] : wordsOf(text))))];
  return words.length === 0 ? '' : ` ${words.join(' ')} `;
}

/** Small letters, ё as е, no apostrophes; hyphens divide: "Салтыков-Щедрин" is found by either half. */
function wordsOf(text: string): string[] {
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/['’`"«»]/gu, '');
  return folded.split(/[\s,;\p{Pd}]+/u).filter((word) => word !== '');
}

/** How a query is asked of the lines. */
export interface SearchPlan {
  /** LIKE patterns that all must match and that the index can use: one to five. */
  readonly indexed: readonly string[];
  /** Patterns of single letters: initials, checked on what the others found. */
  readonly filters: readonly string[];
  readonly words: readonly string[];
}

const wordsMax = 5;
const lastDigitsMin = 4;

/** null: too little to search by. */
export function planSearch(query: string): SearchPlan | null {
  const digits = digitsOf(query);
  if (digits !== null) return planDigits(digits);
  const words = wordsOf(query).slice(0, wordsMax);
  const indexed = words.filter((word) => [...word].length >= 2).map(patternOf);
  if (indexed.length === 0) return null;
  const filters = words.filter((word) => [...word].length < 2).map(patternOf);
  return { indexed, filters, words };
}

/** Three letters are looked for anywhere in a word; two letters and one at its start, where the index can still help. */
function patternOf(word: string): string {
  return [...word].length >= 3 ? `%${escaped(word)}%` : `% ${escaped(word)}%`;
}

function escaped(word: string): string {
  return word.replace(/[\\%_]/g, '\\$&');
}

function digitsOf(query: string): string | null {
  const trimmed = query.trim();
  return /^\+?[\d\s().\p{Pd}]+$/u.test(trimmed) ? trimmed.replace(/\D/g, '') : null;
}

/** Four digits are the end of a number, as people give it at a desk; more may stand anywhere in it. */
function planDigits(digits: string): SearchPlan | null {
  if (digits.length < lastDigitsMin) return null;
  // The beginning of a number, typed with the trunk prefix or the country code: the line has the latter.
  const bare = digits.length >= 7 && /^[78]/.test(digits) ? digits.slice(1) : digits;
  const pattern = bare.length === lastDigitsMin ? `%${bare} %` : `%${bare}%`;
  return { indexed: [pattern], filters: [], words: [bare] };
}

/** Better ones first: the more words of the query begin a word of the line, the better. */
export function scoreOf(line: string, plan: SearchPlan): number {
  return plan.words.reduce((score, word) => {
    if (line.includes(` ${word} `)) return score + 3;
    return line.includes(` ${word}`) ? score + 2 : score;
  }, 0);
}
