import { noPoints } from '#kernel/points.ts';
import { type Instant, localDate } from '#kernel/time.ts';
import type { CatalogSnapshot, ShopView } from '#modules/catalog/index.ts';
import { noMovements, spend } from '#modules/ledger/index.ts';
import type { BudgetLeft, CartLine, CodeInHand, CompiledProgram, MemberUse, Quote } from '#modules/program/index.ts';
import { isTrueAt } from '#modules/standing/index.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { PastReceipt } from '../domain/past-receipt.ts';
import { needsOf } from '../domain/program-needs.ts';
import { benefitOf, countQuote, emptyTally, type SideTally } from '../domain/simulation-tally.ts';
import { applySale } from './apply-sale.ts';
import { ledgerContext } from './ledger-context.ts';
import { quoteSale } from './quote-sale.ts';
import { settleState } from './settle-state.ts';
import { type MemberBefore, openState } from './simulate-members.ts';

/** One program and the world as it would have made it: members, budgets, sums. Lives in memory alone. */
export interface Side {
  readonly program: CompiledProgram;
  readonly from: Instant;
  readonly members: Map<string, SimulatedMember>;
  /** What is left of total limits, whole at the beginning. */
  readonly budgets: Map<string, BudgetLeft>;
  readonly tally: SideTally;
  readonly newId: () => string;
}

interface SimulatedMember {
  state: MemberState;
  readonly uses: Map<string, CountedUse>;
}

interface CountedUse {
  uses: number;
  /** The shop-local day of `today`. */
  day: string;
  today: number;
}

/** A past receipt as both sides sell it. */
export interface PastSale {
  readonly past: PastReceipt;
  readonly shop: ShopView;
  readonly lines: readonly CartLine[];
  readonly productOf: CatalogSnapshot['productBySku'];
}

export function openSide(program: CompiledProgram, from: Instant): Side {
  const budgets = program.promotions.flatMap(({ code, limits }) =>
    limits.total === null ? [] : [[code, limits.total] as const],
  );
  let ids = 0;
  return {
    ...{ program, from, members: new Map(), budgets: new Map<string, BudgetLeft>(budgets), tally: emptyTally() },
    // Nothing of a simulation is kept, so that its ids need only differ; in their order, because equal lots are spent by it.
    newId: () => String((ids += 1)).padStart(12, '0'),
  };
}

export function openMember(side: Side, before: MemberBefore): void {
  const uses = new Map(
    [...before.uses].map(([code, count]): [string, CountedUse] => [code, { uses: count, day: '', today: 0 }]),
  );
  side.members.set(before.person.memberId, { state: openState(before, side.program, side.from), uses });
}

const nobody: ReadonlySet<string> = new Set();

/** Sells the receipt again, by this side's program and to this side's member. Answers what it gives the buyer, in money. */
export function sellAgain(side: Side, sale: PastSale): bigint {
  const { past } = sale;
  const { program } = side;
  const member = past.memberId === null ? undefined : side.members.get(past.memberId);
  const state = member === undefined ? null : presentState(side, member, sale);
  const quote = quoteSale({ shop: sale.shop, at: past.at, lines: sale.lines, productOf: sale.productOf }, state, {
    program,
    now: past.at,
    codes: codesOf(past),
    budgets: side.budgets,
    exhausted: nobody,
    redeem: past.redeemed === noPoints ? { kind: 'none' } : { kind: 'points', points: past.redeemed },
    explain: false,
  });
  countQuote(side.tally, quote, state?.standing.tierCode ?? null);
  takeBudgets(side, quote);
  if (member !== undefined && state !== null) {
    countUses(member, quote, sale);
    member.state = stateAfter(side, state, { sale, quote });
  }
  return benefitOf(quote.totals, program.pointValue);
}

/** The member at the time of the receipt: what time alone has brought, uses by then, windows that the receipt really took. */
function presentState(side: Side, member: SimulatedMember, { past, shop }: PastSale): MemberState {
  const { program, newId } = side;
  const { state } = member;
  const settled = isTrueAt(state.standing, past.at)
    ? state
    : settleState(state, program, { now: past.at, newId }).state;
  const windows = past.uses.flatMap(({ windowId, promotionCode }) =>
    windowId === null
      ? []
      : [{ windowId, promotionCode, from: past.at, until: past.at.add({ seconds: 1 }), usesLeft: null }],
  );
  return { ...settled, windows, uses: needsOf(program).uses ? usesAt(member, past.at, shop.zone) : settled.uses };
}

function usesAt({ uses }: SimulatedMember, at: Instant, zone: string): ReadonlyMap<string, MemberUse> {
  if (uses.size === 0) return new Map();
  const today = localDate(at, zone).toString();
  return new Map(
    [...uses].map(([code, use]) => [code, { uses: use.uses, usesToday: use.day === today ? use.today : 0 }]),
  );
}

function countUses({ uses }: SimulatedMember, quote: Quote, { past, shop }: PastSale): void {
  for (const { promotionCode, limits } of quote.uses) {
    if (limits.perMember === null && limits.perDay === null) continue;
    const day = localDate(past.at, shop.zone).toString();
    const before = uses.get(promotionCode) ?? { uses: 0, day, today: 0 };
    const today = before.day === day ? before.today : 0;
    uses.set(promotionCode, { uses: before.uses + 1, day, today: today + 1 });
  }
}

function takeBudgets({ budgets }: Side, quote: Quote): void {
  for (const { promotionCode, discount, points } of quote.uses) {
    const left = budgets.get(promotionCode);
    if (left === undefined) continue;
    budgets.set(promotionCode, {
      uses: left.uses === null ? null : left.uses - 1n,
      money: left.money === null ? null : left.money - discount,
      points: left.points === null ? null : left.points - points,
    });
  }
}

function stateAfter(side: Side, state: MemberState, { sale, quote }: { sale: PastSale; quote: Quote }): MemberState {
  const { program, newId } = side;
  const { past, shop } = sale;
  const ledger = ledgerContext(program, {
    ...{ kind: 'receipt', id: past.receiptId, at: past.at, now: past.at, zone: state.zone, newId },
  });
  const spent =
    quote.spends.length === 0
      ? { state: state.account, movements: noMovements }
      : spend(state.account, quote.spends, ledger);
  const fact = {
    shop,
    at: past.at,
    paid: quote.totals.paid,
    redeemed: quote.totals.redeemedPoints,
    earnings: quote.earnings,
    late: false,
  };
  const applied = applySale(state, spent, fact, { program, ledger }).state;
  return applied.progress === null ? applied : { ...applied, progress: { ...applied.progress, unsaved: [] } };
}

/** Codes that the receipt really took are good again, for a program that knows their promotion. */
function codesOf(past: PastReceipt): CodeInHand[] {
  return past.uses.flatMap(({ promoCodeId, promotionCode }) =>
    promoCodeId === null ? [] : [{ text: promotionCode, state: 'usable' as const, promotionCode, promoCodeId }],
  );
}
