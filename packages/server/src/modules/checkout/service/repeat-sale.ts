import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Tx } from '#platform/db.ts';
import { findKeys, type ReceiptKey } from '../store/receipt-keys.ts';
import { sameDigest } from './digest.ts';
import { loadRecord } from './load-record.ts';
import type { SaleRecord } from './sale-command.ts';

export interface OtherContent {
  readonly code: 'other_content';
  readonly field: '/id';
}

/** R20: the same meaning answers the same, another one under the same id is refused. */
export async function repeatOf(
  tx: Tx,
  key: ReceiptKey,
  digest: Uint8Array,
): Promise<Outcome<SaleRecord, OtherContent>> {
  if (!sameDigest(key.digest, digest)) return refused({ code: 'other_content', field: '/id' });
  return done(await loadRecord(tx, key.memberId, key.objectId));
}

/** The same request came twice at once: this one waited for the other to end. */
export async function repeatOfParallel(
  tx: Tx,
  wanted: ReceiptKey,
): Promise<Outcome<SaleRecord, OtherContent | { readonly code: 'already_confirmed' }>> {
  const keys = await findKeys(tx, wanted.integration, wanted.shopId, wanted.externalId);
  const taken = keys.find((key) => key.kind === wanted.kind);
  return taken ? repeatOf(tx, taken, wanted.digest) : refused({ code: 'already_confirmed' });
}
