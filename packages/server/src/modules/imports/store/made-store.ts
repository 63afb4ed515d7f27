import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';

export type ObjectKind = 'lot' | 'code' | 'product' | 'shop';

/** A thing that an import made and an undo takes back. */
export interface MadeObject {
  readonly kind: ObjectKind;
  readonly objectId: string;
  readonly memberId: string | null;
}

const insertMade = rowsStatement('imports.insert_made', {
  head: 'insert into imports.made (import_id, object_kind, object_id, member_id)',
  columns: 4,
  tail: 'on conflict (import_id, object_kind, object_id) do nothing',
});
const pageMade = statement<{ object_kind: ObjectKind; object_id: string; member_id: string | null }>(
  'imports.page_made',
  `select object_kind, object_id, member_id from imports.made where import_id = $1 and object_id > $2 order by object_id limit $3`,
);
const deleteMade = statement<never>(
  'imports.delete_made',
  'delete from imports.made where import_id = $1 and object_id = any($2::text[])',
);

export function saveMade(tx: Tx, importId: string, objects: readonly MadeObject[]): Promise<void> {
  return insertRows(
    tx,
    insertMade,
    objects.map(({ kind, objectId, memberId }) => [importId, kind, objectId, memberId]),
  );
}

/** Of one import all objects are of one kind. */
export async function pageMadeObjects(db: Db, importId: string, after: string, limit: number): Promise<MadeObject[]> {
  const rows = await db.run(pageMade, [importId, after, limit]);
  return rows.map((row) => ({ kind: row.object_kind, objectId: row.object_id, memberId: row.member_id }));
}

export async function forgetMade(tx: Tx, importId: string, objectIds: readonly string[]): Promise<void> {
  await tx.run(deleteMade, [importId, objectIds]);
}

const count = statement<{ count: bigint }>(
  'imports.count_made',
  'select count(*) as count from imports.made where import_id = $1',
);

export async function countMade(db: Db, importId: string): Promise<number> {
  return Number((await db.run(count, [importId]))[0]?.count ?? 0n);
}
