import type { Money } from '#kernel/money.ts';
import type { LegalClass } from '#modules/catalog/index.ts';

/** What the law lets a product's class have; stands above every program (R13). It belongs to the installation, never to the document. */
export interface LegalProfile {
  readonly code: string;
  readonly rules: Readonly<Record<LegalClass, LegalRule>>;
}

export interface LegalRule {
  /** May it be sold below its shelf price by us? */
  readonly discounts: boolean;
  readonly earning: boolean;
  readonly redeeming: boolean;
  /** May it be given as a gift or bought with points alone? */
  readonly gifts: boolean;
  /** May messages and recommendations name it? */
  readonly advertising: boolean;
  /** The least price of one unit of a product on a day; null: none. */
  readonly minimumPrice: ((unit: MinimumPriceQuestion) => Money | null) | null;
}

export interface MinimumPriceQuestion {
  readonly volumeMl: number | null;
  /** The catalog's tags tell what drink it is, such as alcohol:sparkling. */
  readonly tags: readonly string[];
  /** ISO date at the shop. */
  readonly date: string;
}
