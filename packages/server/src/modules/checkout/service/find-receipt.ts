import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { ReceiptReturn } from '../domain/return.ts';
import { findKeys } from '../store/receipt-keys.ts';
import { loadReturnsOfReceipt } from '../store/returns.ts';
import type { CheckoutDeps } from './deps.ts';
import { loadRecord } from './load-record.ts';
import { findShop } from './read-sale.ts';
import type { SaleRecord } from './sale-command.ts';

export type FindRefusal =
  | { readonly code: 'shop_unknown' | 'shop_not_allowed'; readonly field: string }
  | { readonly code: 'receipt_unknown'; readonly field: '/id' };

/** A receipt as its POS knows it: by shop and number. Claimed ones are answered as their member's. */
export async function findReceipt(
  deps: CheckoutDeps,
  asked: { shopCode: string; id: string; caller: Caller },
): Promise<Outcome<{ record: SaleRecord; returns: readonly ReceiptReturn[] }, FindRefusal>> {
  const shop = findShop(deps.catalog.snapshot(), asked.shopCode, asked.caller);
  if (!shop.ok) return shop;
  const keys = await findKeys(deps.db, asked.caller.integration, shop.value.shopId, asked.id);
  const key = keys.find((one) => one.kind === 'confirm') ?? keys.find((one) => one.kind === 'hold');
  if (!key) return refused({ code: 'receipt_unknown', field: '/id' });
  const record = await loadRecord(deps.db, key.memberId, key.objectId);
  const owner = record.receipt.claimedBy;
  const current = owner === null ? record : await loadRecord(deps.db, owner, key.objectId);
  return done({
    record: current,
    returns: await loadReturnsOfReceipt(deps.db, current.receipt.memberId, key.objectId),
  });
}
