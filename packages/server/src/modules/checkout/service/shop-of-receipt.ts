import type { ShopView } from '#modules/catalog/index.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { CheckoutDeps } from './deps.ts';

/** The shop of a past receipt; shops are never removed, but a snapshot of a half-restored catalog may lack one. */
export function shopOfReceipt(
  deps: Pick<CheckoutDeps, 'catalog' | 'zone'>,
  receipt: Pick<Receipt, 'shopId'>,
): ShopView {
  const { shopId } = receipt;
  const unknown = { code: '', name: '', channel: 'pos', test: false, inn: null } as const;
  return deps.catalog.snapshot().shopById(shopId) ?? { ...unknown, shopId, zone: deps.zone };
}
