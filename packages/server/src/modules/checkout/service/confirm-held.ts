import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { leastPoints, noPoints, type Points, points, sumPoints } from '#kernel/points.ts';
import { isAtOrBefore } from '#kernel/time.ts';
import { commitWith, type Tx } from '#platform/db.ts';
import {
  confirmHold,
  joinMovements,
  type LedgerContext,
  loadBurnedLots,
  noMovements,
  spendAnyway,
} from '#modules/ledger/index.ts';
import { type CompiledProgram, type Earning, earningTerms, type Quote } from '#modules/program/index.ts';
import { giveBackLimits } from '#modules/promotions/index.ts';
import { receiptLines } from '../domain/sale-lines.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { KeptEarning, Receipt, ReceiptLine } from '../domain/receipt.ts';
import { type ReceiptKey, takeKey } from '../store/receipt-keys.ts';
import { type AppliedSale, applySale } from './apply-sale.ts';
import { confirmPart } from './confirm-part.ts';
import type { Confirming, ConfirmRefusal } from './confirm-sale.ts';
import { ledgerContext } from './ledger-context.ts';
import { lockMemberState } from './load-member.ts';
import { loadRecord } from './load-record.ts';
import { balanceOf } from './new-receipt.ts';
import { issueNextCodes } from './next-codes.ts';
import { quoteSale, readCodes } from './quote-sale.ts';
import type { SaleRecord } from './sale-command.ts';
import { purchaseFacts } from './sale-facts.ts';
import { saveSale } from './save-sale.ts';
import { settleState, type SettledState } from './settle-state.ts';
import { budgetsOf } from './within-limits.ts';

export interface ConfirmingHeld extends Confirming {
  readonly held: ReceiptKey;
  readonly digest: Uint8Array;
}

/** What a held sale comes to when it is confirmed: as it was held, or with what was really sold (R24). */
interface Final {
  readonly lines: readonly ReceiptLine[];
  readonly totals: Quote['totals'];
  readonly earnings: readonly Earning[];
  readonly nextCodes: Quote['nextCodes'];
  readonly uses: Quote['uses'];
  readonly explanation: Receipt['outcome']['explanation'];
  readonly flags: readonly string[];
}

/**
 * A held sale was paid: a fact (R19). It spends the lots it held whatever their dates, under the version it was held with; after a time-out
 * or a cancel those lots as far as they are free, other points, a debt, and the receipt is flagged.
 */
export async function confirmHeld(tx: Tx, confirming: ConfirmingHeld): Promise<Outcome<SaleRecord, ConfirmRefusal>> {
  const { deps, command, prepared, held } = confirming;
  const before = await loadRecord(tx, held.memberId, held.objectId);
  const program = deps.program.version(before.receipt.programVersion);
  const key: ReceiptKey = {
    ...held,
    externalId: command.partId ?? command.id,
    kind: 'confirm',
    objectId: command.partId === null ? held.objectId : deps.newId(),
    digest: confirming.digest,
  };
  if (before.receipt.state === 'cancelled' && !command.paid) return refused({ code: 'already_cancelled' });
  if (before.receipt.state === 'confirmed') return refused({ code: 'already_confirmed' });
  const taking = takeKey(tx, key);
  const loading = before.receipt.hasMember
    ? lockMemberState(tx, deps, held.memberId, { program, sale: prepared.read, now: command.now, account: true })
    : Promise.resolve(done(null));
  if (!(await taking)) return refused({ code: 'already_confirmed' });
  const state = await loading;
  if (!state.ok) return state;
  const settled = state.value && settleState(state.value, program, { now: command.now, newId: deps.newId });
  const closing: Closing = { ...confirming, before, program, settled, key };
  return command.partId === null ? confirmWhole(tx, closing) : confirmPart(tx, closing);
}

export interface Closing extends ConfirmingHeld {
  readonly before: SaleRecord;
  readonly program: CompiledProgram;
  readonly settled: SettledState | null;
  readonly key: ReceiptKey;
}

async function confirmWhole(tx: Tx, closing: Closing): Promise<Outcome<SaleRecord, ConfirmRefusal>> {
  const { deps, command, prepared, before, program, settled } = closing;
  const final = await finalOf(tx, closing);
  const timedOut = before.receipt.state !== 'held';
  const zone = settled?.state.zone ?? prepared.read.shop.zone;
  const ledger = ledgerContext(program, {
    kind: 'receipt',
    id: before.receipt.receiptId,
    at: prepared.read.at,
    now: command.now,
    zone,
    newId: deps.newId,
  });
  const applied = settled && (await applyHeld(tx, closing, { final, ledger, state: settled.state }));
  const nextCodes = await issueNextCodes(tx, deps, final, {
    memberId: settled?.state.memberId ?? null,
    receiptId: before.receipt.receiptId,
    at: prepared.read.at,
    now: command.now,
    zone,
  });
  const flags = [
    ...final.flags,
    ...(timedOut ? ['hold_ended'] : []),
    ...(applied && applied.uncovered > 0n ? ['redeemed_on_credit'] : []),
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
      spends: applied?.spends ?? [],
      earnings: applied?.sale.earnings ?? [],
      uses: final.uses,
      nextCodes,
      explanation: final.explanation,
      balance: applied && balanceOf(applied.sale.state),
      tierAfter: applied?.sale.state.standing.tierCode ?? null,
      uncovered: applied?.uncovered ?? noPoints,
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
    uses: timedOut ? final.uses : [],
    usesForced: true,
    day: prepared.read.at.toZonedDateTimeISO(prepared.read.shop.zone).toPlainDate(),
    fiscal: command.fiscal,
    facts: applied ? purchaseFacts(receipt, applied.sale.state) : [],
    newId: deps.newId,
  });
  return commitWith(done({ receipt, lines: final.lines }), [saving]);
}

async function finalOf(tx: Tx, closing: Closing): Promise<Final> {
  const { before, program, prepared, settled, deps } = closing;
  if (prepared.read.lines === null) return asHeld(closing);
  // Other weights or sums: quoted again under the version and with the points of the hold; redemption shrinks to the limit (R24).
  const held = before.receipt.totals.redeemedPoints;
  const read = {
    ...prepared.read,
    content: { ...prepared.read.content, promoCodes: before.receipt.outcome.wish.promoCodes },
  };
  if (before.receipt.state === 'held')
    await giveBackLimits(tx, {
      memberId: before.receipt.memberId,
      receiptId: before.receipt.receiptId,
      at: closing.command.now,
      countedBy: settled?.state.memberId ?? before.receipt.memberId,
    });
  const quote = quoteSale(read, settled?.state ?? null, {
    program,
    now: closing.command.now,
    codes: await readCodes(tx, read, {
      memberId: settled?.state.memberId ?? null,
      integration: closing.command.caller.integration,
      now: closing.command.now,
    }),
    budgets: await budgetsOf(tx, program, 'locked'),
    exhausted: new Set(),
    redeem: held === noPoints ? { kind: 'none' } : { kind: 'points', points: held },
    ownHoldId: before.receipt.receiptId,
  });
  return { ...quote, lines: receiptLines(quote, prepared.read.lines), flags: [...quote.flags, 'differs_from_hold'] };
}

function asHeld({ before, program, prepared, settled }: Closing): Final {
  const { receipt, lines } = before;
  return {
    lines,
    totals: receipt.totals,
    earnings: receipt.outcome.earnings.map((earning) =>
      withTerms(earning, { program, at: prepared.read.at, zone: settled?.state.zone ?? prepared.read.shop.zone }),
    ),
    nextCodes: receipt.outcome.promised,
    uses: receipt.outcome.uses,
    explanation: receipt.outcome.explanation,
    flags: receipt.flags,
  };
}

/** A hold fixes how many points; when they start and burn counts from the sale, like any other's. */
export function withTerms(
  earning: KeptEarning,
  terms: { program: CompiledProgram; at: Receipt['at']; zone: string },
): Earning {
  const { rule, points: count, linePoints, wholeReceipt } = earning;
  const dates = earningTerms(terms.program, rule, terms);
  // A fixed end that passed while the sale was held: what was promised is given, and is over a moment later.
  const isOver = dates.burnsAt !== null && isAtOrBefore(dates.burnsAt, dates.startsAt);
  return {
    rule,
    points: count,
    linePoints,
    wholeReceipt,
    ...dates,
    burnsAt: isOver ? dates.startsAt.add({ seconds: 1 }) : dates.burnsAt,
  };
}

interface AppliedHeld {
  readonly sale: AppliedSale;
  readonly spends: Receipt['outcome']['spends'];
  readonly uncovered: Points;
}

async function applyHeld(
  tx: Tx,
  closing: Closing,
  applying: { final: Final; ledger: LedgerContext; state: MemberState },
): Promise<AppliedHeld> {
  const { before, prepared } = closing;
  const { final, ledger, state } = applying;
  const parts = before.receipt.outcome.spends;
  const wanted = final.totals.redeemedPoints;
  const isOpen = state.account.holds.some((hold) => hold.holdId === before.receipt.receiptId);
  const spent = isOpen
    ? openHold(
        confirmHold(
          state.account,
          {
            holdId: before.receipt.receiptId,
            parts,
            points: leastPoints(wanted, sumPoints(parts.map((part) => part.points))),
          },
          ledger,
        ),
      )
    : endedHold(
        spendAnyway(
          state.account,
          {
            points: wanted,
            parts,
            burned: wanted > 0n ? await loadBurnedLots(tx, state.memberId, before.receipt.receivedAt) : [],
          },
          ledger,
        ),
      );
  const fact = {
    shop: prepared.read.shop,
    at: prepared.read.at,
    paid: final.totals.paid,
    redeemed: wanted,
    earnings: final.earnings,
    late: prepared.arrival === 'late',
  };
  return {
    sale: applySale(state, spent, fact, { program: closing.program, ledger }),
    spends: spent.spends,
    uncovered: spent.uncovered,
  };
}

function openHold(decision: ReturnType<typeof confirmHold>) {
  return {
    ...decision,
    spends: decision.confirmed.spends,
    uncovered: points(decision.confirmed.debt + decision.confirmed.forgiven),
  };
}

function endedHold(decision: ReturnType<typeof spendAnyway>) {
  return {
    ...decision,
    spends: decision.spent.spends,
    uncovered: points(decision.spent.debt + decision.spent.forgiven),
  };
}
