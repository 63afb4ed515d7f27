import { money } from '#kernel/money.ts';
import { noPoints } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { ShopView } from '#modules/catalog/index.ts';
import { joinMovements, type LedgerContext } from '#modules/ledger/index.ts';
import type { CompiledProgram, Explanation, Quote } from '#modules/program/index.ts';
import type { Tx } from '#platform/db.ts';
import { claimedLines, countedPromotions, paidCart, withoutCountedWindows } from '../domain/claim.ts';
import { arrivalOf, originOf } from '../domain/lateness.ts';
import type { MemberState } from '../domain/member-state.ts';
import { needsOf } from '../domain/program-needs.ts';
import type { Receipt } from '../domain/receipt.ts';
import { type AppliedSale, applySale } from './apply-sale.ts';
import type { CheckoutDeps } from './deps.ts';
import { ledgerContext } from './ledger-context.ts';
import { balanceOf } from './new-receipt.ts';
import { quoteSale } from './quote-sale.ts';
import type { SaleRecord } from './sale-command.ts';
import { purchaseFacts } from './sale-facts.ts';
import type { SavedSale } from './save-sale.ts';
import { settleState } from './settle-state.ts';
import { type Spending, spendQuoted } from './spend-quoted.ts';

export interface DecidingClaim {
  readonly deps: CheckoutDeps;
  /** As it was answered to the POS: without a member. */
  readonly record: SaleRecord;
  readonly shop: ShopView;
  readonly program: CompiledProgram;
  readonly state: MemberState;
  readonly now: Instant;
}

/** What a claimed receipt earns by its own time and version: no counted promotion, no points redeemed, money as it was paid (R23). */
export async function decideClaim(tx: Tx, deciding: DecidingClaim): Promise<SavedSale> {
  const { deps, record, program, shop, now } = deciding;
  const { at, receiptId } = record.receipt;
  const late = arrivalOf(at, now) !== 'live';
  const settled = settleState(deciding.state, program, { now, newId: deps.newId });
  const quote = quoteClaim(deciding, settled.state);
  const { zone } = settled.state;
  const ledger = ledgerContext(program, { kind: 'receipt', id: receiptId, at, now, zone, newId: deps.newId });
  const spending = await spendQuoted(
    tx,
    settled.state,
    { quote, late, settled: settled.movements, renews: needsOf(program).inactivityDays },
    ledger,
  );
  const applied = applyClaim(settled.state, { quote, spending, late, ledger }, deciding);
  const receipt = claimedReceipt(deciding, { quote, spending, applied, late });
  const change = applied.tierChange;
  return {
    record: { receipt, lines: claimedLines(record.lines, quote) },
    isNew: true,
    state: applied.state,
    movements: joinMovements(settled.movements, applied.movements),
    tiers: program.document.tiers,
    tierChanges: [...settled.tierChanges, ...(change === null ? [] : [change])],
    uses: quote.uses,
    usesForced: false,
    day: at.toZonedDateTimeISO(shop.zone).toPlainDate(),
    fiscal: [],
    facts: purchaseFacts(receipt, applied.state),
    newId: deps.newId,
  };
}

function quoteClaim({ deps, record, shop, program, now }: DecidingClaim, state: MemberState): Quote {
  const catalog = deps.catalog.snapshot();
  const { at } = record.receipt;
  const lines = paidCart(record.lines, (sku) => catalog.productBySku(sku));
  return quoteSale({ shop, at, lines, printedDiscount: 0n }, withoutCountedWindows(state), {
    program,
    now,
    codes: [],
    budgets: new Map(),
    exhausted: countedPromotions(program),
    redeem: { kind: 'none' },
  });
}

interface Claimed {
  readonly quote: Quote;
  readonly spending: Spending;
  readonly late: boolean;
}

function applyClaim(
  state: MemberState,
  claimed: Claimed & { ledger: LedgerContext },
  { record, shop, program }: DecidingClaim,
): AppliedSale {
  const { totals, at } = record.receipt;
  const { quote, spending, late, ledger } = claimed;
  const fact = { shop, at, paid: totals.paid, redeemed: noPoints, earnings: quote.earnings, late };
  return applySale(state, spending, fact, { program, ledger });
}

function claimedReceipt(
  { record, state, now }: DecidingClaim,
  { quote, spending, applied, late }: Claimed & { applied: AppliedSale },
): Receipt {
  const { receipt } = record;
  const origin = originOf(arrivalOf(receipt.at, now));
  const raised = applied.tierChange?.direction === 'up' ? applied.state.standing.tierCode : null;
  const flags = ['claimed', ...(late ? ['late'] : []), ...(spending.revived > 0n ? ['burn_undone'] : [])];
  return {
    ...receipt,
    memberId: applied.state.memberId,
    hasMember: true,
    totals: { ...receipt.totals, earnedPoints: quote.totals.earnedPoints },
    returnedMoney: money(0n),
    tierCode: state.standing.tierCode,
    raisedTier: raised,
    flags: [...new Set([...receipt.flags, ...quote.flags, ...flags])],
    origin,
    test: receipt.test || state.person.test,
    outcome: {
      ...receipt.outcome,
      spends: [],
      earnings: applied.earnings,
      uses: quote.uses,
      explanation: [...explained(receipt.outcome.explanation, false), ...explained(quote.explanation, true)],
      balance: balanceOf(applied.state),
      tierAfter: applied.state.standing.tierCode,
      uncovered: noPoints,
    },
  };
}

/** Prices are explained as they were made at the till, points as the claim made them. */
function explained(steps: readonly Explanation[], earning: boolean): Explanation[] {
  return steps.filter((step) => (step.step === 'earning') === earning);
}
