import { endOfMinute, type Instant, startOfMinute } from '#kernel/time.ts';
import { type Db, statement, type Tx } from '#platform/db.ts';
import type { ReceiptReference } from './fiscal-keys.ts';

// A receipt without a member has nobody's lock to wait for: its own row is the lock, for claims and for returns.
const lockStatement = statement<{ receipt_id: string }>(
  'checkout.lock_receipt',
  'select receipt_id from checkout.receipt where member_id = $1 and receipt_id = $2 for update',
);

const markStatement = statement<never>(
  'checkout.mark_claimed',
  'update checkout.receipt set claimed_by = $3, claimed_at = $4 where member_id = $1 and receipt_id = $2',
);

const byPurchase = statement<{ member_id: string; receipt_id: string }>(
  'checkout.find_by_purchase',
  `select member_id, receipt_id from checkout.receipt
   where shop_id = $1 and at >= $2 and at < $3 and paid = $4 and state = 'confirmed' order by receipt_id limit 3`,
);

export async function lockReceipt(tx: Tx, receipt: ReceiptReference): Promise<void> {
  await tx.run(lockStatement, [receipt.memberId, receipt.receiptId]);
}

export async function markClaimed(
  tx: Tx,
  original: ReceiptReference,
  claim: { readonly memberId: string; readonly at: Instant },
): Promise<void> {
  await tx.run(markStatement, [original.memberId, original.receiptId, claim.memberId, claim.at]);
}

export interface PurchaseWords {
  readonly shopId: string;
  readonly at: Instant;
  readonly sum: bigint;
}

/** Receipts of a shop that come to this sum in this minute (R23); a claimed one is found twice, as its original and as the member's copy. */
export async function findByPurchase(db: Db, { shopId, at, sum }: PurchaseWords): Promise<ReceiptReference[]> {
  const rows = await db.run(byPurchase, [shopId, startOfMinute(at), endOfMinute(at), sum]);
  return rows.map((row) => ({ memberId: row.member_id, receiptId: row.receipt_id }));
}
