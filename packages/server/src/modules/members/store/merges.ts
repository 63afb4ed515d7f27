import type { Instant } from '#kernel/time.ts';
import { type Db, statement, type Tx } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import type { MemberId } from '../domain/member.ts';
import type { MergeRecord } from '../domain/merge.ts';

/** What each module needs to undo a merge, under the module's name. */
export type Mementos = Readonly<Record<string, Record<string, unknown>>>;

const insertOne = statement<never>(
  'members.insert_merge',
  `insert into members.merge (member_id, merge_id, place, absorbed_id, merged_at, undo_until, merged_by, reason, memento)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);

export async function insertMerge(tx: Tx, merge: MergeRecord, mementos: Mementos): Promise<void> {
  await tx.run(insertOne, [
    ...[merge.survivorId, merge.mergeId, merge.place, merge.absorbedId, merge.mergedAt, merge.undoUntil],
    ...[merge.mergedBy, merge.reason, toJson(mementos)],
  ]);
}

interface MergeRow {
  readonly member_id: string;
  readonly merge_id: string;
  readonly place: number;
  readonly absorbed_id: string;
  readonly merged_at: Instant;
  readonly undo_until: Instant;
  readonly merged_by: string;
  readonly reason: string | null;
  readonly undone_at: Instant | null;
}

const selectMerges = statement<MergeRow>(
  'members.list_merges',
  `select member_id, merge_id, place, absorbed_id, merged_at, undo_until, merged_by, reason, undone_at from members.merge
   where member_id = $1 order by place`,
);

export async function listMerges(db: Db, survivorId: MemberId): Promise<MergeRecord[]> {
  return (await db.run(selectMerges, [survivorId])).map((row) => ({
    mergeId: row.merge_id,
    place: row.place,
    survivorId: row.member_id,
    absorbedId: row.absorbed_id,
    mergedAt: row.merged_at,
    undoUntil: row.undo_until,
    mergedBy: row.merged_by,
    reason: row.reason,
    undoneAt: row.undone_at,
  }));
}

const selectMemento = statement<{ memento: Mementos }>(
  'members.find_memento',
  'select memento from members.merge where member_id = $1 and merge_id = $2',
);

export async function findMementos(db: Db, merge: MergeRecord): Promise<Mementos> {
  const [row] = await db.run(selectMemento, [merge.survivorId, merge.mergeId]);
  return row?.memento ?? {};
}

const markUndone = statement<never>(
  'members.undo_merge',
  'update members.merge set undone_at = $3, undone_by = $4 where member_id = $1 and merge_id = $2',
);

export async function recordUndone(tx: Tx, merge: MergeRecord, undo: { at: Instant; by: string }): Promise<void> {
  await tx.run(markUndone, [merge.survivorId, merge.mergeId, undo.at, undo.by]);
}

const forget = statement<never>(
  'members.forget_mementos',
  "update members.merge set memento = '{}', reason = null where member_id = $1",
);

/** Mementos may hold what is being erased; an erased member is never unmerged. */
export async function forgetMementos(tx: Tx, memberId: MemberId): Promise<void> {
  await tx.run(forget, [memberId]);
}
