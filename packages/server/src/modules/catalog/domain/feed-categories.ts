import type { Instant } from '#kernel/time.ts';
import { type Category, pathOf } from './categories.ts';
import type { FeedCategory } from './feed.ts';

export interface CategoryProblem {
  readonly category: string;
  readonly code: 'unknown_parent' | 'category_circle' | 'category_too_deep';
}

/**
 * A feed's categories as ours: names and places are the feed's, flags and legal classes stay ours. One whose parents lead nowhere or in a
 * circle becomes a root, and a problem.
 */
export function placeFeedCategories(
  known: ReadonlyMap<string, Category>,
  given: readonly FeedCategory[],
  now: Instant,
): { readonly placed: readonly Category[]; readonly problems: readonly CategoryProblem[] } {
  const parents = new Map<string, string | null>([...known.values()].map((one) => [one.code, one.parentCode]));
  for (const category of given) parents.set(category.code, category.parentCode);
  const problems: CategoryProblem[] = [];
  for (const category of given) {
    const path = pathOf(parents, category.code);
    if (!('code' in path)) continue;
    problems.push({ category: category.code, code: path.code });
    parents.set(category.code, null);
  }
  const placed = given.map((category): Category => {
    const before = known.get(category.code);
    return {
      code: category.code,
      name: category.name,
      parentCode: parents.get(category.code) ?? null,
      path: [],
      noEarning: before?.noEarning ?? false,
      noRedeeming: before?.noRedeeming ?? false,
      noPromotions: before?.noPromotions ?? false,
      legalClass: before?.legalClass ?? null,
      updatedAt: now,
    };
  });
  return { placed, problems };
}
