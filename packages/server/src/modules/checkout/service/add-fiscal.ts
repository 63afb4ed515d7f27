import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { FiscalRequisites } from '../domain/fiscal.ts';
import { findFiscalOwner, type ReceiptReference, saveFiscal } from '../store/fiscal-keys.ts';
import { findKeys } from '../store/receipt-keys.ts';
import type { CheckoutDeps } from './deps.ts';
import { loadRecord } from './load-record.ts';
import { findShop, type ShopRefusal } from './read-sale.ts';
import type { SaleRecord } from './sale-command.ts';

export interface FiscalCommand {
  readonly shopCode: string;
  readonly id: string;
  readonly fiscal: readonly FiscalRequisites[];
  readonly caller: Caller;
}

export type FiscalRefusal =
  | ShopRefusal
  | { readonly code: 'receipt_unknown'; readonly field: '/id' }
  | { readonly code: 'line_unknown' | 'fiscal_taken'; readonly field: string };

/**
 * Requisites that the fiscal device gave after the sale was confirmed, or while an order is held and prepaid. All or none. One sale may have
 * several (R24); what belongs to another receipt is refused, so that a purchase counts once (R23). A repeat changes nothing.
 */
export async function addFiscal(
  deps: CheckoutDeps,
  command: FiscalCommand,
): Promise<Outcome<{ receiptId: string; fiscal: number }, FiscalRefusal>> {
  const shop = findShop(deps.catalog.snapshot(), command.shopCode, command.caller);
  if (!shop.ok) return shop;
  return inTransaction(deps.db, async (tx): Promise<Outcome<{ receiptId: string; fiscal: number }, FiscalRefusal>> => {
    const keys = await findKeys(tx, command.caller.integration, shop.value.shopId, command.id);
    const key = keys.find((one) => one.kind === 'confirm') ?? keys.find((one) => one.kind === 'hold');
    if (!key) return refused({ code: 'receipt_unknown', field: '/id' });
    const record = await loadRecord(tx, key.memberId, key.objectId);
    const line = unknownLine(record, command.fiscal);
    if (line !== null) return refused({ code: 'line_unknown', field: line });
    const { claimedBy, memberId, receiptId } = record.receipt;
    await saveFiscal(tx, { memberId: claimedBy ?? memberId, receiptId }, command.fiscal);
    const taken = await takenFiscal(tx, receiptId, command.fiscal);
    if (taken !== null) return refused({ code: 'fiscal_taken', field: `/fiscal/${taken}` });
    return done({ receiptId, fiscal: command.fiscal.length });
  });
}

function unknownLine({ lines }: SaleRecord, fiscal: readonly FiscalRequisites[]): string | null {
  const known = new Set(lines.map((line) => line.lineId));
  for (const [index, { lineIds }] of fiscal.entries()) {
    const at = lineIds?.findIndex((lineId) => !known.has(lineId)) ?? -1;
    if (at >= 0) return `/fiscal/${index}/line_ids/${at}`;
  }
  return null;
}

/** The first requisites that are another receipt's; null: all are this one's. */
export async function takenFiscal(
  tx: Tx,
  receiptId: ReceiptReference['receiptId'],
  fiscal: readonly FiscalRequisites[],
): Promise<number | null> {
  const owners = await Promise.all(fiscal.map((one) => findFiscalOwner(tx, one)));
  const taken = owners.findIndex((owner) => owner !== null && owner.receiptId !== receiptId);
  return taken < 0 ? null : taken;
}
