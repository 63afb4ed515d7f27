import { done, refused } from '#kernel/outcome.ts';
import type { MemberPart } from '#platform/member-parts.ts';
import { readPurchases } from '../store/member-part.ts';
import { hasOpenHolds } from '../store/receipts.ts';

/**
 * Receipts of a person (R32, R34). Erasing removes nothing here: a receipt says what was bought and for how much, which the shop's books keep, and
 * its only way to a person is the member's id, whose data members erases. Fiscal requisites name a purchase and stay, or it could be claimed again.
 * Merging moves nothing either: receipts are read over the family, and whoever locks one's member comes to the survivor.
 */
export const checkoutPart: MemberPart = {
  module: 'checkout',
  tables: [
    'checkout.receipt',
    'checkout.receipt_line',
    'checkout.return',
    'checkout.receipt_key',
    'checkout.fiscal_key',
  ],
  exportData: async (db, memberIds) => ({ ...(await readPurchases(db, memberIds)) }),
  // Goods that are paid or promised: the person is asked to wait, or to give the order up.
  erase: async (tx, memberId) => ((await hasOpenHolds(tx, [memberId])) ? refused({ code: 'open_orders' }) : done(null)),
  merge: () => Promise.resolve({}),
  unmerge: () => Promise.resolve(),
};
