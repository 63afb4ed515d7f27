import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';

/** Restricted by law (R13). What each class forbids is the program's legal profile; the catalog says which product is what. */
export const legalClasses = ['tobacco', 'nicotine', 'hookah', 'alcohol', 'prescription', 'gift_card'] as const;
export type LegalClass = (typeof legalClasses)[number];

export const productKinds = ['goods', 'delivery', 'service'] as const;
export type ProductKind = (typeof productKinds)[number];

export const productUnits = ['piece', 'weight'] as const;
export type ProductUnit = (typeof productUnits)[number];

/** `gtin` values have 14 digits; `barcode` is anything else that a scanner reads. */
export type CodeKind = 'gtin' | 'barcode' | 'marking' | `external:${string}`;

export interface ProductCode {
  readonly kind: CodeKind;
  readonly value: string;
}

/** A product as the catalog keeps it. */
export interface Product {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly categoryCode: string | null;
  readonly brand: string | null;
  readonly kind: ProductKind;
  readonly unit: ProductUnit;
  readonly price: Money | null;
  readonly regularPrice: Money | null;
  readonly floorPrice: Money | null;
  readonly noEarning: boolean;
  readonly noRedeeming: boolean;
  readonly noPromotions: boolean;
  readonly legalClass: LegalClass | null;
  readonly volumeMl: number | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly codes: readonly ProductCode[];
  readonly variantOf: string | null;
  readonly sourceFeed: string | null;
  readonly archived: boolean;
  readonly updatedAt: Instant;
}

/** What the program prices: flags and the legal class of the product's categories are counted in. */
export interface ProductView {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  /** Codes from the root to the deepest. */
  readonly categories: readonly string[];
  readonly brand: string | null;
  readonly price: Money | null;
  readonly regularPrice: Money | null;
  readonly floorPrice: Money | null;
  readonly noEarning: boolean;
  readonly noRedeeming: boolean;
  readonly noPromotions: boolean;
  readonly legalClass: LegalClass | null;
  readonly volumeMl: number | null;
  readonly kind: ProductKind;
  readonly tags: readonly string[];
}

export function codeKey(code: ProductCode): string {
  return `${code.kind}\t${code.value}`;
}

/** Two spellings of one brand have one key. */
export function brandKey(name: string): string {
  return name.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
