import { required } from '#kernel/assert.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { noPoints, type Points, points } from '#kernel/points.ts';
import { joinMovements, noMovements } from '#modules/ledger/index.ts';
import type { Quote, RedeemWish } from '#modules/program/index.ts';
import type { Tx } from '#platform/db.ts';
import type { MemberState } from '../domain/member-state.ts';
import { needsOf } from '../domain/program-needs.ts';
import type { Receipt } from '../domain/receipt.ts';
import { receiptLines } from '../domain/sale-lines.ts';
import { type AppliedSale, applySale } from './apply-sale.ts';
import type { CheckoutDeps } from './deps.ts';
import { ledgerContext } from './ledger-context.ts';
import { balanceOf, newReceipt } from './new-receipt.ts';
import { issueNextCodes } from './next-codes.ts';
import type { PreparedSale } from './prepare-sale.ts';
import { type QuoteContext, quoteSale, readCodes, redeemWishOf } from './quote-sale.ts';
import type { ConfirmCommand } from './sale-command.ts';
import { purchaseFacts } from './sale-facts.ts';
import type { SavedSale } from './save-sale.ts';
import { type SettledState, settleState } from './settle-state.ts';
import { type Spending, spendQuoted } from './spend-quoted.ts';
import { type Attempt, budgetsOf, lanedOf } from './within-limits.ts';

export interface NotEnoughPoints {
  readonly code: 'not_enough_points';
  readonly field: '/redeem';
  readonly details: { readonly possible: number };
}

export interface Deciding {
  readonly deps: CheckoutDeps;
  readonly command: ConfirmCommand;
  readonly prepared: PreparedSale;
  readonly attempt: Attempt;
  readonly receiptId: string;
  /** null: a receipt without a member. */
  readonly state: MemberState | null;
  readonly cardActive: boolean;
  /** false: history that is only recorded; it counts and renews, and gives nothing. */
  readonly earns?: boolean;
}

/** A sale in one call: quote, spend, give, count. Only codes and budgets are read here; everything else was loaded. */
export async function decideSale(tx: Tx, deciding: Deciding): Promise<Outcome<SavedSale, NotEnoughPoints>> {
  const { deps, command, prepared, receiptId } = deciding;
  const { program, read } = prepared;
  const settled = deciding.state && settleState(deciding.state, program, { now: command.now, newId: deps.newId });
  const context = await quoteContext(tx, deciding);
  const quoted = quoteSale(withPrintedDiscount(deciding), settled?.state ?? null, context);
  const quote = deciding.earns === false ? withoutGains(quoted) : quoted;
  if (quote.totals.redeemedPoints < askedExactly(context.redeem)) return refused(notEnough(quote));
  const applied = settled && (await applyQuoted(tx, deciding, { settled, quote }));
  const codesFor = {
    memberId: settled?.state.memberId ?? null,
    receiptId,
    at: read.at,
    now: command.now,
    zone: settled?.state.zone ?? read.shop.zone,
  };
  const nextCodes = await issueNextCodes(tx, deps, quote, codesFor);
  const lines = receiptLines(quote, required(read.lines, 'lines'));
  const receipt: Receipt = {
    ...newReceipt({ prepared, command, quote, receiptId, state: settled?.state ?? null, now: command.now }),
    state: 'confirmed',
    confirmedAt: command.now,
    raisedTier: applied?.sale.tierChange?.direction === 'up' ? applied.sale.state.standing.tierCode : null,
    flags: [...new Set([...quote.flags, ...flagsOf(deciding, applied?.spending ?? null)])],
    outcome: {
      spends: applied?.spending.spends ?? [],
      earnings: applied?.sale.earnings ?? [],
      uses: quote.uses,
      nextCodes,
      promised: [],
      explanation: quote.explanation,
      redeemLimit: quote.redeemLimit,
      balance: applied && balanceOf(applied.sale.state),
      tierAfter: applied?.sale.state.standing.tierCode ?? null,
      uncovered: applied?.spending.uncovered ?? noPoints,
      wish: { promoCodes: command.content.promoCodes, redeem: command.content.redeem },
    },
  };
  return done(savedSale(deciding, { receipt, lines, quote, settled, applied }));
}

function withoutGains(quote: Quote): Quote {
  const lines = quote.lines.map((line) => ({ ...line, earnedPoints: noPoints }));
  return {
    ...quote,
    lines,
    totals: { ...quote.totals, earnedPoints: noPoints },
    earnings: [],
    uses: [],
    nextCodes: [],
  };
}

interface Applied {
  readonly spending: Spending;
  readonly sale: AppliedSale;
}

async function applyQuoted(
  tx: Tx,
  deciding: Deciding,
  quoted: { settled: SettledState; quote: Quote },
): Promise<Applied> {
  const { command, prepared, receiptId, deps } = deciding;
  const { state } = quoted.settled;
  const { quote } = quoted;
  const ledger = ledgerContext(prepared.program, {
    kind: 'receipt',
    id: receiptId,
    at: prepared.read.at,
    now: command.now,
    zone: state.zone,
    newId: deps.newId,
  });
  const late = prepared.arrival === 'late';
  const spending = await spendQuoted(
    tx,
    state,
    { quote, late, settled: quoted.settled.movements, renews: needsOf(prepared.program).inactivityDays },
    ledger,
  );
  const fact = {
    shop: prepared.read.shop,
    at: prepared.read.at,
    paid: quote.totals.paid,
    redeemed: quote.totals.redeemedPoints,
    earnings: quote.earnings,
    late,
  };
  return { spending, sale: applySale(state, spending, fact, { program: prepared.program, ledger }) };
}

interface Decided {
  readonly receipt: Receipt;
  readonly lines: SavedSale['record']['lines'];
  readonly quote: Quote;
  readonly settled: SettledState | null;
  readonly applied: Applied | null;
}

function savedSale(
  { command, prepared, deps, attempt }: Deciding,
  { receipt, lines, quote, settled, applied }: Decided,
): SavedSale {
  const change = applied?.sale.tierChange ?? null;
  return {
    record: { receipt, lines },
    isNew: true,
    state: applied?.sale.state ?? null,
    movements: settled && applied ? joinMovements(settled.movements, applied.sale.movements) : noMovements,
    tiers: prepared.program.document.tiers,
    tierChanges: [...(settled?.tierChanges ?? []), ...(change === null ? [] : [change])],
    uses: quote.uses,
    usesForced: command.paid,
    laned: lanedOf(attempt),
    day: prepared.read.at.toZonedDateTimeISO(prepared.read.shop.zone).toPlainDate(),
    fiscal: command.fiscal,
    facts: applied ? purchaseFacts(receipt, applied.sale.state) : [],
    newId: deps.newId,
  };
}

async function quoteContext(tx: Tx, deciding: Deciding): Promise<QuoteContext> {
  const { command, prepared, state, attempt } = deciding;
  const { program, read } = prepared;
  return {
    program,
    now: command.now,
    codes: await readCodes(tx, read, {
      memberId: state?.memberId ?? null,
      integration: command.caller.integration,
      now: command.now,
    }),
    budgets: await budgetsOf(tx, program, attempt),
    exhausted: new Set(),
    redeem: redeemOf(deciding),
  };
}

/** Money that was taken already is a fact: exactly the points asked for, over any limit (R19, R21). */
function redeemOf({ command, prepared, cardActive }: Deciding): RedeemWish {
  const wish = redeemWishOf(prepared.read);
  const printed = command.printed?.redeemedPoints ?? null;
  if (printed !== null) return printed === noPoints ? { kind: 'none' } : { kind: 'printed', points: printed };
  if (command.paid && wish.kind === 'points') return { kind: 'printed', points: wish.points };
  return cardActive ? wish : { kind: 'none' };
}

/** A sale that names a number of points was printed with it: fewer would be another sum to pay. */
export function askedExactly(redeem: RedeemWish): Points {
  return redeem.kind === 'points' ? redeem.points : noPoints;
}

export function notEnough(quote: Quote): NotEnoughPoints {
  const possible = points(quote.totals.redeemedPoints);
  return { code: 'not_enough_points', field: '/redeem', details: { possible: Number(possible) } };
}

function withPrintedDiscount({
  command,
  prepared,
}: Deciding): PreparedSale['read'] & { readonly printedDiscount: bigint | null } {
  return { ...prepared.read, printedDiscount: command.printed?.discount ?? null };
}

function flagsOf({ prepared, state, cardActive, command }: Deciding, spending: Spending | null): string[] {
  const flags: string[] = [];
  if (prepared.arrival === 'late') flags.push('late');
  if (!cardActive) flags.push('card_not_active');
  if (spending !== null && spending.uncovered > 0n) flags.push('redeemed_on_credit');
  if (spending !== null && spending.revived > 0n) flags.push('burn_undone');
  if (state?.person.staff && command.cashier !== null) flags.push('staff_card');
  return flags;
}
