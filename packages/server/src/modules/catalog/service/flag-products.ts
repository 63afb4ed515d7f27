import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { LegalClass, Product } from '../domain/product.ts';
import { sameProduct } from '../domain/same-product.ts';
import { findSkus, findTouchedProducts, type ProductFilter, saveProducts } from '../store/product-store.ts';
import { lockVersion, writeVersion } from '../store/version-store.ts';
import { type Actor, audit, type CatalogDeps } from './deps.ts';

export type FlagFilter = Pick<ProductFilter, 'skus' | 'categoryCode' | 'brand' | 'legalClass' | 'tag'>;

export interface FlagChange {
  readonly noEarning?: boolean | undefined;
  readonly noRedeeming?: boolean | undefined;
  readonly noPromotions?: boolean | undefined;
  readonly legalClass?: LegalClass | null | undefined;
  readonly addTags?: readonly string[] | undefined;
  readonly removeTags?: readonly string[] | undefined;
}

export interface FlagProducts {
  readonly filter: FlagFilter;
  readonly set: FlagChange;
  readonly dryRun: boolean;
  readonly actor: Actor;
}

export type FlagRefusal =
  | { readonly code: 'filter_empty'; readonly field: string }
  | { readonly code: 'change_empty'; readonly field: string }
  | { readonly code: 'too_many_products'; readonly field: string };

const productsMax = 300_000;
const batchSize = 1_000;
const tagsMax = 50;

/** One transaction, so that a restriction is on for all of them or for none. */
export async function flagProducts(
  deps: CatalogDeps,
  command: FlagProducts,
): Promise<Outcome<{ matched: number; changed: number }, FlagRefusal>> {
  if (isEmpty(command.filter)) return refused({ code: 'filter_empty', field: '/filter' });
  if (isEmpty(command.set)) return refused({ code: 'change_empty', field: '/set' });
  const answer = await inTransaction(deps.db, async (tx) => {
    const version = await lockVersion(tx);
    const skus = await findSkus(tx, command.filter, { after: null, limit: productsMax + 1 });
    if (skus.length > productsMax) return refused({ code: 'too_many_products', field: '/filter' });
    const revision = version.revision + 1n;
    let changed = 0;
    for (let from = 0; from < skus.length; from += batchSize) {
      const batch = skus.slice(from, from + batchSize);
      changed += await flagBatch(tx, batch, { deps, command, revision });
    }
    if (changed > 0 && !command.dryRun) {
      const { filter, set, actor } = command;
      await writeVersion(tx, { ...version, revision });
      const after = { set, changed, filter: { ...filter, skus: filter.skus?.slice(0, 100) } };
      const subject = { kind: 'products', id: 'flags' } as const;
      await audit(tx, deps, { actor, subject, after, action: 'product.flags', before: null });
    }
    return done({ matched: skus.length, changed });
  });
  if (answer.ok && !command.dryRun) await deps.catalog.refresh();
  return answer;
}

function isEmpty(record: object): boolean {
  return Object.values(record).every((value) => value === undefined);
}

async function flagBatch(
  tx: Tx,
  skus: readonly string[],
  work: { readonly deps: CatalogDeps; readonly command: FlagProducts; readonly revision: bigint },
): Promise<number> {
  const now = work.deps.clock.now();
  const before = await findTouchedProducts(tx, { skus, codes: [] });
  const after = before.flatMap((product) => {
    const flagged = withFlags(product, work.command.set);
    return sameProduct(product, flagged) ? [] : [{ ...flagged, updatedAt: now }];
  });
  if (!work.command.dryRun) await saveProducts(tx, after, work.revision);
  return after.length;
}

function withFlags(product: Product, set: FlagChange): Product {
  const removed = new Set(set.removeTags);
  const tags = [...new Set([...product.tags, ...(set.addTags ?? [])])].filter((tag) => !removed.has(tag));
  return {
    ...product,
    noEarning: set.noEarning ?? product.noEarning,
    noRedeeming: set.noRedeeming ?? product.noRedeeming,
    noPromotions: set.noPromotions ?? product.noPromotions,
    legalClass: set.legalClass === undefined ? product.legalClass : set.legalClass,
    tags: tags.slice(0, tagsMax),
  };
}
