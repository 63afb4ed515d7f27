import { type Money, money } from '#kernel/money.ts';
import { noPoints, type Points, points, sumPoints } from '#kernel/points.ts';
import { earlier, type Instant, isDayBefore, later, localDate } from '#kernel/time.ts';
import type { ShopView } from '#modules/catalog/index.ts';
import {
  type Decision,
  figuresAfter,
  figuresOf,
  grant,
  joinMovements,
  type LedgerContext,
  type Movements,
  type NewLot,
  purchaseRenews,
} from '#modules/ledger/index.ts';
import type { CompiledProgram, Earning } from '#modules/program/index.ts';
import { nextRevision, type Standing, withFigures } from '#modules/standing/index.ts';
import { progressAfterPurchase, type TierChange } from '#modules/tiers/index.ts';
import { burnAfterArrival } from '../domain/lateness.ts';
import type { MemberState } from '../domain/member-state.ts';
import { needsOf } from '../domain/program-needs.ts';
import type { KeptEarning } from '../domain/receipt.ts';

/** A sale that is a fact now: its figures were quoted and its points are spent already. */
export interface SaleFact {
  readonly shop: ShopView;
  /** The receipt's own time. */
  readonly at: Instant;
  readonly paid: Money;
  readonly redeemed: Points;
  readonly earnings: readonly Earning[];
  /** A late receipt's points burn no sooner than 7 days after its arrival (R21). */
  readonly late: boolean;
}

export interface AppliedSale {
  readonly state: MemberState;
  readonly movements: Movements;
  readonly earnings: readonly KeptEarning[];
  readonly tierChange: TierChange | null;
}

export interface ApplyContext {
  readonly program: CompiledProgram;
  readonly ledger: LedgerContext;
}

/**
 * Counts the purchase, renews, gives the points, moves the tier (R9, R15, R27). Pure: the same for a till, an import and a simulated year.
 * `spending` is what the redemption did to the account.
 */
export function applySale(state: MemberState, spending: Decision, sale: SaleFact, context: ApplyContext): AppliedSale {
  const { ledger, program } = context;
  const counted = countPurchase(state.standing, sale, context);
  // The purchase renews before anything of this receipt is granted: the new lots burn by the new deadline (R9).
  const renewed = { ...spending.state, inactivityDeadline: counted.inactivityDeadline };
  const granted = grant(renewed, newLots(sale, ledger.now), ledger);
  const movements = joinMovements(spending.movements, granted.movements);
  const tier = progressAfterPurchase(program.document.tiers, {
    standing: counted,
    progress: state.progress,
    now: ledger.now,
    at: sale.at,
    zone: state.zone,
    paid: sale.paid,
  });
  const figures = state.complete
    ? figuresOf(granted.state, ledger.now)
    : figuresAfter(tier.standing, movements, ledger.now);
  const standing = nextRevision(withFigures(tier.standing, figures));
  return {
    state: { ...state, account: granted.state, standing, progress: tier.progress },
    movements,
    earnings: granted.lots.map((lot, index) => ({
      rule: lot.rule,
      lotId: lot.lotId,
      points: lot.amount,
      linePoints: sale.earnings[index]?.linePoints ?? [],
      wholeReceipt: sale.earnings[index]?.wholeReceipt ?? false,
    })),
    tierChange: tier.change,
  };
}

function newLots(sale: SaleFact, now: Instant): NewLot[] {
  return sale.earnings.map((earning) => ({
    source: earning.rule === 'base' ? 'purchase' : 'promotion',
    rule: earning.rule,
    points: earning.points,
    startsAt: earning.startsAt,
    burnsAt: sale.late ? burnAfterArrival(earning.burnsAt, now) : earning.burnsAt,
    inactivityDays: earning.inactivityDays,
    restriction: earning.restriction,
    funder: earning.funder,
    paysDebt: earning.paysDebt,
  }));
}

/** Totals, the day's figures for R30, and the inactivity deadline (R9). */
function countPurchase(standing: Standing, sale: SaleFact, context: ApplyContext): Standing {
  const isLatest = standing.lastPurchaseAt === null || later(standing.lastPurchaseAt, sale.at) === sale.at;
  return {
    ...standing,
    ...dayAfter(standing, sale),
    receiptsCount: standing.receiptsCount + 1,
    paidTotal: money(standing.paidTotal + sale.paid),
    firstPurchaseAt: earlier(standing.firstPurchaseAt, sale.at),
    lastPurchaseAt: later(standing.lastPurchaseAt, sale.at),
    lastShopId: isLatest ? sale.shop.shopId : standing.lastShopId,
    inactivityDeadline: renewedDeadline(standing, sale, context),
  };
}

function dayAfter(standing: Standing, sale: SaleFact): Pick<Standing, 'day' | 'dayEarned' | 'dayRedeemed'> {
  const day = localDate(sale.at, sale.shop.zone);
  const earned = sumPoints(sale.earnings.map((earning) => earning.points));
  if (standing.day === null || isDayBefore(standing.day, day))
    return { day, dayEarned: earned, dayRedeemed: sale.redeemed };
  // A late receipt of an earlier day leaves the figures of today alone.
  if (!standing.day.equals(day)) return standing;
  return {
    day,
    dayEarned: points(standing.dayEarned + earned),
    dayRedeemed: points(standing.dayRedeemed + (sale.redeemed ?? noPoints)),
  };
}

function renewedDeadline(standing: Standing, sale: SaleFact, { program, ledger }: ApplyContext): Instant | null {
  const { inactivityDays } = needsOf(program);
  return inactivityDays === null
    ? standing.inactivityDeadline
    : purchaseRenews(standing.inactivityDeadline, sale.at, inactivityDays, ledger.zone);
}
