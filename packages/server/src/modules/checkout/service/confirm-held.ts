import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { noPoints } from '#kernel/points.ts';
import { joinMovements, type LedgerContext, noMovements } from '#modules/ledger/index.ts';
import { all, commitWith, type Tx } from '#platform/db.ts';
import { needsOf } from '../domain/program-needs.ts';
import type { Receipt } from '../domain/receipt.ts';
import { leftOf } from '../domain/ship-part.ts';
import { lockReceipt } from '../store/claims.ts';
import { pointKey, type ReceiptKey, takeKey } from '../store/receipt-keys.ts';
import { loadParts, noParts } from '../store/receipt-parts.ts';
import { type AppliedSale, applySale } from './apply-sale.ts';
import { type Closing, type ConfirmingHeld, hasEnded } from './closing.ts';
import { confirmPart } from './confirm-part.ts';
import type { ConfirmRefusal } from './confirm-sale.ts';
import { type Final, finalOf } from './final-figures.ts';
import { ledgerContext } from './ledger-context.ts';
import { lockMemberState } from './load-member.ts';
import { loadRecord } from './load-record.ts';
import { balanceOf } from './new-receipt.ts';
import { issueNextCodes } from './next-codes.ts';
import { repeatOfParallel } from './repeat-sale.ts';
import type { SaleRecord } from './sale-command.ts';
import { purchaseFacts } from './sale-facts.ts';
import { saveSale } from './save-sale.ts';
import { type SettledState, settleState } from './settle-state.ts';
import { spendHeld } from './spend-held.ts';
import { renewed, type Spending } from './spend-quoted.ts';

/**
 * A held sale was paid: a fact (R19). It spends the lots it held whatever their dates, under the version it was held with; after a time-out
 * or a cancel those lots as far as they are free, other points, a debt, and the receipt is flagged.
 */
export async function confirmHeld(tx: Tx, confirming: ConfirmingHeld): Promise<Outcome<SaleRecord, ConfirmRefusal>> {
  const { deps, command, prepared, held } = confirming;
  const first = await loadRecord(tx, held.memberId, held.objectId);
  const program = deps.program.version(first.receipt.programVersion);
  const key: ReceiptKey = {
    ...held,
    externalId: command.partId ?? command.id,
    kind: 'confirm',
    objectId: command.partId === null ? held.objectId : deps.newId(),
    digest: confirming.digest,
  };
  const taking = takeKey(tx, key);
  const loading = first.receipt.hasMember
    ? lockMemberState(tx, deps, held.memberId, { program, sale: prepared.read, now: command.now, account: true })
    : lockReceipt(tx, first.receipt).then(() => done(null));
  await all([taking, loading]);
  if (!(await taking)) return repeatOfParallel(tx, key);
  const state = await loading;
  if (!state.ok) return state;
  // Read again under the lock: an edit, a cancel or the time-out may have come first.
  const before = await loadRecord(tx, held.memberId, held.objectId);
  if (before.receipt.state === 'cancelled' && !command.paid) return refused({ code: 'already_cancelled' });
  if (before.receipt.state === 'confirmed') return refused({ code: 'already_confirmed' });
  const settled = state.value && settleState(state.value, program, { now: command.now, newId: deps.newId });
  const earlier =
    before.receipt.isOrder || command.partId !== null
      ? await loadParts(tx, before.receipt.memberId, before.receipt.receiptId)
      : noParts;
  const closing: Closing = { ...confirming, before, program, settled, key, earlier };
  if (command.partId !== null) return confirmPart(tx, closing);
  if (earlier.shipped.size === 0) return confirmWhole(tx, closing);
  if (leftOf(before.lines, earlier.shipped).length === 0) return refused({ code: 'already_confirmed' });
  // Some of it went already: what is confirmed without a name of its own is the rest (R24).
  const restKey = { ...key, objectId: deps.newId() };
  await pointKey(tx, restKey);
  return confirmPart(tx, { ...closing, key: restKey });
}

async function confirmWhole(tx: Tx, closing: Closing): Promise<Outcome<SaleRecord, ConfirmRefusal>> {
  const { deps, command, prepared, before, program, settled } = closing;
  const final = await finalOf(tx, closing);
  const zone = settled?.state.zone ?? prepared.read.shop.zone;
  const ledger = ledgerContext(program, {
    kind: 'receipt',
    id: before.receipt.receiptId,
    at: prepared.read.at,
    now: command.now,
    zone,
    newId: deps.newId,
  });
  const applied = settled && (await applyHeld(tx, closing, { final, ledger, settled }));
  const nextCodes = await issueNextCodes(tx, deps, final, {
    memberId: settled?.state.memberId ?? null,
    receiptId: before.receipt.receiptId,
    at: prepared.read.at,
    now: command.now,
    zone,
  });
  const flags = [
    ...final.flags,
    ...(hasEnded(before.receipt, command.now) ? ['hold_ended'] : []),
    ...(applied && applied.spent.uncovered > 0n ? ['redeemed_on_credit'] : []),
    ...(applied && applied.spent.revived > 0n ? ['burn_undone'] : []),
  ];
  const receipt: Receipt = {
    ...before.receipt,
    state: 'confirmed',
    at: prepared.read.at,
    confirmedAt: command.now,
    totals: final.totals,
    raisedTier: applied?.sale.tierChange?.direction === 'up' ? applied.sale.state.standing.tierCode : null,
    flags: [...new Set(flags)],
    holdExpiresAt: null,
    outcome: {
      ...before.receipt.outcome,
      spends: applied?.spent.spends ?? [],
      earnings: applied?.sale.earnings ?? [],
      uses: final.uses,
      nextCodes,
      explanation: final.explanation,
      balance: applied && balanceOf(applied.sale.state),
      tierAfter: applied?.sale.state.standing.tierCode ?? null,
      uncovered: applied?.spent.uncovered ?? noPoints,
    },
  };
  const change = applied?.sale.tierChange ?? null;
  const saving = saveSale(tx, {
    record: { receipt, lines: final.lines },
    isNew: false,
    state: applied?.sale.state ?? null,
    movements: settled && applied ? joinMovements(settled.movements, applied.sale.movements) : noMovements,
    tiers: program.document.tiers,
    tierChanges: [...(settled?.tierChanges ?? []), ...(change === null ? [] : [change])],
    // A hold took its uses; one that timed out or was cancelled gave them back, and the sale stands all the same (R19).
    uses: before.receipt.state !== 'held' || final.requoted ? final.uses : [],
    usesForced: true,
    day: prepared.read.at.toZonedDateTimeISO(prepared.read.shop.zone).toPlainDate(),
    fiscal: command.fiscal,
    facts: applied ? purchaseFacts(receipt, applied.sale.state) : [],
    newId: deps.newId,
  });
  return commitWith(done({ receipt, lines: final.lines }), [saving]);
}

interface AppliedHeld {
  readonly sale: AppliedSale;
  readonly spent: Spending;
}

async function applyHeld(
  tx: Tx,
  closing: Closing,
  applying: { final: Final; ledger: LedgerContext; settled: SettledState },
): Promise<AppliedHeld> {
  const { before, prepared, program } = closing;
  const { final, ledger, settled } = applying;
  const { receipt } = before;
  const wanted = final.totals.redeemedPoints;
  const taken = await spendHeld(tx, { receipt, points: wanted, parts: receipt.outcome.spends, settled }, ledger);
  const late = prepared.arrival === 'late';
  const renewing = { renews: needsOf(program).inactivityDays, settled: settled.movements, late };
  const spent = await renewed(tx, settled.state, { spending: taken, ...renewing }, ledger);
  const fact = {
    shop: prepared.read.shop,
    at: prepared.read.at,
    paid: final.totals.paid,
    redeemed: wanted,
    earnings: final.earnings,
    late,
  };
  return { sale: applySale(settled.state, spent, fact, { program, ledger }), spent };
}
