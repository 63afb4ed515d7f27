import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { FileImport } from '../domain/import.ts';
import { pageProblems, type StoredProblem } from '../store/problem-store.ts';
import type { ImportsDeps } from './deps.ts';
import { type NotFound, readImport } from './imports.ts';

const pageSize = 1_000;

/**
 * The rows that were not taken, as they stand in the file, with why in three columns at the end. Corrected, it is a file for the same mapping. The rows
 * are read from the file again, side by side with their numbers: they are kept nowhere else.
 */
export async function problemFile(
  deps: ImportsDeps,
  importId: string,
): Promise<Outcome<AsyncGenerator<Uint8Array>, NotFound | { readonly code: 'file_missing' }>> {
  const one = await readImport(deps, importId);
  if (!one.ok) return one;
  if (one.value.filePath === null) return refused({ code: 'file_missing' });
  return done(linesOf(deps, one.value, one.value.filePath));
}

async function* linesOf(deps: ImportsDeps, one: FileImport, path: string): AsyncGenerator<Uint8Array> {
  const { format } = one.mapping;
  const file = deps.files.open(path, format);
  const writer = deps.files.writer(format);
  const header = await file.header();
  // A file without a header keeps the lines that were skipped before its first row, so that the same mapping fits.
  for (let line = 0; line < format.skip_lines; line += 1) yield writer.line(['-']);
  if (header !== null) yield writer.line([...header, 'kopilka_row', 'kopilka_problem', 'kopilka_detail']);
  const problems = problemsOf(deps, one.importId);
  let next = await problems.next();
  for await (const rows of file.rows()) {
    for (const row of rows) {
      if (next.done === true) return;
      if (row.rowNo < next.value.rowNo) continue;
      const { rowNo, code, field, detail } = next.value;
      yield writer.line([...row.cells, String(rowNo), code, detail === '' ? field : `${field}: ${detail}`]);
      next = await problems.next();
    }
  }
}

async function* problemsOf(deps: ImportsDeps, importId: string): AsyncGenerator<StoredProblem, undefined> {
  let after = 0;
  for (;;) {
    const page = await pageProblems(deps.db, importId, after, pageSize);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return undefined;
    after = last.rowNo;
  }
}
