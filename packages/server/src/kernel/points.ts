/** Points are whole: R1. A balance is never negative; a PointsChange (one entry) is signed. */
declare const pointsBrand: unique symbol;
declare const changeBrand: unique symbol;
export type Points = bigint & { readonly [pointsBrand]: 'points' };
export type PointsChange = bigint & { readonly [changeBrand]: 'points change' };

export const noPoints = 0n as Points;

export function points(count: bigint | number): Points {
  const whole = BigInt(count);
  if (whole < 0n) throw new RangeError(`points cannot be negative: ${whole}`);
  return whole as Points;
}

export function pointsChange(count: bigint | number): PointsChange {
  return BigInt(count) as PointsChange;
}

export function sumPoints(amounts: Iterable<Points>): Points {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total as Points;
}

export function leastPoints(first: Points, ...others: readonly Points[]): Points {
  return others.reduce((least, other) => (other < least ? other : least), first);
}
