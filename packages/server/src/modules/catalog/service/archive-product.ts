import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { inTransaction } from '#platform/db.ts';
import type { Product } from '../domain/product.ts';
import { findProduct, saveProducts } from '../store/product-store.ts';
import { lockVersion, writeVersion } from '../store/version-store.ts';
import { type Actor, audit, type CatalogDeps } from './deps.ts';

export async function archiveProduct(
  deps: CatalogDeps,
  sku: string,
  actor: Actor,
): Promise<Outcome<Product, { readonly code: 'product_not_found' }>> {
  const answer = await inTransaction(deps.db, async (tx) => {
    const version = await lockVersion(tx);
    const product = await findProduct(tx, sku);
    if (product === null) return refused({ code: 'product_not_found' });
    if (product.archived) return done(product);
    const archived = { ...product, archived: true, updatedAt: deps.clock.now() };
    const revision = version.revision + 1n;
    await saveProducts(tx, [archived], revision);
    await writeVersion(tx, { ...version, revision });
    const subject = { kind: 'product', id: sku } as const;
    await audit(tx, deps, { actor, subject, action: 'product.archive', before: product, after: archived });
    return done(archived);
  });
  if (answer.ok) await deps.catalog.refresh();
  return answer;
}
