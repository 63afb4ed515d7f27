import {
  type CountryCode,
  isSupportedCountry,
  type NumberType,
  ParseError,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/max';

/** A number that was parsed and exists in its country's numbering plan, in E.164: +79123456789. */
declare const phoneBrand: unique symbol;
export type Phone = string & { readonly [phoneBrand]: 'phone' };

/** The country whose trunk prefixes and local forms are understood when a number comes without its country code. */
export type PhoneRegion = CountryCode;

/** For a code that comes from a setting. */
export function phoneRegion(code: string): PhoneRegion {
  if (!isSupportedCountry(code)) throw new RangeError(`not a country with telephones: ${code}`);
  return code;
}

export type PhoneProblem =
  | 'phone_not_a_number'
  | 'phone_too_short'
  | 'phone_too_long'
  | 'phone_impossible'
  | 'phone_not_personal';

export type PhoneReading =
  | { readonly ok: true; readonly phone: Phone }
  | { readonly ok: false; readonly problem: PhoneProblem };

const lengthMax = 40;
// Everything people put between digits: spaces of any kind, brackets, dots, dashes of any kind, slashes.
const separators = /[\s()[\].\p{Pd}/−]+/gu;
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

// No person answers on these. 8-800 is what a cashier types when the screen insists on a number.
const impersonal: ReadonlySet<NumberType> = new Set([
  'TOLL_FREE',
  'PREMIUM_RATE',
  'SHARED_COST',
  'UAN',
  'VOICEMAIL',
  'PAGER',
]);

/** Reads a number in any form people write it in: R31. */
export function readPhone(text: string, region: PhoneRegion): PhoneReading {
  const cleaned = text.normalize('NFKC').replace(invisible, '').trim().replace(/^tel:/i, '');
  if (cleaned.length > lengthMax) return { ok: false, problem: 'phone_too_long' };
  const compact = cleaned.replace(separators, '');
  if (!/^\+?\d+$/.test(compact)) return { ok: false, problem: 'phone_not_a_number' };
  const dialled = repairPrefix(compact, region);
  const asWritten = readDialled(dialled, region);
  if (asWritten.ok || dialled.startsWith('+') || dialled.length < 11) return asWritten;
  // Messengers hand over numbers with the country code and without the plus: 375291234567.
  const international = readDialled(`+${dialled}`, region);
  return international.ok ? international : asWritten;
}

function readDialled(dialled: string, region: PhoneRegion): PhoneReading {
  try {
    const parsed = parsePhoneNumberWithError(dialled, { defaultCountry: region, extract: false });
    if (!parsed.isPossible()) return { ok: false, problem: lengthProblem(dialled) };
    if (!parsed.isValid()) return { ok: false, problem: 'phone_impossible' };
    if (impersonal.has(parsed.getType())) return { ok: false, problem: 'phone_not_personal' };
    return { ok: true, phone: parsed.number as Phone };
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, problem: problemOf(error.message) };
    throw error;
  }
}

/**
 * "00" is how half the world dials abroad, and no Russian number starts with zero. "+8 9…" is a trunk prefix behind a plus: +89 is no country,
 * so nothing else can be meant.
 */
function repairPrefix(compact: string, region: PhoneRegion): string {
  if (/^00[1-9]/.test(compact)) return `+${compact.slice(2)}`;
  if (region === 'RU' && /^\+89\d{9}$/.test(compact)) return `+7${compact.slice(2)}`;
  return compact;
}

function lengthProblem(dialled: string): PhoneProblem {
  return dialled.replace('+', '').length < 11 ? 'phone_too_short' : 'phone_too_long';
}

function problemOf(message: string): PhoneProblem {
  if (message === 'TOO_SHORT') return 'phone_too_short';
  if (message === 'TOO_LONG') return 'phone_too_long';
  return message === 'INVALID_COUNTRY' ? 'phone_impossible' : 'phone_not_a_number';
}

/** For screens and hints: +7912•••••89. Logs get not even this. */
export function maskPhone(phone: string): string {
  return `${phone.slice(0, 5)}${'•'.repeat(Math.max(0, phone.length - 7))}${phone.slice(-2)}`;
}
