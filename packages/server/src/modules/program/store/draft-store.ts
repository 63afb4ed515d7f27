import type { Temporal } from 'temporal-polyfill';
import { builder, type Db, type Tx } from '#platform/db.ts';
import type { Draft } from '../domain/version.ts';

interface DraftTables {
  'program.draft': DraftRow;
}

interface DraftRow {
  id: number;
  document: unknown;
  revision: number;
  based_on: number | null;
  author_kind: string;
  author_id: string;
  author_name: string;
  saved_at: Temporal.Instant;
}

const onlyDraft = 1;

export async function findDraft(db: Db): Promise<Draft | null> {
  const row = await builder<DraftTables>(db)
    .selectFrom('program.draft')
    .selectAll()
    .where('id', '=', onlyDraft)
    .executeTakeFirst();
  return row ? draftOf(row) : null;
}

/** The caller holds the lock of the versions: there may be no draft to lock yet. */
export async function lockDraft(tx: Tx): Promise<Draft | null> {
  const row = await builder<DraftTables>(tx)
    .selectFrom('program.draft')
    .selectAll()
    .where('id', '=', onlyDraft)
    .forUpdate()
    .executeTakeFirst();
  return row ? draftOf(row) : null;
}

function draftOf(row: DraftRow): Draft {
  return {
    document: row.document as Record<string, unknown>,
    revision: row.revision,
    basedOn: row.based_on,
    author: { kind: row.author_kind, id: row.author_id, name: row.author_name },
    savedAt: row.saved_at,
  };
}

export async function putDraft(tx: Tx, draft: Draft): Promise<void> {
  const row = {
    document: draft.document,
    revision: draft.revision,
    based_on: draft.basedOn,
    author_kind: draft.author.kind,
    author_id: draft.author.id,
    author_name: draft.author.name,
    saved_at: draft.savedAt,
  };
  await builder<DraftTables>(tx)
    .insertInto('program.draft')
    .values({ id: onlyDraft, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

export async function removeDraft(tx: Tx): Promise<void> {
  await builder<DraftTables>(tx).deleteFrom('program.draft').where('id', '=', onlyDraft).execute();
}
