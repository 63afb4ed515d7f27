/** Money in the installation's minor units (kopecks). Never a float: R1. */
declare const moneyBrand: unique symbol;
export type Money = bigint & { readonly [moneyBrand]: 'money' };

export const noMoney = 0n as Money;

export function money(minorUnits: bigint | number): Money {
  return BigInt(minorUnits) as Money;
}

export function sumMoney(amounts: Iterable<Money>): Money {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total as Money;
}
