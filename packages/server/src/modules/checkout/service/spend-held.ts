import { noPoints, type Points, points } from '#kernel/points.ts';
import { earlier } from '#kernel/time.ts';
import {
  joinMovements,
  type LedgerContext,
  loadBurnedLots,
  noMovements,
  releaseHold,
  spendAnyway,
  spendFromHold,
  withMovements,
} from '#modules/ledger/index.ts';
import type { LotSpend } from '#modules/program/index.ts';
import type { Tx } from '#platform/db.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { Receipt } from '../domain/receipt.ts';
import { spendsOfPart } from '../domain/ship-part.ts';
import type { SettledState } from './settle-state.ts';
import type { Spending } from './spend-quoted.ts';

export interface HeldSpending {
  /** The held sale. */
  readonly receipt: Receipt;
  readonly points: Points;
  /** The lots that were held for it. */
  readonly parts: readonly LotSpend[];
  readonly settled: SettledState;
  /** More parts of the order will follow: the rest stays held (R24). */
  readonly keepRest?: boolean;
}

/**
 * Spends what a sale held (R18, R19): from the open hold whatever the lots' dates; when it ended, those lots, also what burned of them since; then
 * other points; then a debt.
 */
export async function spendHeld(tx: Tx, held: HeldSpending, context: LedgerContext): Promise<Spending> {
  const { receipt, settled } = held;
  const { account } = settled.state;
  const wanted = spendsOfPart(held.parts, { skip: 0n, count: held.points });
  const open = account.holds.find((hold) => hold.holdId === receipt.receiptId);
  if (open) {
    const spent = spendFromHold(account, { holdId: open.holdId, parts: wanted }, context);
    const rest = held.keepRest === true ? nothing(spent.state) : releaseHold(spent.state, open.holdId, context);
    const movements = joinMovements(spent.movements, rest.movements);
    return { state: rest.state, movements, spends: wanted, uncovered: noPoints, revived: noPoints };
  }
  if (held.points === noPoints) return { ...nothing(account), spends: [], uncovered: noPoints, revived: noPoints };
  const saved = await loadBurnedLots(tx, settled.state.memberId, receipt.receivedAt);
  const burned = withMovements(saved, settled.movements);
  // Its own time, when the till says it; else when it was held.
  const heldAt = earlier(receipt.receivedAt, context.at ?? context.now) ?? receipt.receivedAt;
  const { state, movements, spent } = spendAnyway(
    account,
    { points: held.points, parts: wanted, burned, heldAt },
    context,
  );
  return { state, movements, spends: spent.spends, uncovered: points(spent.debt + spent.forgiven), revived: noPoints };
}

function nothing(state: MemberState['account']) {
  return { state, movements: noMovements };
}
