import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { keptCode } from '../domain/gtin.ts';
import {
  type ItemPlan,
  type Note,
  type Plan,
  type ProductFields,
  type ProductItem,
  planProducts,
} from '../domain/plan.ts';
import { brandKey, type Product } from '../domain/product.ts';
import { findBrands, loadCategories } from '../store/category-store.ts';
import { addBrandNames, findTouchedProducts, saveProducts } from '../store/product-store.ts';
import { lockVersion, writeVersion } from '../store/version-store.ts';
import { type Actor, audit, type CatalogDeps } from './deps.ts';

export interface PlanOptions {
  readonly now: Instant;
  readonly sourceFeed: string | null;
  readonly lenient: boolean;
  /** Known already by a caller that plans many batches; else read. */
  readonly categories?: ReadonlySet<string>;
}

/** Plans and writes a batch under the catalog's lock. */
export async function applyProducts(
  tx: Tx,
  deps: Pick<CatalogDeps, 'newId'>,
  items: readonly ProductItem[],
  options: PlanOptions,
): Promise<Plan> {
  const version = await lockVersion(tx);
  const codes = items.flatMap((item) => [
    ...(item.externalId === null ? [] : [item.externalId]),
    ...(item.variantOf === null ? [] : [item.variantOf]),
    ...(item.fields.codes ?? []).flatMap((code) => keptCode(code) ?? []),
  ]);
  const skus = items.flatMap((item) => [item.sku, item.externalId?.value ?? null]).filter((sku) => sku !== null);
  const brandKeys = items.flatMap((item) => (item.fields.brand ? [brandKey(item.fields.brand)] : []));
  const [products, brands, categories] = await Promise.all([
    findTouchedProducts(tx, { skus, codes }),
    findBrands(tx, brandKeys),
    options.categories ?? loadCategories(tx).then((all) => new Set(all.keys())),
  ]);
  const plan = planProducts(items, { products, brands, categories }, { ...options, newId: deps.newId });
  if (plan.save.length === 0) return plan;
  const revision = version.revision + 1n;
  await Promise.all([
    addBrandNames(tx, plan.newBrands),
    saveProducts(tx, plan.save, revision),
    writeVersion(tx, { ...version, revision }),
  ]);
  return plan;
}

export interface PutProduct {
  readonly sku: string;
  readonly fields: ProductFields;
}

export type PutProductRefusal = {
  readonly code: 'name_missing' | 'unknown_category' | 'bad_gtin' | 'code_taken';
  readonly field: string;
  readonly details: { readonly reason: string };
};

function toItem(put: PutProduct): ProductItem {
  return { sku: put.sku, externalId: null, variantOf: null, mode: 'upsert', fields: put.fields };
}

export async function putProduct(
  deps: CatalogDeps,
  put: PutProduct,
  actor: Actor,
): Promise<Outcome<{ outcome: 'added' | 'changed' | 'unchanged'; product: Product }, PutProductRefusal>> {
  const now = deps.clock.now();
  const answer = await inTransaction(deps.db, async (tx) => {
    const plan = await applyProducts(tx, deps, [toItem(put)], { now, sourceFeed: null, lenient: false });
    const [item] = plan.items;
    if (!item || item.product === null || item.outcome === 'refused') return refused(toRefusal(item?.notes[0]));
    const { outcome, before, product } = item;
    if (outcome !== 'unchanged') {
      const subject = { kind: 'product', id: put.sku } as const;
      await audit(tx, deps, { actor, subject, before, action: 'product.put', after: product });
    }
    return done({ outcome, product });
  });
  if (answer.ok && answer.value.outcome !== 'unchanged') await deps.catalog.refresh();
  return answer;
}

/** An item found by its article alone cannot lack a product or meet a taken article. */
function toRefusal(note: Note | undefined): PutProductRefusal {
  if (note === undefined || note.code === 'product_not_found' || note.code === 'sku_taken') {
    throw new Error(`a product was refused by ${note?.code ?? 'nothing'}`);
  }
  return { code: note.code, field: note.field, details: { reason: note.detail } };
}

/** Each item is taken or refused on its own. */
export async function putProducts(
  deps: CatalogDeps,
  puts: readonly PutProduct[],
  actor: Actor,
): Promise<readonly ItemPlan[]> {
  const now = deps.clock.now();
  const items = await inTransaction(deps.db, async (tx) => {
    const plan = await applyProducts(tx, deps, puts.map(toItem), { now, sourceFeed: null, lenient: false });
    if (plan.save.length > 0) {
      const after = { asked: puts.length, written: plan.save.map((product) => product.sku) };
      const subject = { kind: 'products', id: 'batch' } as const;
      await audit(tx, deps, { actor, subject, after, action: 'product.batch', before: null });
    }
    return plan.items;
  });
  await deps.catalog.refresh();
  return items;
}
