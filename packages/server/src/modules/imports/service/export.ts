import type { Instant } from '#kernel/time.ts';
import { recordAudit } from '#modules/access/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { type ExportKind, exportRows } from '../store/export-store.ts';
import type { ImportsDeps } from './deps.ts';

export { type ExportKind, exportKinds } from '../store/export-store.ts';

/** Who took everybody's data is on record before the first byte leaves. */
export async function exportFile(
  deps: ImportsDeps,
  kind: ExportKind,
  by: { readonly caller: Caller; readonly now: Instant },
): Promise<AsyncIterable<Uint8Array>> {
  await inTransaction(deps.db, (tx) =>
    recordAudit(tx, {
      ...by,
      newId: deps.newId,
      action: 'export',
      subject: { kind: 'export', id: kind },
      before: null,
      after: null,
    }),
  );
  return exportRows(deps.db, kind);
}
