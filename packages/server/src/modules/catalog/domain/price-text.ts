import { type Money, money } from '#kernel/money.ts';

const pricePattern = /^(\d{1,13})(?:[.,](\d{1,10}))?$/;

/** "1 234,50", "1234.5", "1719" in roubles → kopecks; digits past the second are rounded half up. Null when it is no price. */
export function parsePrice(text: string): Money | null {
  const match = pricePattern.exec(text.replaceAll(/[\s\u00a0\u202f']/g, ''));
  if (!match) return null;
  const [, roubles = '0', decimals = ''] = match;
  const kopecks = BigInt(roubles) * 100n + BigInt(decimals.slice(0, 2).padEnd(2, '0'));
  return money((decimals[2] ?? '0') >= '5' ? kopecks + 1n : kopecks);
}
