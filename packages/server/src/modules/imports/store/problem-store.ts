import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';

/** A row that was not taken, and why. */
export interface StoredProblem {
  readonly rowNo: number;
  readonly code: string;
  readonly field: string;
  readonly detail: string;
}

interface ProblemRow {
  row_no: bigint;
  code: string;
  field: string;
  detail: string;
}

const insertMany = rowsStatement('imports.insert_problem', {
  head: 'insert into imports.problem (import_id, row_no, code, field, detail)',
  columns: 5,
  tail: 'on conflict (import_id, row_no) do nothing',
});
const clear = statement<never>('imports.clear_problems', 'delete from imports.problem where import_id = $1');
const page = statement<ProblemRow>(
  'imports.page_problems',
  'select row_no, code, field, detail from imports.problem where import_id = $1 and row_no > $2 order by row_no limit $3',
);
const byCode = statement<{ code: string; count: bigint; first_rows: bigint[]; detail: string }>(
  'imports.problems_by_code',
  `select code, count(*) as count, (array_agg(row_no order by row_no))[1:5] as first_rows, (array_agg(field || ': ' || detail order by row_no))[1] as detail
   from imports.problem where import_id = $1 group by code order by count(*) desc, code`,
);

export async function saveProblems(tx: Tx, importId: string, problems: readonly StoredProblem[]): Promise<void> {
  const rows = problems.map((one) => [importId, one.rowNo, one.code, one.field, one.detail]);
  await insertRows(tx, insertMany, rows);
}

export async function clearProblems(db: Db, importId: string): Promise<void> {
  await db.run(clear, [importId]);
}

export async function pageProblems(db: Db, importId: string, after: number, limit: number): Promise<StoredProblem[]> {
  const rows = await db.run(page, [importId, after, limit]);
  return rows.map(({ row_no: rowNo, ...rest }) => ({ ...rest, rowNo: Number(rowNo) }));
}

export interface ProblemGroup {
  readonly code: string;
  readonly count: number;
  readonly firstRows: readonly number[];
  readonly example: string;
}

export async function countProblems(db: Db, importId: string): Promise<ProblemGroup[]> {
  return (await db.run(byCode, [importId])).map((row) => ({
    code: row.code,
    count: Number(row.count),
    firstRows: row.first_rows.map(Number),
    example: row.detail,
  }));
}
