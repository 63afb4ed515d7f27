import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { noPoints, points, sumPoints } from '#kernel/points.ts';
import { commitWith, type Tx } from '#platform/db.ts';
import {
  editHold,
  joinMovements,
  type LedgerContext,
  loadBurnedLots,
  noMovements,
  releaseHold,
  spendAnyway,
} from '#modules/ledger/index.ts';
import { type ShippedPart, shipPart, spendsOfPart } from '../domain/ship-part.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { Receipt } from '../domain/receipt.ts';
import { loadParts } from '../store/receipt-parts.ts';
import { replaceReceiptRow } from '../store/receipts.ts';
import { type AppliedSale, applySale } from './apply-sale.ts';
import { type Closing, withTerms } from './confirm-held.ts';
import type { ConfirmRefusal } from './confirm-sale.ts';
import { ledgerContext } from './ledger-context.ts';
import { balanceOf } from './new-receipt.ts';
import type { SaleRecord } from './sale-command.ts';
import { purchaseFacts } from './sale-facts.ts';
import { saveSale } from './save-sale.ts';

/**
 * One shipment of a held order (R24): a receipt of its own with the held figures in proportion. The order stays held until a part says that no
 * more will come; what was not shipped is then released.
 */
export async function confirmPart(tx: Tx, closing: Closing): Promise<Outcome<SaleRecord, ConfirmRefusal>> {
  const { deps, command, prepared, before, program, settled, key } = closing;
  if (prepared.read.content.lines === null) return refused({ code: 'lines_required', field: '/lines' });
  const earlier = await loadParts(tx, before.receipt.memberId, before.receipt.receiptId);
  const held = { lines: before.lines, earnings: before.receipt.outcome.earnings };
  const shipped = shipPart(held, earlier.shipped, prepared.read.content.lines);
  if (!shipped.ok) return shipped;
  const part = shipped.value;
  const zone = settled?.state.zone ?? prepared.read.shop.zone;
  const ledger = ledgerContext(program, {
    kind: 'receipt',
    id: key.objectId,
    at: prepared.read.at,
    now: command.now,
    zone,
    newId: deps.newId,
  });
  const isLast = !command.moreToCome || part.complete;
  const applied =
    settled &&
    (await applyPart(tx, closing, { part, ledger, state: settled.state, redeemedBefore: earlier.redeemed, isLast }));
  const receipt: Receipt = {
    ...before.receipt,
    receiptId: key.objectId,
    externalId: key.externalId,
    memberId: before.receipt.memberId,
    state: 'confirmed',
    at: prepared.read.at,
    receivedAt: command.now,
    confirmedAt: command.now,
    totals: part.totals,
    raisedTier: applied?.sale.tierChange?.direction === 'up' ? applied.sale.state.standing.tierCode : null,
    flags: [...new Set([...before.receipt.flags, 'part', ...(before.receipt.state === 'held' ? [] : ['hold_ended'])])],
    holdExpiresAt: null,
    outcome: {
      ...before.receipt.outcome,
      spends: applied?.spends ?? [],
      earnings: applied?.sale.earnings ?? [],
      uses: [],
      promised: [],
      balance: applied && balanceOf(applied.sale.state),
      tierAfter: applied?.sale.state.standing.tierCode ?? null,
      uncovered: applied?.uncovered ?? noPoints,
      partOf: before.receipt.receiptId,
    },
  };
  const change = applied?.sale.tierChange ?? null;
  const saving = saveSale(tx, {
    record: { receipt, lines: part.lines.map((line, index) => ({ ...line, lineNo: index + 1 })) },
    isNew: true,
    state: applied?.sale.state ?? null,
    movements: settled && applied ? joinMovements(settled.movements, applied.sale.movements) : noMovements,
    tiers: program.document.tiers,
    tierChanges: [...(settled?.tierChanges ?? []), ...(change === null ? [] : [change])],
    uses: [],
    usesForced: true,
    day: prepared.read.at.toZonedDateTimeISO(prepared.read.shop.zone).toPlainDate(),
    fiscal: command.fiscal,
    facts: applied ? purchaseFacts(receipt, applied.sale.state) : [],
    newId: deps.newId,
  });
  const order = isLast
    ? replaceReceiptRow(tx, { ...before.receipt, state: 'shipped', holdExpiresAt: null })
    : Promise.resolve();
  return commitWith(done({ receipt, lines: part.lines }), [saving, order]);
}

interface AppliedPart {
  readonly sale: AppliedSale;
  readonly spends: Receipt['outcome']['spends'];
  readonly uncovered: ReturnType<typeof points>;
}

async function applyPart(
  tx: Tx,
  closing: Closing,
  applying: { part: ShippedPart; ledger: LedgerContext; state: MemberState; redeemedBefore: bigint; isLast: boolean },
): Promise<AppliedPart> {
  const { before, program, prepared } = closing;
  const { part, ledger, state, isLast, redeemedBefore } = applying;
  const heldParts = before.receipt.outcome.spends;
  const stretch = spendsOfPart(heldParts, { skip: redeemedBefore, count: part.redeemed });
  const heldSum = sumPoints(heldParts.map((one) => one.points));
  const rest = isLast ? [] : spendsOfPart(heldParts, { skip: redeemedBefore + part.redeemed, count: heldSum });
  const open = state.account.holds.find((hold) => hold.holdId === before.receipt.receiptId);
  const freed =
    open === undefined
      ? { state: state.account, movements: noMovements }
      : rest.length === 0
        ? releaseHold(state.account, open.holdId, ledger)
        : editHold(state.account, { holdId: open.holdId, parts: rest, expiresAt: open.expiresAt }, ledger);
  const burned =
    part.redeemed > 0n && open === undefined ? await loadBurnedLots(tx, state.memberId, before.receipt.receivedAt) : [];
  const spent = spendAnyway(freed.state, { points: points(part.redeemed), parts: stretch, burned }, ledger);
  const earnings = part.earnings.map((earning) =>
    withTerms(earning, { program, at: prepared.read.at, zone: state.zone }),
  );
  const fact = {
    shop: prepared.read.shop,
    at: prepared.read.at,
    paid: part.totals.paid,
    redeemed: points(part.redeemed),
    earnings,
    late: prepared.arrival === 'late',
  };
  const spending = { state: spent.state, movements: joinMovements(freed.movements, spent.movements) };
  return {
    sale: applySale(state, spending, fact, { program, ledger }),
    spends: spent.spent.spends,
    uncovered: points(spent.spent.debt + spent.spent.forgiven),
  };
}
