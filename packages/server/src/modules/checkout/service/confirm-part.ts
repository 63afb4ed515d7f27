import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { noPoints, points } from '#kernel/points.ts';
import { joinMovements, type LedgerContext, noMovements } from '#modules/ledger/index.ts';
import { commitWith, type Tx } from '#platform/db.ts';
import { needsOf } from '../domain/program-needs.ts';
import type { Receipt } from '../domain/receipt.ts';
import { leftOf, type ShippedPart, shipPart, spendsOfPart } from '../domain/ship-part.ts';
import { replaceReceiptRow } from '../store/receipts.ts';
import { type AppliedSale, applySale } from './apply-sale.ts';
import { type Closing, hasEnded } from './closing.ts';
import type { ConfirmRefusal } from './confirm-sale.ts';
import { withTerms } from './final-figures.ts';
import { ledgerContext } from './ledger-context.ts';
import { balanceOf } from './new-receipt.ts';
import { issueNextCodes } from './next-codes.ts';
import type { SaleRecord } from './sale-command.ts';
import { purchaseFacts } from './sale-facts.ts';
import { saveSale } from './save-sale.ts';
import type { SettledState } from './settle-state.ts';
import { spendHeld } from './spend-held.ts';
import { renewed, type Spending } from './spend-quoted.ts';

/**
 * One shipment of a held order (R24): a receipt of its own with the held figures in proportion. The order stays held until a part says that no
 * more will come; what was not shipped is then released.
 */
export async function confirmPart(tx: Tx, closing: Closing): Promise<Outcome<SaleRecord, ConfirmRefusal>> {
  const { deps, command, prepared, before, program, settled, key, earlier } = closing;
  const asked = prepared.read.content.lines ?? (command.partId === null ? leftOf(before.lines, earlier.shipped) : null);
  if (asked === null) return refused({ code: 'lines_required', field: '/lines' });
  const held = { lines: before.lines, earnings: before.receipt.outcome.earnings };
  const shipped = shipPart(held, earlier.shipped, asked);
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
    settled && (await applyPart(tx, closing, { part, ledger, settled, redeemedBefore: earlier.redeemed, isLast }));
  // Promised for the whole order, so they come with its last part and under its name.
  const promised = isLast ? before.receipt.outcome.promised : [];
  const nextCodes = await issueNextCodes(
    tx,
    deps,
    { nextCodes: promised },
    {
      memberId: settled?.state.memberId ?? null,
      receiptId: before.receipt.receiptId,
      at: prepared.read.at,
      now: command.now,
      zone,
    },
  );
  const receipt = partReceipt(closing, { part, applied, nextCodes });
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
    : // What ships in parts is an order, whatever the POS called it: later calls look for its parts.
      replaceReceiptRow(tx, { ...before.receipt, isOrder: true });
  return commitWith(done({ receipt, lines: part.lines }), [saving, order]);
}

function partReceipt(
  closing: Closing,
  made: { part: ShippedPart; applied: AppliedPart | null; nextCodes: Receipt['outcome']['nextCodes'] },
): Receipt {
  const { command, prepared, before, key } = closing;
  const { part, applied, nextCodes } = made;
  return {
    ...before.receipt,
    receiptId: key.objectId,
    externalId: key.externalId,
    state: 'confirmed',
    at: prepared.read.at,
    receivedAt: command.now,
    confirmedAt: command.now,
    totals: part.totals,
    raisedTier: applied?.sale.tierChange?.direction === 'up' ? applied.sale.state.standing.tierCode : null,
    flags: flagsOf(closing, applied?.spent ?? null),
    holdExpiresAt: null,
    outcome: {
      ...before.receipt.outcome,
      spends: applied?.spent.spends ?? [],
      earnings: applied?.sale.earnings ?? [],
      uses: [],
      nextCodes,
      promised: [],
      balance: applied && balanceOf(applied.sale.state),
      tierAfter: applied?.sale.state.standing.tierCode ?? null,
      uncovered: applied?.spent.uncovered ?? noPoints,
      partOf: before.receipt.receiptId,
    },
  };
}

function flagsOf({ before, command }: Closing, spent: Spending | null): string[] {
  const flags = [...before.receipt.flags, 'part'];
  if (hasEnded(before.receipt, command.now)) flags.push('hold_ended');
  if (spent !== null && spent.uncovered > 0n) flags.push('redeemed_on_credit');
  if (spent !== null && spent.revived > 0n) flags.push('burn_undone');
  return [...new Set(flags)];
}

interface AppliedPart {
  readonly sale: AppliedSale;
  readonly spent: Spending;
}

async function applyPart(
  tx: Tx,
  closing: Closing,
  applying: {
    part: ShippedPart;
    ledger: LedgerContext;
    settled: SettledState;
    redeemedBefore: bigint;
    isLast: boolean;
  },
): Promise<AppliedPart> {
  const { before, program, prepared } = closing;
  const { part, ledger, settled, isLast, redeemedBefore } = applying;
  const { receipt } = before;
  const redeemed = points(part.redeemed);
  const parts = spendsOfPart(receipt.outcome.spends, { skip: redeemedBefore, count: part.redeemed });
  const held = { receipt, points: redeemed, parts, settled, keepRest: !isLast };
  const taken = await spendHeld(tx, held, ledger);
  const late = prepared.arrival === 'late';
  const renewing = { renews: needsOf(program).inactivityDays, settled: settled.movements, late };
  const spent = await renewed(tx, settled.state, { spending: taken, ...renewing }, ledger);
  const earnings = part.earnings.map((earning) =>
    withTerms(earning, { program, at: prepared.read.at, zone: settled.state.zone }),
  );
  const fact = { shop: prepared.read.shop, at: prepared.read.at, paid: part.totals.paid, redeemed, earnings, late };
  return { sale: applySale(settled.state, spent, fact, { program, ledger }), spent };
}
