import { money } from '#kernel/money.ts';
import { type Db, statement, type Tx } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import type { FeedItem, FeedPart } from '../domain/feed.ts';
import type { Product } from '../domain/product.ts';
import { type ProductRow, productColumns, toProduct } from './product-rows.ts';

/** A feed's items between reading and applying. */
export interface StagedItem {
  readonly itemNo: number;
  readonly line: number;
  readonly item: FeedItem;
}

const partNumbers: Readonly<Record<FeedPart, number>> = { goods: 0, offers: 1 };

/** What makes two items one: the source's id, else the article. */
export function itemKey(item: FeedItem): string {
  return item.externalId ?? item.sku ?? '';
}

const stage = statement<{ item_no: number }>(
  'catalog.stage_items',
  `insert into catalog.feed_item (run_id, part, item_no, key, line, item)
   select $1::uuid, part, item_no, key, line, item
   from jsonb_to_recordset($2::jsonb) as staged(part smallint, item_no integer, key text, line integer, item jsonb)
   on conflict (run_id, part, key) do nothing returning item_no`,
);

/** Answers the numbers of items whose key the file had already used: the first one stands. */
export async function stageItems(db: Db, runId: string, items: readonly StagedItem[]): Promise<StagedItem[]> {
  if (items.length === 0) return [];
  const rows = items.map(({ itemNo, line, item }) => ({
    part: partNumbers[item.part],
    item_no: itemNo,
    key: itemKey(item),
    line,
    item,
  }));
  const taken = new Set((await db.run(stage, [runId, toJson(rows)])).map((row) => row.item_no));
  return items.filter((item) => !taken.has(item.itemNo));
}

const nextItems = statement<{ item_no: number; line: number; item: Record<string, unknown> }>(
  'catalog.next_items',
  `select item_no, line, item from catalog.feed_item where run_id = $1 and part = $2 and key > $3 order by key limit $4`,
);

/** In the order of keys. */
export async function readItems(
  db: Db,
  place: { readonly runId: string; readonly part: FeedPart; readonly after: string; readonly limit: number },
): Promise<StagedItem[]> {
  const rows = await db.run(nextItems, [place.runId, partNumbers[place.part], place.after, place.limit]);
  return rows.map((row) => ({ itemNo: row.item_no, line: row.line, item: revive(row.item) }));
}

/** Only `stageItems` writes these rows; JSON made numbers of their money. */
function revive(json: Record<string, unknown>): FeedItem {
  const item = json as unknown as FeedItem;
  const fields = Object.fromEntries(
    Object.entries(item.fields).map(([name, value]) => [name, name.endsWith('rice') ? revivePrice(value) : value]),
  );
  return { ...item, fields };
}

function revivePrice(value: unknown): unknown {
  return typeof value === 'number' ? money(value) : value;
}

// What the feed owns of a part and its file no longer has. Rows are found by article or by the source's id, as itemKey names them. `offset 0`
// keeps both questions index look-ups: as joins over a table without statistics they are quadratic.
const missingFrom = `from catalog.product p
  where p.source_feed = $1 and not p.archived and (p.variant_of is null) = ($3::smallint = 0)
  and not exists (select from catalog.feed_item i where i.run_id = $2 and i.part = $3 and i.key = p.sku offset 0)
  and not exists (select from catalog.product_code c where c.product_id = p.product_id and c.kind = $4
    and exists (select from catalog.feed_item i where i.run_id = $2 and i.part = $3 and i.key = c.value offset 0) offset 0)`;
const countMissing = statement<{ missing: bigint; owned: bigint }>(
  'catalog.count_missing',
  `select (select count(*) ${missingFrom}) as missing,
   (select count(*) from catalog.product p where p.source_feed = $1 and not p.archived and (p.variant_of is null) = ($3::smallint = 0)) as owned`,
);
const findMissing = statement<ProductRow>(
  'catalog.find_missing',
  `select ${productColumns} ${missingFrom} and p.product_id > $5 order by p.product_id limit $6`,
);

export interface MissingOf {
  readonly feedId: string;
  readonly runId: string;
  readonly part: FeedPart;
  /** external:<system> */
  readonly codeKind: string;
}

export async function countMissingProducts(tx: Tx, of: MissingOf): Promise<{ missing: number; owned: number }> {
  const [row] = await tx.run(countMissing, [of.feedId, of.runId, partNumbers[of.part], of.codeKind]);
  return { missing: Number(row?.missing ?? 0n), owned: Number(row?.owned ?? 0n) };
}

/** In the order of ids, from after one of them: no product is asked about twice. */
export async function findMissingProducts(
  tx: Tx,
  of: MissingOf,
  page: { readonly after: string; readonly limit: number },
): Promise<Product[]> {
  const { feedId, runId, part, codeKind } = of;
  const values = [feedId, runId, partNumbers[part], codeKind, page.after, page.limit];
  return (await tx.run(findMissing, values)).map(toProduct);
}

const clear = statement<never>('catalog.clear_items', 'delete from catalog.feed_item where run_id = $1');

export async function clearItems(db: Db, runId: string): Promise<void> {
  await db.run(clear, [runId]);
}
