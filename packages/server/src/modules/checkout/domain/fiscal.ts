import type { Instant } from '#kernel/time.ts';

/** Requisites of one fiscal receipt of a sale; a sale may have several (R24). */
export interface FiscalRequisites {
  readonly drive: string;
  readonly document: string;
  readonly sign: string;
  readonly at: Instant | null;
  readonly sum: bigint | null;
  readonly lineIds: readonly string[] | null;
  readonly purpose: 'sale' | 'prepayment' | 'settlement';
}
