import { assert } from './assert.ts';

/**
 * Splits a whole amount by weights so that the parts sum to it exactly: largest remainder, ties to the earlier part (R2).
 * All weights zero: everything goes to the first part. The amount may be negative (a return), then parts mirror the positive split.
 */
export function splitByWeight(amount: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.length === 0) {
    assert(amount === 0n, 'nothing to split an amount over');
    return [];
  }
  if (amount < 0n) return splitByWeight(-amount, weights).map((part) => -part);
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return weights.map((_, index) => (index === 0 ? amount : 0n));
  const parts = weights.map((weight) => (amount * weight) / total);
  let left = amount - parts.reduce((sum, part) => sum + part, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

/**
 * The same, with a ceiling for each part; what a capped part cannot take is split again over the others (R2).
 * Returns the parts; their sum is smaller than the amount only when the ceilings together are.
 */
export function splitWithCaps(amount: bigint, weights: readonly bigint[], caps: readonly bigint[]): bigint[] {
  const parts = weights.map(() => 0n);
  let left = amount;
  // Every round fills at least one part to its cap, so there are at most as many rounds as parts.
  for (let round = 0; round <= weights.length && left > 0n; round += 1) {
    const open = weights.map((_, index) => (parts[index] ?? 0n) < (caps[index] ?? 0n));
    if (!open.includes(true)) break;
    const openWeights = weights.map((weight, index) => (open[index] ? weight : 0n));
    const usable = openWeights.some((weight) => weight > 0n) ? openWeights : open.map((isOpen) => (isOpen ? 1n : 0n));
    const shares = splitByWeight(left, usable);
    for (const [index, share] of shares.entries()) {
      const before = parts[index] ?? 0n;
      const room = (caps[index] ?? 0n) - before;
      const taken = share < room ? share : room;
      if (taken <= 0n) continue;
      parts[index] = before + taken;
      left -= taken;
    }
  }
  return parts;
}
