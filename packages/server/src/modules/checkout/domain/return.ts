import type { Money } from '#kernel/money.ts';
import type { Points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { BalanceFigures } from './receipt.ts';

/** Goods that came back, as kept. */
export interface ReceiptReturn {
  readonly memberId: string;
  readonly returnId: string;
  readonly receiptId: string;
  readonly integration: string;
  readonly shopId: string;
  readonly externalId: string;
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly moneyReturned: Money;
  readonly test: boolean;
  readonly flags: readonly string[];
  readonly result: ReturnResult;
}

/** What a return came to; kept, so that a repeat answers the same (R20). */
export interface ReturnResult {
  readonly pointsGivenBack: Points;
  readonly pointsTakenBack: Points;
  readonly pointsBurnedAlready: Points;
  readonly debtMade: Points;
  readonly lines: readonly ReturnedLine[];
  readonly complete: boolean;
  readonly balance: BalanceFigures | null;
  readonly tierAfter: string | null;
}

export interface ReturnedLine {
  readonly lineId: string;
  readonly quantity: bigint;
  readonly money: Money;
  readonly pointsGivenBack: Points;
  readonly pointsTakenBack: Points;
}
