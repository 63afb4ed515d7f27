import { done, type Outcome } from '#kernel/outcome.ts';
import { rollBack } from '#platform/db.ts';
import { type ConfirmRefusal, confirmSale } from './confirm-sale.ts';
import type { CheckoutDeps } from './deps.ts';
import { type ReturnCommand, type ReturnRecord, type ReturnRefusal, returnGoods } from './return-goods.ts';
import type { ConfirmCommand, SaleRecord } from './sale-command.ts';

export interface Exchange {
  readonly returned: ReturnRecord;
  readonly sale: SaleRecord;
}

/**
 * A return and a sale in one transaction (R24). The return goes first, so that points it gives back can pay for the sale. A refusal of either
 * leaves nothing of both. Each is idempotent by its own id.
 */
export async function exchangeGoods(
  deps: CheckoutDeps,
  exchange: { returned: ReturnCommand; sale: ConfirmCommand },
): Promise<Outcome<Exchange, ReturnRefusal | ConfirmRefusal>> {
  return deps.db.inOne(async () => {
    const returned = await returnGoods(deps, exchange.returned);
    if (!returned.ok) return rollBack(returned);
    const sale = await confirmSale(deps, exchange.sale);
    return sale.ok ? done({ returned: returned.value, sale: sale.value }) : rollBack(sale);
  });
}
