import { money } from '#kernel/money.ts';
import type { ShopView } from '#modules/catalog/index.ts';
import type { CompiledProgram } from '#modules/program/index.ts';
import type { MemberState } from '../domain/member-state.ts';
import { planReturn, type ReturnWish } from '../domain/plan-return.ts';
import type { ReceiptLine } from '../domain/receipt.ts';
import { undoneBetween, wholeUnits } from '../domain/return-units.ts';
import { cartLines } from '../domain/sale-lines.ts';
import type { CheckoutDeps } from './deps.ts';
import { quoteSale } from './quote-sale.ts';
import type { SaleRecord } from './sale-command.ts';

export interface LookingAt {
  readonly record: SaleRecord;
  readonly wish: ReturnWish;
  readonly program: CompiledProgram;
  readonly shop: ShopView;
  readonly state: MemberState | null;
}

/**
 * R22's setting "all once the condition fails": the promotions whose gains of the whole receipt would not have been given for what remains. What
 * remains is quoted as it was then. null: the program takes them back in proportion.
 */
export async function failedGains(deps: CheckoutDeps, looking: LookingAt): Promise<ReadonlySet<string> | null> {
  const { record, program, wish, shop, state } = looking;
  const gains = record.receipt.outcome.earnings
    .filter((earning) => earning.wholeReceipt && earning.undone !== true)
    .map((earning) => earning.rule);
  if (program.document.returns.receipt_gains !== 'all' || gains.length === 0) return null;
  const plan = planReturn(record.receipt, record.lines, wish);
  if (!plan.ok) return null;
  const left = record.lines.flatMap((line) =>
    remaining(line, plan.value.lines.find((one) => one.lineNo === line.lineNo)?.after ?? line.returnedUnits),
  );
  if (left.length === 0) return new Set(gains);
  const catalog = deps.catalog.snapshot();
  const { receipt } = record;
  const quote = quoteSale({ shop, at: receipt.at, lines: cartLines(left, (sku) => catalog.productBySku(sku)) }, state, {
    program,
    now: receipt.at,
    codes: [],
    budgets: new Map(),
    exhausted: new Set(),
    redeem: { kind: 'none' },
  });
  const still = new Set(quote.earnings.map((earning) => earning.rule));
  return new Set(gains.filter((rule) => !still.has(rule)));
}

function remaining(line: ReceiptLine, returnedUnits: bigint): ReceiptLine[] {
  const whole = wholeUnits(line);
  const left = (total: bigint) => undoneBetween(total, { before: returnedUnits, after: whole, whole });
  const quantity = left(line.quantity);
  return quantity === 0n
    ? []
    : [{ ...line, quantity, shelfSum: money(left(line.shelfSum)), tillDiscount: money(left(line.tillDiscount)) }];
}
