import { categoriesMax } from '../domain/categories.ts';
import type { FeedCategory, FeedEvent, FeedItem, FeedPart, FeedRun } from '../domain/feed.ts';
import { itemKey, type StagedItem, stageItems } from '../store/item-store.ts';
import type { RunContext } from './import-feed.ts';

const batchSize = 1_000;
export const feedItemsMax = 1_000_000;

export interface Staged {
  readonly categories: readonly FeedCategory[];
  /** Parts of which the file says that it has them all. */
  readonly whole: ReadonlySet<FeedPart>;
  readonly failure: FeedRun['failure'];
}

/** Reads all of a file. Only categories stay in memory; there are at most 50,000. */
export async function stageFeed(context: RunContext, events: AsyncIterable<readonly FeedEvent[]>): Promise<Staged> {
  const categories = new Map<string, FeedCategory>();
  const whole = new Set<FeedPart>();
  let waiting: StagedItem[] = [];
  let itemNo = 0;
  const flush = async () => {
    await stageBatch(context, waiting);
    waiting = [];
  };
  for await (const list of events) {
    for (const event of list) {
      if (event.type === 'broken') {
        const { code, line, detail } = event;
        return { categories: [], whole, failure: { code, line, detail } };
      }
      if (event.type === 'problem') context.log.problem(event);
      else if (event.type === 'whole') whole.add(event.part);
      else if (event.type === 'category') takeCategory(context, categories, event);
      else {
        itemNo += 1;
        waiting.push({ itemNo, line: event.line, item: prefixed(event.item, context.options.category_prefix) });
      }
    }
    if (itemNo > feedItemsMax || categories.size > categoriesMax) return { categories: [], whole, failure: tooMuch };
    if (waiting.length >= batchSize) await flush();
  }
  await flush();
  return { categories: [...categories.values()], whole, failure: null };
}

const tooMuch = {
  code: 'too_many_items',
  line: null,
  detail: `a file may have ${feedItemsMax} items and ${categoriesMax} categories`,
} as const;

function takeCategory(
  context: RunContext,
  categories: Map<string, FeedCategory>,
  event: Extract<FeedEvent, { type: 'category' }>,
): void {
  const prefix = context.options.category_prefix ?? '';
  const { code, parentCode, name } = event.category;
  const taken = { name, code: prefix + code, parentCode: parentCode === null ? null : prefix + parentCode };
  if (categories.has(taken.code)) {
    const detail = 'a category with this id stands above already';
    context.log.problem({ line: event.line, item: code, code: 'duplicate_category', detail });
    return;
  }
  categories.set(taken.code, taken);
}

function prefixed(item: FeedItem, prefix: string | undefined): FeedItem {
  const code = item.fields.categoryCode;
  if (prefix === undefined || code === undefined || code === null) return item;
  return { ...item, fields: { ...item.fields, categoryCode: prefix + code } };
}

async function stageBatch(context: RunContext, items: readonly StagedItem[]): Promise<void> {
  for (let from = 0; from < items.length; from += batchSize) {
    const batch = items.slice(from, from + batchSize);
    const repeated = await stageItems(context.deps.db, context.runId, batch);
    for (const { line, item } of repeated) {
      const detail = 'an item with this id stands above already; the first one is taken';
      context.log.problem({ line, item: itemKey(item), code: 'duplicate_item', detail });
    }
    context.log.add({ items: batch.length });
  }
  await context.log.flush();
  context.report('reading');
}
