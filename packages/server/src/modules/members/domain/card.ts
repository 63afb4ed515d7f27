/** Cards: our own EAN-13 with a prefix of 2xx (numbers a shop may give out itself), and whatever another system printed before us. */
export const cardStates = ['active', 'lost', 'replaced', 'blocked'] as const;
export type CardState = (typeof cardStates)[number];

/** A replaced card never works again; a lost one may be found. */
export const cardTransitions: Readonly<Record<CardState, readonly CardState[]>> = {
  active: ['lost', 'replaced', 'blocked'],
  lost: ['active', 'replaced', 'blocked'],
  blocked: ['active', 'replaced'],
  replaced: [],
};

const cardMax = 64;
const freeForm = /^[\p{Lu}\p{Lo}\p{N}_./:]+$/u;

function checkDigit(first12: string): string {
  let sum = 0;
  for (const [index, digit] of [...first12].entries()) sum += Number(digit) * (index % 2 === 0 ? 1 : 3);
  return String((10 - (sum % 10)) % 10);
}

export function isEan13(text: string): boolean {
  return /^\d{13}$/.test(text) && checkDigit(text.slice(0, 12)) === text[12];
}

export function isOwnPrefix(prefix: string): boolean {
  return /^2\d{1,5}$/.test(prefix);
}

/** Decides the order in which numbers follow one another; drawn from the installation's secret. */
export interface NumberScramble {
  readonly factor: bigint;
  readonly offset: bigint;
}

/**
 * The card with a place in the sequence. Neighbours in the sequence are far apart as numbers, so a stranger's card is not one's own plus one.
 * A factor that shares no divisor with 10 makes every place another number.
 */
export function cardNumber(prefix: string, place: bigint, scramble: NumberScramble): string {
  const digits = 12 - prefix.length;
  const size = 10n ** BigInt(digits);
  const body = (place * scramble.factor + scramble.offset) % size;
  const first12 = prefix + body.toString().padStart(digits, '0');
  return first12 + checkDigit(first12);
}

export function scrambleOf(seed: bigint): NumberScramble {
  const odd = (seed >> 32n) * 10n;
  const endings = [1n, 3n, 7n, 9n] as const;
  return { factor: odd + (endings[Number(seed & 3n)] ?? 1n), offset: seed & 0xffff_ffffn };
}

export type CardReading =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly problem: 'card_unreadable' | 'card_check_digit' };

/** Reads what a scanner, a magnetic reader or a cashier sent. A wrong digit is told only for our own cards: others follow other rules. */
export function readCard(text: string, ownPrefix: string): CardReading {
  const cleaned = trackContent(text.normalize('NFKC').trim())
    .replace(/[\s\p{Pd}]+/gu, '')
    .toUpperCase();
  if (cleaned === '' || cleaned.length > cardMax || !freeForm.test(cleaned))
    return { ok: false, problem: 'card_unreadable' };
  if (/^\d{13}$/.test(cleaned) && cleaned.startsWith(ownPrefix) && !isEan13(cleaned)) {
    return { ok: false, problem: 'card_check_digit' };
  }
  return { ok: true, number: cleaned };
}

/** A magnetic stripe: ;2900000000013=99120000? or %B2900000000013^NAME^? */
function trackContent(text: string): string {
  const track = /^(?:;|%B?)([^=^?]+)(?:[=^][^?]*)?\?$/.exec(text);
  return track?.[1] ?? text;
}
