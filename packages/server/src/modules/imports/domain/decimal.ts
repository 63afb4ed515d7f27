/** A decimal as written: digits × 10^−scale. Exact: no float ever holds it (R1). */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const pattern = /^([+-]?)(\d{0,18})(?:\.(\d{0,18}))?(?:[eE]([+-]?\d{1,2}))?$/;
const spaces = /[\s\u00a0\u202f'’]/g;

export type DecimalMark = '.' | ',';

/** "2.55", "1 234,50", "-3", "1e-05" (as spreadsheets write it). null: not a number. */
export function readDecimal(text: string, mark: DecimalMark): Decimal | null {
  const match = pattern.exec(plain(text, mark));
  if (!match) return null;
  const [, sign = '', whole = '', decimals = '', exponent = '0'] = match;
  if (whole === '' && decimals === '') return null;
  const digits = BigInt(`${whole}${decimals}`);
  const scale = decimals.length - Number(exponent);
  const signed = sign === '-' ? -digits : digits;
  return scale >= 0 ? { digits: signed, scale } : { digits: signed * 10n ** BigInt(-scale), scale: 0 };
}

function plain(text: string, mark: DecimalMark): string {
  // The usual case first: most files write plain digits.
  if (mark === '.' && !/[\s,−\u00a0\u202f'’]/.test(text)) return text;
  const joined = text.replace(spaces, '').replaceAll('−', '-');
  return mark === ',' ? joined.replaceAll('.', '').replace(',', '.') : joined.replaceAll(',', '');
}

export function multiply(first: Decimal, second: Decimal): Decimal {
  return { digits: first.digits * second.digits, scale: first.scale + second.scale };
}

/** As a whole number of 10^−scale. `rest` is what rounding half away from zero took or gave, in 10^−(the decimal's own scale); 0n when it fits exactly. */
export function toScale(value: Decimal, scale: number): { readonly units: bigint; readonly rest: bigint } {
  if (value.scale <= scale) return { units: value.digits * 10n ** BigInt(scale - value.scale), rest: 0n };
  const divisor = 10n ** BigInt(value.scale - scale);
  const half = divisor / 2n;
  const size = value.digits < 0n ? -value.digits : value.digits;
  const rounded = (size + half) / divisor;
  const units = value.digits < 0n ? -rounded : rounded;
  return { units, rest: value.digits - units * divisor };
}

export function compareDecimals(first: Decimal, second: Decimal): number {
  const scale = Math.max(first.scale, second.scale);
  const a = toScale(first, scale).units;
  const b = toScale(second, scale).units;
  return a < b ? -1 : a > b ? 1 : 0;
}
