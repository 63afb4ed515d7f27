import pgCopy from 'pg-copy-streams';
import type { Database } from '#platform/db.ts';

export const exportKinds = ['members', 'receipts', 'entries'] as const;
export type ExportKind = (typeof exportKinds)[number];

const views = { members: 'member_file', receipts: 'receipt_file', entries: 'entry_file' } as const;

/** As CSV with a header, straight from PostgreSQL: in constant memory whatever the size. */
export async function* exportRows(db: Database, kind: ExportKind): AsyncGenerator<Uint8Array> {
  const client = await db.pool.connect();
  let isWhole = false;
  try {
    const copy = client.query(
      pgCopy.to(`copy (select * from imports.${views[kind]}) to stdout with (format csv, header)`),
    );
    for await (const chunk of copy) yield chunk as Uint8Array;
    isWhole = true;
  } finally {
    // Whoever stops listening in the middle leaves a connection that is still sending.
    client.release(isWhole ? undefined : true);
  }
}
