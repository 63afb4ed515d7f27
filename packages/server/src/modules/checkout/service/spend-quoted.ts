import { noPoints, type Points, points, sumPoints } from '#kernel/points.ts';
import {
  type AccountState,
  disproveBurns,
  joinMovements,
  type LedgerContext,
  loadBurnedLots,
  type Movements,
  noMovements,
  spend,
  spendAnyway,
  withMovements,
} from '#modules/ledger/index.ts';
import type { LotSpend, Quote } from '#modules/program/index.ts';
import type { Tx } from '#platform/db.ts';
import type { MemberState } from '../domain/member-state.ts';

export interface Spending {
  readonly state: AccountState;
  readonly movements: Movements;
  readonly spends: readonly LotSpend[];
  /** Redeemed at the till though no lot covered it: a debt now (R19, R21). */
  readonly uncovered: Points;
  /** Burns that a late receipt's own time disproves (R21). */
  readonly revived: Points;
}

export interface QuotedSpending {
  readonly quote: Quote;
  readonly late: boolean;
  /** What settling has done to the account in memory. */
  readonly settled: Movements;
  /** Days of the inactivity term; null: the program has none. */
  readonly renews: number | null;
}

type BurnedLots = Awaited<ReturnType<typeof loadBurnedLots>>;

/** What the redemption does to the account: the quoted lots; for money already taken, lots that burned meanwhile, other points, then a debt. */
export async function spendQuoted(
  tx: Tx,
  state: MemberState,
  quoted: QuotedSpending,
  context: LedgerContext,
): Promise<Spending> {
  const { quote } = quoted;
  const isCovered = sumPoints(quote.spends.map((part) => part.points)) === quote.totals.redeemedPoints;
  if (!quoted.late && isCovered) return spendNow(state, quote, context);
  const saved = quoted.late ? await loadBurnedLots(tx, state.memberId, context.at ?? context.now) : [];
  // Settling may have burned in memory just now what this receipt disproves: the database does not know of it yet.
  const before = withMovements(saved, quoted.settled);
  const spent = isCovered ? spendNow(state, quote, context) : spendAllTheSame(state, quote, before, context);
  if (quoted.renews === null || !quoted.late) return spent;
  return renewLate(spent, { days: quoted.renews, burned: before }, context);
}

export interface Renewing {
  readonly spending: Spending;
  readonly late: boolean;
  readonly settled: Movements;
  readonly renews: number | null;
}

/** A held sale that the till sent late renews as of its own time, like any late receipt (R21). */
export async function renewed(
  tx: Tx,
  state: MemberState,
  renewing: Renewing,
  context: LedgerContext,
): Promise<Spending> {
  const { spending, late, settled, renews } = renewing;
  if (!late || renews === null) return spending;
  const saved = await loadBurnedLots(tx, state.memberId, context.at ?? context.now);
  return renewLate(spending, { days: renews, burned: withMovements(saved, settled) }, context);
}

function spendNow(state: MemberState, quote: Quote, context: LedgerContext): Spending {
  const taken =
    quote.spends.length === 0
      ? { state: state.account, movements: noMovements }
      : spend(state.account, quote.spends, context);
  return { ...taken, spends: quote.spends, uncovered: noPoints, revived: noPoints };
}

function spendAllTheSame(state: MemberState, quote: Quote, burned: BurnedLots, context: LedgerContext): Spending {
  const taken = spendAnyway(
    state.account,
    { points: quote.totals.redeemedPoints, parts: quote.spends, burned },
    context,
  );
  return {
    ...taken,
    spends: taken.spent.spends,
    uncovered: points(taken.spent.debt + taken.spent.forgiven),
    revived: noPoints,
  };
}

function renewLate(before: Spending, late: { days: number; burned: BurnedLots }, context: LedgerContext): Spending {
  const purchaseAt = context.at ?? context.now;
  // What the spending has revived already must not be revived again.
  const burned = withMovements(late.burned, before.movements);
  const disproved = disproveBurns(before.state, { purchaseAt, days: late.days, burned }, context);
  return {
    ...before,
    state: disproved.state,
    movements: joinMovements(before.movements, disproved.movements),
    revived: disproved.revived,
  };
}
