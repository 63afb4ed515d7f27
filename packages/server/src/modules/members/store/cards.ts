import type { Instant } from '#kernel/time.ts';
import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';

/** Printed cards, from the printer to their owners. */
export type StockState = 'unassigned' | 'assigned' | 'cancelled';

export interface CardBatch {
  readonly batchId: string;
  readonly prefix: string;
  readonly count: number;
  readonly note: string | null;
  readonly madeAt: Instant;
  readonly madeBy: string;
}

const nextPlaces = statement<{ place: bigint }>(
  'members.next_card_places',
  "select nextval('members.card_number') as place from generate_series(1, $1::integer)",
);

export async function takeCardPlaces(db: Db, count: number): Promise<bigint[]> {
  return (await db.run(nextPlaces, [count])).map((row) => row.place);
}

const insertBatch = statement<never>(
  'members.insert_card_batch',
  'insert into members.card_batch (batch_id, prefix, cards_count, note, made_at, made_by) values ($1, $2, $3, $4, $5, $6)',
);

export async function insertCardBatch(tx: Tx, batch: CardBatch): Promise<void> {
  await tx.run(insertBatch, [batch.batchId, batch.prefix, batch.count, batch.note, batch.madeAt, batch.madeBy]);
}

const insertStock = rowsStatement('members.insert_card_stock', {
  head: 'insert into members.card_stock (number, batch_id, state, changed_at)',
  columns: 4,
  tail: 'on conflict (number) do nothing',
});

/** Numbers that exist already are passed over: count them afterwards. */
export function insertCardStock(tx: Tx, batch: CardBatch, numbers: readonly string[]): Promise<void> {
  return insertRows(
    tx,
    insertStock,
    numbers.map((number) => [number, batch.batchId, 'unassigned', batch.madeAt]),
  );
}

const countStock = statement<{ count: bigint }>(
  'members.count_card_stock',
  'select count(*) as count from members.card_stock where batch_id = $1',
);

export async function countCardStock(db: Db, batchId: string): Promise<number> {
  const [row] = await db.run(countStock, [batchId]);
  return Number(row?.count ?? 0n);
}

const lockStock = statement<{ state: StockState }>(
  'members.lock_card_stock',
  'select state from members.card_stock where number = $1 for update',
);

/** null: not one of the printed batches, but another system's card or a virtual one. */
export async function lockCardStock(tx: Tx, number: string): Promise<StockState | null> {
  const [row] = await tx.run(lockStock, [number]);
  return row?.state ?? null;
}

const updateStock = statement<never>(
  'members.set_card_stock_state',
  'update members.card_stock set state = $2, changed_at = $3 where number = $1',
);

export async function setCardStockState(
  tx: Tx,
  number: string,
  change: { state: StockState; at: Instant },
): Promise<void> {
  await tx.run(updateStock, [number, change.state, change.at]);
}

const selectStock = statement<{ number: string; state: StockState }>(
  'members.list_card_stock',
  'select number, state from members.card_stock where batch_id = $1 and number > $2 order by number limit $3',
);

export function listCardStock(
  db: Db,
  batchId: string,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly { number: string; state: StockState }[]> {
  return db.run(selectStock, [batchId, page.after, page.limit]);
}
