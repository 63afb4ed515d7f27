import type { ProductMatch } from '#kernel/restriction.ts';
import type { LineFacts } from './worksheet.ts';

/** Tells how closely a product is meant: the most specific rate wins (R15). 0: not meant at all. */
export type Matcher = (line: LineFacts) => number;

export const skuReach = 1_000_000;
export const categoryReach = 1_000;
export const brandReach = 100;
export const tagReach = 10;
export const everythingReach = 1;

/** Two spellings of one brand have one key, as in the catalog. */
export function brandKey(name: string): string {
  return name.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

export function productMatcher(match: ProductMatch | null | undefined): Matcher {
  if (!match) return () => everythingReach;
  const skus = match.skus && new Set(match.skus);
  const categories = match.categories && new Set(match.categories);
  const brands = match.brands && new Set(match.brands.map(brandKey));
  const tags = match.tags && new Set(match.tags);
  const except = match.except && productMatcher(match.except);
  const everything = !skus && !categories && !brands && !tags;
  return (line) => {
    if (except && except(line) > 0) return 0;
    if (everything) return everythingReach;
    if (skus && line.sku !== null && skus.has(line.sku)) return skuReach;
    if (categories) {
      for (let depth = line.categories.length - 1; depth >= 0; depth -= 1) {
        if (categories.has(line.categories[depth] ?? '')) return categoryReach * (depth + 1);
      }
    }
    if (brands && line.brandKey !== null && brands.has(line.brandKey)) return brandReach;
    if (tags && line.tags.some((tag) => tags.has(tag))) return tagReach;
    return 0;
  };
}
