import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pgCopy from 'pg-copy-streams';
import type { Instant } from '#kernel/time.ts';
import { type Database, type Db, statement } from '#platform/db.ts';

/** One row of a file, read and on its way. An empty record marks a row with a problem: its receipt is not taken without it. */
export interface StagedLine {
  readonly rowNo: number;
  readonly groupKey: string;
  readonly memberKey: string;
  readonly at: Instant | null;
  readonly digest: string | null;
  readonly sum: bigint | null;
  readonly record: string;
}

const whose = statement<{ import_id: string; mapping_digest: string }>(
  'imports.whose_staging',
  'select import_id, mapping_digest from imports.staging',
);

/** Is what stands there this import's, read with this mapping, and complete? After a crash of PostgreSQL the tables are empty. */
export async function isStaged(db: Db, importId: string, mappingDigest: string): Promise<boolean> {
  const [row] = await db.run(whose, []);
  return row?.import_id === importId && row.mapping_digest === mappingDigest;
}

/** The scratch space for this import alone. The caller holds the installation's lock. */
export async function clearStaging(db: Database): Promise<void> {
  await db.pool.query(`truncate imports.staging, imports.staged_line, imports.staged_group, imports.staged_member;
    drop index if exists imports.staged_line_group; drop index if exists imports.staged_line_row; drop index if exists imports.staged_group_no`);
}

export async function copyLines(db: Database, lines: AsyncIterable<readonly StagedLine[]>): Promise<void> {
  const client = await db.pool.connect();
  try {
    const copy = client.query(
      pgCopy.from('copy imports.staged_line (row_no, group_key, member_key, at, digest, sum, record) from stdin'),
    );
    await pipeline(Readable.from(textOf(lines)), copy);
    client.release();
  } catch (error) {
    // In the middle of a COPY: of no use any more.
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

async function* textOf(pieces: AsyncIterable<readonly StagedLine[]>): AsyncGenerator<string> {
  for await (const lines of pieces) {
    let text = '';
    for (const line of lines) {
      const { digest, sum } = line;
      text += `${line.rowNo}\t${escaped(line.groupKey)}\t${escaped(line.memberKey)}\t${line.at?.toString() ?? '\\N'}\t${digest ?? '\\N'}\t${sum ?? '\\N'}\t${escaped(line.record)}\n`;
    }
    if (text !== '') yield text;
  }
}

function escaped(text: string): string {
  if (!/[\\\t\n\r]/.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

/** Drops exact repetitions of earlier rows; answers how many. */
export async function dropRepetitions(db: Database): Promise<number> {
  const result = await db.pool.query(
    `delete from imports.staged_line line using (
       select row_no, row_number() over (partition by digest order by row_no) as place from imports.staged_line where digest is not null
     ) repeated where repeated.row_no = line.row_no and repeated.place > 1`,
  );
  return result.rowCount ?? 0;
}

/** Rows that name a member who is not there become problems; of receipts, the row's record is emptied, so that the whole receipt goes. */
export async function dropUnknownMembers(db: Database, importId: string, keepMarks: boolean): Promise<void> {
  const unknown = `from imports.staged_member member where member.member_key = line.member_key and member.member_id is null and line.record <> ''`;
  await db.pool.query(
    `insert into imports.problem (import_id, row_no, code, field, detail)
     select $1, line.row_no, 'member_unknown', 'member', 'no such member' from imports.staged_line line where exists (select ${unknown})
     on conflict (import_id, row_no) do nothing`,
    [importId],
  );
  await db.pool.query(
    keepMarks
      ? `update imports.staged_line line set record = '' ${unknown}`
      : `delete from imports.staged_line line using imports.staged_member member
         where member.member_key = line.member_key and member.member_id is null`,
  );
}

export async function indexLines(db: Database, by: 'group' | 'row'): Promise<void> {
  const columns = by === 'group' ? 'group_key, row_no' : 'row_no';
  await db.pool.query(
    `create index staged_line_${by} on imports.staged_line (${columns}); analyze imports.staged_line`,
  );
}

/**
 * A receipt is imported whole or not at all: rows whose receipt has a bad row, two members or too many lines become problems themselves. What is left is
 * sorted by time, on disk where it does not fit into memory.
 */
export async function groupLines(db: Database, importId: string, linesMax: number): Promise<void> {
  const bad = `select group_key, case
      when bool_or(record = '') then 'receipt_has_problem' when min(member_key) <> max(member_key) then 'receipt_of_two_members'
      when count(*) > ${linesMax} then 'too_many_lines' end as code
    from imports.staged_line group by group_key`;
  await db.pool.query(
    `insert into imports.problem (import_id, row_no, code, field, detail)
     select $1, line.row_no, bad.code, 'receipt_id', 'the whole receipt is left out'
     from imports.staged_line line join (${bad}) bad using (group_key) where bad.code is not null and line.record <> ''
     on conflict (import_id, row_no) do nothing`,
    [importId],
  );
  await db.pool.query(
    `delete from imports.staged_line line using (${bad}) bad where bad.code is not null and bad.group_key = line.group_key`,
  );
  await db.pool.query(
    `insert into imports.staged_group (group_no, group_key, member_key, at, lines, sum)
     select row_number() over (order by min(at), min(row_no)), group_key, min(member_key), min(at), count(*), sum(sum)
     from imports.staged_line group by group_key`,
  );
  await db.pool.query(
    'create unique index staged_group_no on imports.staged_group (group_no); analyze imports.staged_group',
  );
}

export async function collectMembers(db: Database): Promise<void> {
  await db.pool.query(
    `insert into imports.staged_member (member_key, first_at)
     select member_key, min(at) from imports.staged_line where member_key <> '' group by member_key`,
  );
  await db.pool.query('analyze imports.staged_member');
}

const markStaged = statement<never>(
  'imports.mark_staged',
  'insert into imports.staging (import_id, mapping_digest) values ($1, $2)',
);

/** Last: only what is complete is marked. */
export async function finishStaging(db: Db, importId: string, mappingDigest: string): Promise<void> {
  await db.run(markStaged, [importId, mappingDigest]);
}
