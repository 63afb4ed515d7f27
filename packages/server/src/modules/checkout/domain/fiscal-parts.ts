import { type Money, money } from '#kernel/money.ts';

/** A stretch of a line with one whole-kopeck price, as a fiscal device prints it. */
export interface FiscalPart {
  readonly quantity: bigint;
  readonly price: Money;
  readonly sum: Money;
}

const one = 1_000n;

/**
 * A fiscal device multiplies price by quantity, so a line whose money does not divide by its pieces is printed as two (R2). A line sold by weight
 * keeps one part whose price is the sum of the whole line: devices take quantity 1 for it.
 */
export function fiscalParts(quantity: bigint, paid: Money): FiscalPart[] {
  if (quantity % one !== 0n) return [{ quantity: one, price: paid, sum: paid }];
  const pieces = quantity / one;
  const low = paid / pieces;
  const dearer = paid % pieces;
  const parts = [
    { quantity: (pieces - dearer) * one, price: money(low), sum: money(low * (pieces - dearer)) },
    { quantity: dearer * one, price: money(low + 1n), sum: money((low + 1n) * dearer) },
  ];
  return parts.filter((part) => part.quantity > 0n);
}
