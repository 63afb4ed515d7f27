import type { ProductView } from '#modules/catalog/index.ts';
import type { LegalProfile } from '../legal/profile.ts';

/** What publishing knows besides the document. What is absent is not checked. */
export interface ValidationContext {
  readonly knownShops?: ReadonlySet<string>;
  readonly knowsCategory?: (code: string) => boolean;
  readonly productBySku?: (sku: string) => ProductView | null;
  readonly legalProfile: LegalProfile;
  /** Points exist: what one is worth cannot change any more (R1). */
  readonly fixedPointValue?: number | null;
  /** ISO date: promotions that are over already are pointed out. */
  readonly today?: string;
  /** The segments module reads the rule trees; paths are relative to /segments. */
  readonly segmentsCheck: (
    segments: readonly { code: string; rule: unknown }[],
  ) => readonly { path: string; message: string }[];
}
