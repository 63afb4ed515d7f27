import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Quote } from '#modules/program/index.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { BalanceFigures, Receipt } from '../domain/receipt.ts';
import type { PreparedSale } from './prepare-sale.ts';
import type { SaleCommand } from './sale-command.ts';

export interface ReceiptParts {
  readonly prepared: PreparedSale;
  readonly command: SaleCommand;
  readonly quote: Quote;
  readonly receiptId: string;
  readonly state: MemberState | null;
  readonly now: Instant;
}

/** What held, confirmed and waiting receipts have in common. */
export function newReceipt({
  prepared,
  command,
  quote,
  receiptId,
  state,
  now,
}: ReceiptParts): Omit<Receipt, 'state' | 'outcome'> {
  const { read, program, origin, test } = prepared;
  return {
    memberId: state?.memberId ?? receiptId,
    receiptId,
    hasMember: state !== null,
    integration: command.caller.integration,
    shopId: read.shop.shopId,
    externalId: command.id,
    isOrder: false,
    at: read.at,
    receivedAt: now,
    confirmedAt: null,
    programVersion: program.version,
    totals: quote.totals,
    returnedMoney: money(0n),
    returnedWholly: false,
    tierCode: state?.standing.tierCode ?? null,
    raisedTier: null,
    flags: [],
    origin,
    test: test || (state?.person.test ?? false),
    holdExpiresAt: null,
    claimedBy: null,
  };
}

export function balanceOf({ standing }: MemberState): BalanceFigures {
  const { available, pending, reserved, debt } = standing;
  return { available, pending, reserved, debt };
}
