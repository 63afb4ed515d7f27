import { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { familyOf } from '#modules/members/index.ts';
import type { Receipt } from '../domain/receipt.ts';
import { listMemberReceipts, listWaiting } from '../store/receipts.ts';
import type { CheckoutDeps } from './deps.ts';

/** Where a page ended; null: the beginning. */
export interface ReceiptPlace {
  readonly at: Instant;
  readonly receiptId: string;
}

export interface ReceiptPage {
  readonly receipts: readonly Receipt[];
  readonly next: ReceiptPlace | null;
}

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const firstId = '00000000-0000-0000-0000-000000000000';
const never = Temporal.Instant.from('9999-12-31T00:00:00Z');
const long = Temporal.Instant.from('0001-01-01T00:00:00Z');

/** Newest first, over the member and everyone merged into it (R32). */
export async function listReceiptsOf(
  deps: Pick<CheckoutDeps, 'db'>,
  memberId: string,
  page: { after: ReceiptPlace | null; limit: number },
): Promise<Outcome<ReceiptPage, { readonly code: 'member_unknown' }>> {
  const family = await familyOf(deps.db, memberId);
  if (family.length === 0) return refused({ code: 'member_unknown' });
  const before = page.after ?? { at: never, receiptId: lastId };
  const found = await listMemberReceipts(deps.db, family, {
    before: before.at,
    beforeId: before.receiptId,
    limit: page.limit + 1,
  });
  return done(pageOf(found, page.limit, (receipt) => receipt.at));
}

/** Receipts that wait for a person to decide (R21), the longest waiting first. */
export async function listWaitingReceipts(
  deps: Pick<CheckoutDeps, 'db'>,
  page: { after: ReceiptPlace | null; limit: number },
): Promise<ReceiptPage> {
  const after = page.after ?? { at: long, receiptId: firstId };
  const found = await listWaiting(deps.db, { after: after.at, afterId: after.receiptId, limit: page.limit + 1 });
  return pageOf(found, page.limit, (receipt) => receipt.receivedAt);
}

function pageOf(found: readonly Receipt[], limit: number, placeOf: (receipt: Receipt) => Instant): ReceiptPage {
  const receipts = found.slice(0, limit);
  const last = receipts.at(-1);
  const more = found.length > limit && last !== undefined;
  return { receipts, next: more ? { at: placeOf(last), receiptId: last.receiptId } : null };
}
