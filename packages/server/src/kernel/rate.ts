/**
 * A share such as "5.25" percent, kept as millionths (52 500): R1. A rate is written as a decimal string of percent, because a JSON number
 * would pass through a float.
 */
declare const rateBrand: unique symbol;
export type Rate = bigint & { readonly [rateBrand]: 'rate' };

export const rateScale = 1_000_000n;
export const wholeRate = rateScale as Rate;

const percentPattern = /^(\d{1,7})(?:\.(\d{1,4}))?$/;

/** "12.5" → 125 000 millionths; null when the text is no percent with at most four decimals. */
export function parsePercent(text: string): Rate | null {
  const match = percentPattern.exec(text);
  if (!match) return null;
  const [, whole = '0', decimals = ''] = match;
  return (BigInt(whole) * 10_000n + BigInt(decimals.padEnd(4, '0'))) as Rate;
}

export function formatPercent(rate: Rate): string {
  const decimals = (rate % 10_000n).toString().padStart(4, '0').replace(/0+$/, '');
  return decimals === '' ? `${rate / 10_000n}` : `${rate / 10_000n}.${decimals}`;
}

export function shareFloor(amount: bigint, rate: Rate): bigint {
  return divideFloor(amount * rate, rateScale);
}

/** Rounds half away from zero, the way a till rounds a price. */
export function shareRound(amount: bigint, rate: Rate): bigint {
  return divideRound(amount * rate, rateScale);
}

export function divideFloor(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor !== 0n && dividend < 0n !== divisor < 0n ? quotient - 1n : quotient;
}

export function divideCeiling(dividend: bigint, divisor: bigint): bigint {
  return -divideFloor(-dividend, divisor);
}

export function divideRound(dividend: bigint, divisor: bigint): bigint {
  const doubled = 2n * (dividend < 0n ? -dividend : dividend) + divisor;
  const rounded = doubled / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}
