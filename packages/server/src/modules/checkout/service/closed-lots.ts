import { type Lot, type LotHistory, loadLots, loadLotsOfCause, withMovements } from '#modules/ledger/index.ts';
import { familyOf } from '#modules/members/index.ts';
import { loadTierRaise, type TierRaise } from '#modules/tiers/index.ts';
import type { Tx } from '#platform/db.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { SettledState } from './settle-state.ts';

export interface LotsOfReceipt {
  /** Lots the receipt earned, the spent and burned ones too. */
  readonly earned: readonly LotHistory[];
  /** Lots it redeemed from that are closed by now. */
  readonly spent: readonly Lot[];
  readonly raise: TierRaise | null;
}

/** What a return has to know of lots that the account no longer carries (R22). */
export async function loadClosedLots(
  tx: Tx,
  receipt: Receipt,
  { state, movements }: Pick<SettledState, 'state' | 'movements'>,
): Promise<LotsOfReceipt> {
  const open = new Set(state.account.lots.map((lot) => lot.lotId));
  const closed = receipt.outcome.spends.map((part) => part.lotId).filter((lotId) => !open.has(lotId));
  const family = await familyOfReceipt(tx, receipt, state);
  const earnedReads = family.map((memberId) =>
    receipt.outcome.earnings.length === 0
      ? Promise.resolve([])
      : loadLotsOfCause(tx, memberId, 'receipt', receipt.receiptId),
  );
  const spentReads = family.map((memberId) =>
    closed.length === 0 ? Promise.resolve([]) : loadLots(tx, memberId, closed),
  );
  const raiseReads = family.map((memberId) =>
    receipt.raisedTier === null ? Promise.resolve(null) : loadTierRaise(tx, memberId, receipt.receiptId),
  );
  const [earned, spent, raises] = await Promise.all([
    Promise.all(earnedReads),
    Promise.all(spentReads),
    Promise.all(raiseReads),
  ]);
  // Settling may have burned some of them in memory just now: the database does not know of it yet.
  const asSettled = (histories: readonly LotHistory[]): LotHistory[] => {
    const loaded = new Set(histories.map(({ lot }) => lot.lotId));
    return withMovements(histories, movements).filter(({ lot }) => loaded.has(lot.lotId));
  };
  return {
    earned: asSettled(earned.flat()),
    // By member and id: a lot that moved in a merge has a twin of the same id with either of the two (R32).
    spent: spent
      .flat()
      .map(
        (lot) =>
          movements.changedLots.find((moved) => moved.lotId === lot.lotId && moved.memberId === lot.memberId) ?? lot,
      ),
    raise: raises.find((raise) => raise !== null) ?? null,
  };
}

/** Whose rows may tell of the receipt: its member's, and after a merge everyone's of the family, for lots have moved (R32). */
export function familyOfReceipt(
  tx: Tx,
  receipt: Pick<Receipt, 'memberId'>,
  state: Pick<MemberState, 'memberId'>,
): Promise<readonly string[]> {
  return receipt.memberId === state.memberId ? Promise.resolve([state.memberId]) : familyOf(tx, state.memberId);
}
