import { type Db, statement, type Tx } from '#platform/db.ts';

const touchedBy = statement<{ import_id: string; member_id: string; is_new: boolean }>(
  'imports.touched_by',
  'select import_id, member_id, before is null as is_new from imports.touched where member_id = any($1::uuid[]) order by import_id',
);
const drop = statement<never>('imports.drop_before', 'delete from imports.touched where member_id = $1');

export interface TouchedBy {
  readonly importId: string;
  readonly memberId: string;
  readonly made: boolean;
}

export async function listTouchedBy(db: Db, memberIds: readonly string[]): Promise<TouchedBy[]> {
  return (await db.run(touchedBy, [memberIds])).map((row) => ({
    importId: row.import_id,
    memberId: row.member_id,
    made: row.is_new,
  }));
}

export async function dropBefore(tx: Tx, memberId: string): Promise<void> {
  await tx.run(drop, [memberId]);
}
