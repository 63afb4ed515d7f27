import { all, type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';

/** A member that an import made (`isNew`) or changed. */
export interface TouchedMember {
  readonly memberId: string;
  readonly isNew: boolean;
  /** Of the standing when the import last wrote the member; null: a receipt without a member. */
  readonly revision: bigint | null;
}

const insertTouched = rowsStatement('imports.insert_touched', {
  head: 'insert into imports.touched (member_id, import_id, before, revision_before, revision)',
  columns: 5,
  tail: 'on conflict (member_id, import_id) do nothing',
});
const findTouched = statement<{ member_id: string }>(
  'imports.find_touched',
  'select member_id from imports.touched where member_id = any($1::uuid[]) and import_id = $2',
);
const updateRevisions = statement<never>(
  'imports.update_revisions',
  `update imports.touched touched set revision = now.revision, receipts = touched.receipts + now.receipts
   from unnest($2::uuid[], $3::bigint[], $4::int[]) as now (member_id, revision, receipts)
   where touched.member_id = now.member_id and touched.import_id = $1`,
);
const pageTouched = statement<{ member_id: string; is_new: boolean; revision: bigint | null }>(
  'imports.page_touched',
  `select member_id, before is null as is_new, revision from imports.touched where import_id = $1 and member_id > $2 order by member_id limit $3`,
);
const deleteTouched = statement<never>(
  'imports.delete_touched',
  'delete from imports.touched where import_id = $1 and member_id = any($2::uuid[])',
);
const relayRevision = statement<never>(
  'imports.relay_revision',
  `update imports.touched touched set revision = now.revision from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as now (member_id, before, revision)
   where touched.member_id = now.member_id and touched.import_id <> $1 and touched.revision = now.before`,
);
const readRelays = statement<{ member_id: string; revision_before: bigint }>(
  'imports.read_relays',
  `select member_id, revision_before from imports.touched
   where import_id = $1 and member_id = any($2::uuid[]) and revision_before is not null`,
);

const countAll = statement<{ count: bigint }>(
  'imports.count_touched',
  'select count(*) as count from imports.touched where import_id = $1',
);

export async function countTouched(db: Db, importId: string): Promise<number> {
  return Number((await db.run(countAll, [importId]))[0]?.count ?? 0n);
}

export function saveNewMembers(tx: Tx, importId: string, members: readonly TouchedMember[]): Promise<void> {
  return insertRows(
    tx,
    insertTouched,
    members.map(({ memberId, revision }) => [memberId, importId, null, null, revision]),
  );
}

/**
 * Keeps how members are before the import first changes them: every row of theirs, as JSON made and read by PostgreSQL alone, so that no number
 * loses a digit on the way. Members the import made itself have nothing to go back to.
 */
export async function keepBefore(
  tx: Tx,
  importId: string,
  members: { readonly revisions: ReadonlyMap<string, bigint>; readonly tables: readonly string[] },
): Promise<void> {
  const ids = [...members.revisions.keys()];
  if (ids.length === 0) return;
  const known = new Set((await tx.run(findTouched, [ids, importId])).map((row) => row.member_id));
  const fresh = ids.filter((id) => !known.has(id));
  if (fresh.length === 0) return;
  const rows = fresh.map((id) => [id, importId, {}, members.revisions.get(id) ?? null, null]);
  await insertRows(tx, insertTouched, rows);
  for (const table of members.tables) await tx.run(snapshotOf(table), [importId, fresh]);
}

export async function moveRevisions(
  tx: Tx,
  importId: string,
  members: readonly { readonly memberId: string; readonly revision: bigint; readonly receipts: number }[],
): Promise<void> {
  if (members.length === 0) return;
  const ids = members.map(({ memberId }) => memberId);
  const revisions = members.map(({ revision }) => revision);
  await tx.run(updateRevisions, [importId, ids, revisions, members.map(({ receipts }) => receipts)]);
}

export async function pageTouchedMembers(
  db: Db,
  importId: string,
  after: string,
  limit: number,
): Promise<TouchedMember[]> {
  const rows = await db.run(pageTouched, [importId, after, limit]);
  return rows.map((row) => ({ memberId: row.member_id, isNew: row.is_new, revision: row.revision }));
}

/** The members stand as before, but for their revision: other imports, which left them at the old one, may still be undone. */
export async function relayRevisions(tx: Tx, importId: string, now: ReadonlyMap<string, bigint>): Promise<void> {
  const relays = await tx.run(readRelays, [importId, [...now.keys()]]);
  const ids = relays.map((row) => row.member_id);
  const before = relays.map((row) => row.revision_before);
  await tx.run(relayRevision, [importId, ids, before, ids.map((id) => now.get(id) ?? null)]);
}

export async function forgetTouched(tx: Tx, importId: string, memberIds: readonly string[]): Promise<void> {
  await tx.run(deleteTouched, [importId, memberIds]);
}

/** Takes all rows of these members out and puts those of `before` back. Undoing is rare: its INSERT … SELECT may cost what it costs. */
export async function restoreMembers(
  tx: Tx,
  importId: string,
  memberIds: readonly string[],
  tables: readonly string[],
): Promise<void> {
  await all(tables.map((table) => tx.run(deletionFrom(table), [memberIds])));
  await all(tables.map((table) => tx.run(restorationOf(table), [importId, memberIds])));
}

/** The tables are those that modules' parts name: constants of the program, never a text that came from outside. */
function nameIn(table: string): string {
  if (!/^[a-z_]+\.[a-z_]+$/.test(table)) throw new RangeError(`not a table of a member part: ${table}`);
  return table.replace('.', '_');
}

function snapshotOf(table: string) {
  return statement<never>(
    `imports.keep_${nameIn(table)}`,
    `update imports.touched touched set before = touched.before || jsonb_build_object('${table}',
       (select coalesce(jsonb_agg(to_jsonb(kept)), '[]') from ${table} kept where kept.member_id = touched.member_id))
     where touched.import_id = $1 and touched.member_id = any($2::uuid[])`,
  );
}

function deletionFrom(table: string) {
  return statement<never>(`imports.remove_${nameIn(table)}`, `delete from ${table} where member_id = any($1::uuid[])`);
}

function restorationOf(table: string) {
  return statement<never>(
    `imports.restore_${nameIn(table)}`,
    `insert into ${table} select (jsonb_populate_recordset(null::${table}, touched.before -> '${table}')).*
     from imports.touched touched where touched.import_id = $1 and touched.member_id = any($2::uuid[]) and touched.before is not null`,
  );
}
