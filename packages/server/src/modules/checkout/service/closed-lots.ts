import type { Tx } from '#platform/db.ts';
import { loadLots, loadLotsOfCause, type Lot, type LotHistory } from '#modules/ledger/index.ts';
import { loadTierRaise, type TierRaise } from '#modules/tiers/index.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { Receipt } from '../domain/receipt.ts';

export interface LotsOfReceipt {
  /** Lots the receipt earned, the spent and burned ones too. */
  readonly earned: readonly LotHistory[];
  /** Lots it redeemed from that are closed by now. */
  readonly spent: readonly Lot[];
  readonly raise: TierRaise | null;
}

/** What a return has to know of lots that the account no longer carries (R22). */
export async function loadClosedLots(tx: Tx, receipt: Receipt, state: MemberState): Promise<LotsOfReceipt> {
  const open = new Set(state.account.lots.map((lot) => lot.lotId));
  const closed = receipt.outcome.spends.map((part) => part.lotId).filter((lotId) => !open.has(lotId));
  const earnedRead =
    receipt.outcome.earnings.length === 0
      ? Promise.resolve([])
      : loadLotsOfCause(tx, receipt.memberId, 'receipt', receipt.receiptId);
  const spentRead = closed.length === 0 ? Promise.resolve([]) : loadLots(tx, receipt.memberId, closed);
  const raiseRead =
    receipt.raisedTier === null ? Promise.resolve(null) : loadTierRaise(tx, state.memberId, receipt.receiptId);
  const [earned, spent, raise] = await Promise.all([earnedRead, spentRead, raiseRead]);
  return { earned, spent, raise };
}
