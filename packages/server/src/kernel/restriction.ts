/**
 * Where certain points may be spent (R5) — plain data that the ledger keeps with a lot and the quote reads. Every list that is present must match;
 * within a list any entry does. Codes are the catalog's.
 */
export interface Restriction {
  readonly shops?: readonly string[];
  readonly channels?: readonly string[];
  readonly products?: ProductMatch;
  /** Least receipt, minor units, after discounts. */
  readonly least_receipt?: number;
}

/** Products by any of these; `except` takes out again. */
export interface ProductMatch {
  readonly skus?: readonly string[];
  readonly categories?: readonly string[];
  readonly brands?: readonly string[];
  readonly tags?: readonly string[];
  readonly except?: ProductMatch;
}

/** How much a lot is bound: R8 spends the more restricted lot first when both burn at the same instant. */
export function restrictedness(restriction: Restriction | null): number {
  if (restriction === null) return 0;
  const { shops, channels, products, least_receipt: least } = restriction;
  return [shops, channels, products, least].filter((part) => part !== undefined).length;
}
