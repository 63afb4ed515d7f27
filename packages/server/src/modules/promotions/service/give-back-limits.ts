import { all, type Tx } from '#platform/db.ts';
import { sharePartBack } from '../domain/part-back.ts';
import type { GiveBackContext, PartBack, TakenUse } from '../domain/use.ts';
import { cancelCodesIssuedBy, giveBackUseOfCode } from '../store/code-uses.ts';
import { giveBackToLimit, type Taking } from '../store/limits.ts';
import { returnPartOfUse, returnUse, takenUsesOf } from '../store/uses.ts';
import { giveBackWindowUse } from '../store/windows.ts';

/**
 * Cancel, time-out, full return, or before a hold is taken anew: everything this receipt still has taken goes back, once (R25, R26). The caller
 * holds the member's lock. One read; the writes are pipelined, counters last.
 */
export async function giveBackLimits(tx: Tx, context: GiveBackContext): Promise<void> {
  const uses = await takenUsesOf(tx, context.memberId, context.receiptId);
  const sent: Promise<unknown>[] = uses.map((use) => returnUse(tx, use, context));
  for (const use of uses) {
    if (use.windowId !== null) sent.push(giveBackWindowUse(tx, context.memberId, use.windowId));
  }
  const codes = new Set(uses.map((use) => use.codeKey).filter((key) => key !== null));
  for (const codeKey of [...codes].sort()) sent.push(giveBackUseOfCode(tx, codeKey));
  for (const use of uses) if (use.inTotal) sent.push(giveBackToLimit(tx, restOf(use)));
  await all(sent);
}

/** A return in part: money and points of the budgets come back, uses stay taken until the whole receipt is returned. */
export async function giveBackPart(tx: Tx, parts: readonly PartBack[], context: GiveBackContext): Promise<void> {
  const uses = await takenUsesOf(tx, context.memberId, context.receiptId);
  const shares = sharePartBack(uses, parts);
  const sent: Promise<unknown>[] = shares.map(({ use, discount, points }) =>
    returnPartOfUse(tx, use, { discount, points }),
  );
  for (const { use, discount, points } of shares) {
    if (use.inTotal)
      sent.push(giveBackToLimit(tx, { promotionCode: use.promotionCode, uses: 0n, points, money: discount }));
  }
  await all(sent);
}

/** Codes "for next time" that this receipt issued and nobody used (R22). Answers their keys. */
export function cancelIssuedCodes(tx: Tx, context: GiveBackContext): Promise<string[]> {
  return cancelCodesIssuedBy(tx, context.receiptId, context.at);
}

function restOf(use: TakenUse): Taking {
  const points = use.points - use.pointsReturned;
  const money = use.discount - use.discountReturned;
  return { promotionCode: use.promotionCode, uses: 1n, points, money };
}
