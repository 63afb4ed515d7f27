import { money } from '#kernel/money.ts';
import { noPoints } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import {
  type BudgetLeft,
  type CodeInHand,
  type CompiledProgram,
  type Quote,
  type QuoteInput,
  quote,
  type RedeemWish,
} from '#modules/program/index.ts';
import { type KnownBudget, lookUpCodes } from '#modules/promotions/index.ts';
import { evaluateSegments } from '#modules/segments/index.ts';
import type { Db } from '#platform/db.ts';
import type { MemberState } from '../domain/member-state.ts';
import { needsOf } from '../domain/program-needs.ts';
import type { CheckoutDeps } from './deps.ts';
import { memberInQuote } from './member-view.ts';
import type { ReadSale } from './read-sale.ts';

export interface QuoteContext {
  readonly program: CompiledProgram;
  /** When balances are looked at; the sale's own time decides rules. */
  readonly now: Instant;
  readonly codes: readonly CodeInHand[];
  readonly budgets: ReadonlyMap<string, BudgetLeft>;
  readonly exhausted: ReadonlySet<string>;
  readonly redeem: RedeemWish;
  /** The hold that is being edited: its own points count as available (R18). */
  readonly ownHoldId?: string;
  /** false: nobody will read why. Figures are the same. */
  readonly explain?: boolean;
}

/** Of a sale only what its figures depend on. */
export type QuotedSale = Pick<ReadSale, 'shop' | 'at' | 'lines' | 'productOf'> & {
  readonly printedDiscount?: bigint | null;
};

const none: ReadonlySet<string> = new Set();

/** The pure quote over what was loaded (R12). */
export function quoteSale(sale: QuotedSale, state: MemberState | null, context: QuoteContext): Quote {
  const { program, redeem } = context;
  const printed = sale.printedDiscount ?? null;
  const input: QuoteInput = {
    cart: {
      shop: sale.shop,
      at: sale.at,
      lines: sale.lines ?? [],
      promoCodes: context.codes,
      redeem: state === null ? { kind: 'none' } : redeem,
      ...(printed === null ? {} : { printedDiscount: money(printed) }),
    },
    member:
      state &&
      memberInQuote(state, {
        at: sale.at,
        now: context.now,
        shopZone: sale.shop.zone,
        segments: segmentsOf(program, state, context.now),
        redeeming: redeem.kind !== 'none',
        ...(context.ownHoldId === undefined ? {} : { ownHoldId: context.ownHoldId }),
      }),
    budgets: context.budgets,
    exhausted: context.exhausted,
    ...(sale.productOf === undefined ? {} : { productOf: sale.productOf }),
  };
  return quote(program, input, { explain: context.explain ?? true });
}

/** Segments that the program names, evaluated on what was loaded (architecture.md: no query of their own). */
export function segmentsOf(program: CompiledProgram, state: MemberState, now: Instant): ReadonlySet<string> {
  if (!needsOf(program).segments) return none;
  return evaluateSegments(program.document.segments, {
    person: { ...state.person, zone: state.zone },
    standing: state.standing,
    now,
    zone: state.zone,
  });
}

/** Codes and budgets: read only when the receipt or the program has any. */
export async function readCodes(
  db: Db,
  sale: ReadSale,
  asker: { memberId: string | null; integration: string; now: Instant },
): Promise<CodeInHand[]> {
  return sale.content.promoCodes.length === 0 ? [] : lookUpCodes(db, sale.content.promoCodes, asker);
}

export function readBudgets(deps: CheckoutDeps, program: CompiledProgram): Promise<ReadonlyMap<string, KnownBudget>> {
  const { budgets } = needsOf(program);
  return budgets.length === 0 ? Promise.resolve(new Map()) : deps.budgets.read(budgets);
}

export function redeemWishOf(sale: ReadSale): RedeemWish {
  const { redeem } = sale.content;
  if (redeem === 'max') return { kind: 'max' };
  return redeem === noPoints ? { kind: 'none' } : { kind: 'points', points: redeem };
}
