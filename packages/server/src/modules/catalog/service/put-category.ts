import { required } from '#kernel/assert.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { inTransaction } from '#platform/db.ts';
import { type Category, categoriesMax, placeCategories } from '../domain/categories.ts';
import type { LegalClass } from '../domain/product.ts';
import { loadCategories, removeCategory, saveCategories } from '../store/category-store.ts';
import { lockVersion, writeVersion } from '../store/version-store.ts';
import { type Actor, audit, type CatalogDeps } from './deps.ts';

export interface PutCategory {
  readonly code: string;
  readonly name?: string | undefined;
  readonly parentCode?: string | null | undefined;
  readonly noEarning?: boolean | undefined;
  readonly noRedeeming?: boolean | undefined;
  readonly noPromotions?: boolean | undefined;
  readonly legalClass?: LegalClass | null | undefined;
}

export interface PutCategoryRefusal {
  readonly code: 'name_missing' | 'unknown_parent' | 'category_circle' | 'category_too_deep' | 'too_many_categories';
  readonly field: string;
}

export async function putCategory(
  deps: CatalogDeps,
  put: PutCategory,
  actor: Actor,
): Promise<Outcome<Category, PutCategoryRefusal>> {
  const answer = await inTransaction(deps.db, async (tx): Promise<Outcome<Category, PutCategoryRefusal>> => {
    const version = await lockVersion(tx);
    const known = await loadCategories(tx);
    const before = known.get(put.code);
    const name = put.name ?? before?.name;
    if (name === undefined) return refused({ code: 'name_missing', field: '/name' });
    if (!before && known.size >= categoriesMax) return refused({ code: 'too_many_categories', field: '' });
    const placed: Category = {
      code: put.code,
      name,
      path: before?.path ?? [],
      parentCode: put.parentCode === undefined ? (before?.parentCode ?? null) : put.parentCode,
      noEarning: put.noEarning ?? before?.noEarning ?? false,
      noRedeeming: put.noRedeeming ?? before?.noRedeeming ?? false,
      noPromotions: put.noPromotions ?? before?.noPromotions ?? false,
      legalClass: put.legalClass === undefined ? (before?.legalClass ?? null) : put.legalClass,
      updatedAt: deps.clock.now(),
    };
    const changed = placeCategories(known, [placed]);
    if ('category' in changed) return refused({ code: changed.code, field: '/parent_code' });
    if (changed.length === 0) return done(required(before, 'the unchanged category'));
    const revision = version.revision + 1n;
    await saveCategories(tx, changed);
    await writeVersion(tx, { ...version, revision, categoryRevision: revision });
    const after = changed.find((category) => category.code === put.code) ?? placed;
    const subject = { kind: 'category', id: put.code } as const;
    await audit(tx, deps, { actor, subject, after, action: 'category.put', before: before ?? null });
    return done(after);
  });
  if (answer.ok) await deps.catalog.refresh();
  return answer;
}

export async function deleteCategory(
  deps: CatalogDeps,
  code: string,
  actor: Actor,
): Promise<Outcome<{ code: string }, { readonly code: 'category_not_found' | 'category_in_use' }>> {
  const answer = await inTransaction(deps.db, async (tx) => {
    const version = await lockVersion(tx);
    const known = await loadCategories(tx);
    if (!known.has(code)) return refused({ code: 'category_not_found' });
    if (!(await removeCategory(tx, code))) return refused({ code: 'category_in_use' });
    const revision = version.revision + 1n;
    await writeVersion(tx, { ...version, revision, categoryRevision: revision });
    const subject = { kind: 'category', id: code } as const;
    await audit(tx, deps, { actor, subject, action: 'category.delete', before: known.get(code), after: null });
    return done({ code });
  });
  if (answer.ok) await deps.catalog.refresh();
  return answer;
}
