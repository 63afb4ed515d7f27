import { Temporal } from 'temporal-polyfill';
import { addImportedCode } from '#modules/promotions/index.ts';
import type { FileImport } from '../domain/import.ts';
import { type MadeObject, saveMade } from '../store/made-store.ts';
import type { StoredProblem } from '../store/problem-store.ts';
import { stagedRowsAfter } from '../store/staged-rows.ts';
import { closeBatch, rowPlace } from './batch.ts';
import type { ImportsDeps } from './deps.ts';

const batchRows = 500;

/** The next rows of a file of promo codes, used ones mostly: nobody uses them a second time here. null: there are none. */
export function applyCodes(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  return deps.db.inOne(async (tx) => {
    const rows = await stagedRowsAfter(tx, rowPlace(one), batchRows);
    const last = rows.at(-1);
    if (!last) return null;
    const problems: StoredProblem[] = [];
    const made: MadeObject[] = [];
    for (const row of rows) {
      const record = JSON.parse(row.record) as {
        code: string;
        promotion: string;
        used?: boolean;
        valid_until?: string;
      };
      const added = await addImportedCode(tx, {
        text: record.code,
        promotionCode: record.promotion,
        memberId: row.memberId,
        used: record.used ?? true,
        validUntil: record.valid_until === undefined ? null : Temporal.Instant.from(record.valid_until),
        now: deps.clock.now(),
      });
      if (added.ok) made.push({ kind: 'code', objectId: added.value.codeKey, memberId: row.memberId });
      else problems.push({ rowNo: row.rowNo, ...added.refusal, detail: '' });
    }
    await saveMade(tx, one.importId, made);
    const checkpoint = { after: String(last.rowNo) };
    return closeBatch(tx, deps, one, { made: { codes: made.length }, problems, checkpoint, finished: rows.length });
  });
}
