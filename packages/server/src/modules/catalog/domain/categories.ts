import type { Instant } from '#kernel/time.ts';
import type { LegalClass } from './product.ts';

export interface Category {
  readonly code: string;
  readonly parentCode: string | null;
  readonly name: string;
  readonly path: readonly string[];
  readonly noEarning: boolean;
  readonly noRedeeming: boolean;
  readonly noPromotions: boolean;
  readonly legalClass: LegalClass | null;
  readonly updatedAt: Instant;
}

/** What a category and everything above it means for a product in it. */
export interface CategoryReach {
  readonly path: readonly string[];
  readonly noEarning: boolean;
  readonly noRedeeming: boolean;
  readonly noPromotions: boolean;
  readonly legalClass: LegalClass | null;
}

export const categoryDepthMax = 32;
export const categoriesMax = 50_000;

const nowhere: CategoryReach = {
  path: [],
  noEarning: false,
  noRedeeming: false,
  noPromotions: false,
  legalClass: null,
};

/** Flags add up from the root; the legal class is that of the deepest category which has one. */
export function reachOf(categories: ReadonlyMap<string, Category>, code: string | null): CategoryReach {
  const own = code === null ? undefined : categories.get(code);
  if (!own) return nowhere;
  const chain = own.path.flatMap((step) => categories.get(step) ?? []);
  return {
    path: own.path,
    noEarning: chain.some((category) => category.noEarning),
    noRedeeming: chain.some((category) => category.noRedeeming),
    noPromotions: chain.some((category) => category.noPromotions),
    legalClass: chain.findLast((category) => category.legalClass !== null)?.legalClass ?? null,
  };
}

export type PathRefusal =
  | { readonly code: 'unknown_parent' }
  | { readonly code: 'category_circle' }
  | { readonly code: 'category_too_deep' };

/** Codes from the root to `code`, following parents. */
export function pathOf(parents: ReadonlyMap<string, string | null>, code: string): readonly string[] | PathRefusal {
  const path: string[] = [];
  for (let at: string | null = code; at !== null; ) {
    if (path.includes(at)) return { code: 'category_circle' };
    if (path.length >= categoryDepthMax) return { code: 'category_too_deep' };
    const parent = parents.get(at);
    if (parent === undefined) return { code: 'unknown_parent' };
    path.push(at);
    at = parent;
  }
  return path.reverse();
}

/** Put in or changed: a path refusal, or every category whose row changes (those below follow a move). */
export function placeCategories(
  known: ReadonlyMap<string, Category>,
  placed: readonly Category[],
): readonly Category[] | (PathRefusal & { readonly category: string }) {
  const all = new Map(known);
  for (const category of placed) all.set(category.code, category);
  const parents = new Map([...all.values()].map((category) => [category.code, category.parentCode]));
  const changed: Category[] = [];
  for (const category of all.values()) {
    const path = pathOf(parents, category.code);
    if ('code' in path) return { ...path, category: category.code };
    const before = known.get(category.code);
    const after = { ...category, path };
    if (before === undefined || !sameCategory(before, after)) changed.push(after);
  }
  return changed;
}

function sameCategory(before: Category, after: Category): boolean {
  return (
    before.name === after.name &&
    before.parentCode === after.parentCode &&
    before.legalClass === after.legalClass &&
    before.noEarning === after.noEarning &&
    before.noRedeeming === after.noRedeeming &&
    before.noPromotions === after.noPromotions &&
    before.path.length === after.path.length &&
    before.path.every((code, index) => code === after.path[index])
  );
}
