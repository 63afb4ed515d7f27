import { type Outcome, refused } from '#kernel/outcome.ts';
import type { FiscalRequisites } from '../domain/fiscal.ts';
import { addFiscal } from './add-fiscal.ts';
import type { ConfirmRefusal } from './confirm-sale.ts';
import type { CheckoutDeps } from './deps.ts';
import { holdSale } from './hold-sale.ts';
import type { ConfirmCommand, SaleRecord } from './sale-command.ts';

/** All its fiscal receipts are prepayments: the goods are not handed over yet. */
export function isPrepayment({ fiscal, partId }: Pick<ConfirmCommand, 'fiscal' | 'partId'>): boolean {
  return (
    partId === null && fiscal.length > 0 && fiscal.every(({ purpose }: FiscalRequisites) => purpose === 'prepayment')
  );
}

/**
 * R23: prepayment and settlement count once, as the settlement. A prepaid sale is an order that is held: nothing is earned, points are set aside.
 * Its settlement confirms it under the same id; one that comes under an id of its own is a sale of its own, and this order ends uncounted.
 */
export async function prepaySale(
  deps: CheckoutDeps,
  command: ConfirmCommand,
): Promise<Outcome<SaleRecord, ConfirmRefusal>> {
  if (command.content.lines === null) return refused({ code: 'lines_required', field: '/lines' });
  const { id, content, caller, now } = command;
  const held = await holdSale(deps, { id, content, caller, now, order: true });
  // `hold_unknown` is said of edits only.
  if (!held.ok) return held as Outcome<SaleRecord, ConfirmRefusal>;
  const kept = await addFiscal(deps, { shopCode: content.shopCode, id, fiscal: command.fiscal, caller });
  return kept.ok ? held : (kept as Outcome<SaleRecord, ConfirmRefusal>);
}
