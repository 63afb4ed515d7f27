import type { Temporal } from 'temporal-polyfill';
import { builder, type Db, statement, type Tx } from '#platform/db.ts';
import type { NewVersion, ProgramVersion, StoredVersion } from '../domain/version.ts';

export interface VersionTables {
  'program.version': VersionRow;
}

interface VersionRow {
  number: number;
  document: unknown;
  comment: string;
  author_kind: string;
  author_id: string;
  author_name: string;
  published_at: Temporal.Instant;
  restored_from: number | null;
}

const head = ['number', 'comment', 'author_kind', 'author_id', 'author_name', 'published_at', 'restored_from'] as const;

function versionOf(row: Omit<VersionRow, 'document'>): ProgramVersion {
  return {
    number: row.number,
    comment: row.comment,
    author: { kind: row.author_kind, id: row.author_id, name: row.author_name },
    publishedAt: row.published_at,
    restoredFrom: row.restored_from,
  };
}

const latest = statement<{ number: number | null }>(
  'program.latest_number',
  'select max(number) as number from program.version',
);

/** 0: nothing was published yet. Asked by every poll. */
export async function latestNumber(db: Db): Promise<number> {
  const [row] = await db.run(latest, []);
  return row?.number ?? 0;
}

/** Versions after a number, ascending, with their documents. */
export async function versionsAfter(db: Db, number: number): Promise<StoredVersion[]> {
  const rows = await builder<VersionTables>(db)
    .selectFrom('program.version')
    .select([...head, 'document'])
    .where('number', '>', number)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({ ...versionOf(row), json: row.document }));
}

export async function listVersions(
  db: Db,
  page: { beforeNumber: number | null; limit: number },
): Promise<ProgramVersion[]> {
  let query = builder<VersionTables>(db)
    .selectFrom('program.version')
    .select(head)
    .orderBy('number', 'desc')
    .limit(page.limit);
  if (page.beforeNumber !== null) query = query.where('number', '<', page.beforeNumber);
  return (await query.execute()).map(versionOf);
}

export async function findVersion(db: Db, number: number): Promise<StoredVersion | null> {
  const row = await builder<VersionTables>(db)
    .selectFrom('program.version')
    .select([...head, 'document'])
    .where('number', '=', number)
    .executeTakeFirst();
  return row ? { ...versionOf(row), json: row.document } : null;
}

const lock = statement<never>('program.lock_versions', 'lock table program.version in share row exclusive mode');

/** Two who publish at once take their numbers one after the other. */
export async function lockVersions(tx: Tx): Promise<void> {
  await tx.run(lock, []);
}

export async function insertVersion(tx: Tx, version: NewVersion): Promise<void> {
  await builder<VersionTables>(tx)
    .insertInto('program.version')
    .values({
      number: version.number,
      document: version.document,
      comment: version.comment,
      author_kind: version.author.kind,
      author_id: version.author.id,
      author_name: version.author.name,
      published_at: version.publishedAt,
      restored_from: version.restoredFrom,
    })
    .execute();
}
