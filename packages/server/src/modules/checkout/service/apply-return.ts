import { money } from '#kernel/money.ts';
import { noPoints, type Points, points, sumPoints } from '#kernel/points.ts';
import { type Instant, localDate } from '#kernel/time.ts';
import {
  deadlineAfterReturn,
  figuresOf,
  giveBack,
  joinMovements,
  type LedgerContext,
  type Lot,
  type LotHistory,
  type LotSpend,
  type Movements,
  type TakenBack,
  takeBack,
} from '#modules/ledger/index.ts';
import type { CompiledProgram } from '#modules/program/index.ts';
import { nextRevision, type Standing, withFigures } from '#modules/standing/index.ts';
import { progressAfterReturn, type TierChange, type TierRaise } from '#modules/tiers/index.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { ReturnPlan } from '../domain/plan-return.ts';
import { needsOf } from '../domain/program-needs.ts';
import type { Receipt } from '../domain/receipt.ts';

export interface ReturnFact {
  readonly receipt: Receipt;
  readonly plan: ReturnPlan;
  readonly earned: readonly LotHistory[];
  readonly spent: readonly Lot[];
  readonly raise: TierRaise | null;
  /** The latest purchase but this one that is not wholly returned; asked only when this one is complete. */
  readonly lastPurchaseAt: Instant | null;
  readonly shopZone: string;
}

export interface AppliedReturn {
  readonly state: MemberState;
  readonly movements: Movements;
  readonly taken: TakenBack;
  readonly givenBack: Points;
  readonly tierChange: TierChange | null;
}

/**
 * What a return does to the member (R22, R9, R27): redeemed points go back to their lots first, then earned ones are taken, so that points that
 * just came back may cover what was spent meanwhile. Pure.
 */
export function applyReturn(
  state: MemberState,
  fact: ReturnFact,
  context: { program: CompiledProgram; ledger: LedgerContext },
): AppliedReturn {
  const { ledger, program } = context;
  const { receipt, plan } = fact;
  const counted = countReturn(state, fact, program, ledger);
  const account = { ...state.account, inactivityDeadline: counted.inactivityDeadline };
  const { spends, elsewhere } = whereItGoes(state, fact);
  const uncovered = points(uncoveredBack(fact) + elsewhere);
  const back = giveBack(account, { receiptId: receipt.receiptId, spends, lots: fact.spent, uncovered }, ledger);
  const asked = sumPoints(plan.takeBack.map((part) => part.points));
  const took = takeBack(back.state, { receiptId: receipt.receiptId, points: asked, lots: fact.earned }, ledger);
  const tier = progressAfterReturn(program.document.tiers, {
    standing: counted,
    progress: state.progress,
    now: ledger.now,
    zone: state.zone,
    at: receipt.at,
    paid: plan.money,
    wholeReceipt: plan.complete,
    raise: fact.raise,
  });
  const standing = nextRevision(withFigures(tier.standing, figuresOf(took.state, ledger.now)));
  return {
    state: { ...state, account: took.state, standing, progress: tier.progress },
    movements: joinMovements(back.movements, took.movements),
    taken: took.taken,
    givenBack: points(sumPoints(plan.giveBack.map((part) => part.points)) + uncoveredBack(fact)),
    tierChange: tier.change,
  };
}

/**
 * A receipt that was confirmed while its member was merged may have spent lots of the other, who has parted since (R32): the points come back to the
 * receipt's member, as those do that no lot covered.
 */
function whereItGoes(
  state: MemberState,
  { plan, spent }: ReturnFact,
): { spends: readonly LotSpend[]; elsewhere: Points } {
  const own = new Set([...state.account.lots, ...spent].map((lot) => lot.lotId));
  const spends = plan.giveBack.filter((part) => own.has(part.lotId));
  const elsewhere = plan.giveBack.filter((part) => !own.has(part.lotId)).map((part) => part.points);
  return { spends, elsewhere: sumPoints(elsewhere) };
}

/** Redeemed points that no lot covered became a debt (R19); the return undoes it after the lots had theirs. */
function uncoveredBack({ receipt, plan }: ReturnFact): Points {
  const { uncovered } = receipt.outcome;
  if (uncovered === noPoints) return noPoints;
  const asked = sumPoints(plan.lines.map((line) => line.pointsGivenBack));
  const toLots = sumPoints(plan.giveBack.map((part) => part.points));
  return points(asked > toLots ? asked - toLots : 0n);
}

function countReturn(state: MemberState, fact: ReturnFact, program: CompiledProgram, ledger: LedgerContext): Standing {
  const { standing } = state;
  const { receipt, plan } = fact;
  const paidTotal = money(standing.paidTotal - plan.money > 0n ? standing.paidTotal - plan.money : 0n);
  const reduced = { ...standing, ...dayAfterReturn(standing, fact), paidTotal };
  if (!plan.complete) return reduced;
  const { inactivityDays } = needsOf(program);
  const wasLast = standing.lastPurchaseAt?.equals(receipt.at) === true;
  return {
    ...reduced,
    receiptsCount: Math.max(0, standing.receiptsCount - 1),
    lastPurchaseAt: wasLast ? fact.lastPurchaseAt : standing.lastPurchaseAt,
    inactivityDeadline:
      inactivityDays === null || !wasLast
        ? standing.inactivityDeadline
        : deadlineAfterReturn({
            deadline: standing.inactivityDeadline,
            lastPurchaseAt: fact.lastPurchaseAt,
            days: inactivityDays,
            now: ledger.now,
            zone: ledger.zone,
            revivedDays: ledger.settings.revivedDays,
          }),
  };
}

/** A return on the day of its receipt gives the day's limits back (R30). */
function dayAfterReturn(standing: Standing, { receipt, plan, shopZone }: ReturnFact): Partial<Standing> {
  if (standing.day === null || !standing.day.equals(localDate(receipt.at, shopZone))) return {};
  const earned = standing.dayEarned - sumPoints(plan.takeBack.map((part) => part.points));
  const redeemed = standing.dayRedeemed - sumPoints(plan.lines.map((line) => line.pointsGivenBack));
  return { dayEarned: points(earned > 0n ? earned : 0n), dayRedeemed: points(redeemed > 0n ? redeemed : 0n) };
}
