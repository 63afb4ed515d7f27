import { inTransaction } from '#platform/db.ts';
import { placeCategories } from '../domain/categories.ts';
import { type FeedCategory, type FeedPart, mayArchive } from '../domain/feed.ts';
import { placeFeedCategories } from '../domain/feed-categories.ts';
import type { ProductItem } from '../domain/plan.ts';
import type { Product } from '../domain/product.ts';
import { loadCategories, saveCategories } from '../store/category-store.ts';
import {
  countMissingProducts,
  findMissingProducts,
  itemKey,
  type MissingOf,
  readItems,
  type StagedItem,
} from '../store/item-store.ts';
import { saveProducts } from '../store/product-store.ts';
import { lockVersion, planAnew, writeVersion } from '../store/version-store.ts';
import type { RunContext } from './import-feed.ts';
import { applyProducts } from './save-products.ts';

const batchSize = 1_000;

/** Answers the codes of all categories there are now. */
export async function applyCategories(
  context: RunContext,
  given: readonly FeedCategory[],
): Promise<ReadonlySet<string>> {
  const { deps, log } = context;
  const applied = await inTransaction(deps.db, async (tx) => {
    const version = await lockVersion(tx);
    const known = await loadCategories(tx);
    const { placed, problems } = placeFeedCategories(known, given, deps.clock.now());
    const changed = placeCategories(known, placed);
    if ('category' in changed)
      throw new Error(`category ${changed.category} of a feed could not be placed: ${changed.code}`);
    if (changed.length > 0) {
      const revision = version.revision + 1n;
      await saveCategories(tx, changed);
      await writeVersion(tx, { ...version, revision, categoryRevision: revision });
    }
    return { problems, codes: new Set([...known.keys(), ...changed.map((category) => category.code)]) };
  });
  for (const { category, code } of applied.problems) {
    log.problem({ line: null, item: category, code, detail: 'its parents lead nowhere: it was put at the root' });
  }
  return applied.codes;
}

export async function applyItems(context: RunContext, part: FeedPart, categories: ReadonlySet<string>): Promise<void> {
  const { deps, runId, log } = context;
  for (let after = ''; ; ) {
    const batch = await readItems(deps.db, { runId, part, after, limit: batchSize });
    const last = batch.at(-1);
    if (last === undefined) return;
    after = itemKey(last.item);
    await applyBatch(context, batch, categories);
    await log.flush();
    context.report('applying');
  }
}

async function applyBatch(
  context: RunContext,
  batch: readonly StagedItem[],
  categories: ReadonlySet<string>,
): Promise<void> {
  const { deps, feedId, log } = context;
  const items = batch.map((staged) => toItem(staged, context.codeKind));
  const options = { now: deps.clock.now(), sourceFeed: feedId, lenient: true, categories };
  const plan = await inTransaction(deps.db, (tx) => applyProducts(tx, deps, items, options));
  for (const [index, planned] of plan.items.entries()) {
    const staged = batch[index];
    if (planned.outcome !== 'refused') log.add({ [planned.outcome]: 1 });
    if (!staged) continue;
    for (const note of planned.notes) {
      log.problem({ line: staged.line, item: itemKey(staged.item), code: note.code, detail: note.detail });
    }
  }
}

function toItem({ item }: StagedItem, kind: RunContext['codeKind']): ProductItem {
  const code = (value: string | null) => (value === null ? null : { kind, value });
  const { sku, mode, fields } = item;
  return { sku, mode, fields, externalId: code(item.externalId), variantOf: code(item.variantOf) };
}

/** Only what this feed owns, only after its whole file was applied, and not when too much of it would go. */
export async function archiveMissing(context: RunContext, feedId: string, part: FeedPart): Promise<void> {
  const { deps, runId, options, log } = context;
  const of: MissingOf = { feedId, runId, part, codeKind: context.codeKind };
  const { missing, owned } = await inTransaction(deps.db, async (tx) => {
    await planAnew(tx);
    return countMissingProducts(tx, of);
  });
  if (missing === 0) return;
  if (!mayArchive(missing, owned, options.archive_percent_max)) {
    const detail = `${missing} of ${owned} products are not in the file; nothing was archived`;
    log.problem({ line: null, item: null, code: 'too_many_missing', detail });
    return;
  }
  for (let after: string | null = firstId; after !== null; ) {
    const archived = await archiveBatch(context, of, after);
    after = archived.at(-1)?.productId ?? null;
    log.add({ archived: archived.length });
    await log.flush();
    context.report('archiving');
  }
}

const firstId = '00000000-0000-0000-0000-000000000000';

async function archiveBatch(context: RunContext, of: MissingOf, after: string): Promise<readonly Product[]> {
  const { deps } = context;
  return inTransaction(deps.db, async (tx) => {
    const version = await lockVersion(tx);
    const products = await findMissingProducts(tx, of, { after, limit: batchSize });
    if (products.length === 0) return products;
    const revision = version.revision + 1n;
    const updatedAt = deps.clock.now();
    await saveProducts(
      tx,
      products.map((product) => ({ ...product, archived: true, updatedAt })),
      revision,
    );
    await writeVersion(tx, { ...version, revision });
    return products;
  });
}
