import type { Instant } from '#kernel/time.ts';
import { type Db, statement } from '#platform/db.ts';

const soldSince = statement<{ member_id: string }>(
  'imports.sold_since',
  'select distinct member_id from imports.till_receipt where member_id = any($1::uuid[]) and received_at >= $2',
);

/** Members who bought at a till since: a till's receipt never goes with an import. */
export async function findSoldSince(db: Db, memberIds: readonly string[], since: Instant): Promise<string[]> {
  return (await db.run(soldSince, [memberIds, since])).map((row) => row.member_id);
}
