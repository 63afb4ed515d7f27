import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Quote } from '#modules/program/index.ts';
import { codeKey } from '#modules/promotions/index.ts';
import type { MemberState } from '../domain/member-state.ts';
import { type OwnUses, withOwnBudgets, withOwnCodes, withoutOwnUses } from '../domain/own-uses.ts';
import { findKeys } from '../store/receipt-keys.ts';
import type { CheckoutDeps } from './deps.ts';
import { findMember, readMemberState } from './load-member.ts';
import { loadRecord } from './load-record.ts';
import { type PreparedSale, prepareSale } from './prepare-sale.ts';
import { quoteSale, readBudgets, readCodes, redeemWishOf } from './quote-sale.ts';
import type { SaleCommand, SaleRefusal } from './sale-command.ts';
import { settleState } from './settle-state.ts';

export interface QuoteCommand extends Omit<SaleCommand, 'id'> {
  /** The open hold this quote would edit. */
  readonly holdId: string | null;
}

export type QuoteRefusal = SaleRefusal | { readonly code: 'hold_unknown'; readonly field: '/hold_id' };

export interface QuotedCart {
  readonly quote: Quote;
  readonly prepared: PreparedSale;
  readonly state: MemberState | null;
}

/** What a receipt would come to; writes nothing (R18). */
export async function quoteCart(deps: CheckoutDeps, command: QuoteCommand): Promise<Outcome<QuotedCart, QuoteRefusal>> {
  const prepared = prepareSale(deps, { ...command, id: '' });
  if (!prepared.ok) return prepared;
  if (
    prepared.value.arrival === 'needs_review' &&
    prepared.value.read.at.epochMilliseconds > command.now.epochMilliseconds
  )
    return refused({ code: 'time_in_future', field: '/at' });
  const held = await heldBy(deps, command, prepared.value);
  if (!held.ok) return held;
  const { read } = prepared.value;
  const member = await findMember(deps.db, read.member);
  if (!member.ok) return member;
  const program = held.value?.program ?? prepared.value.program;
  const wish = member.value?.cardActive === false ? ({ kind: 'none' } as const) : redeemWishOf(read);
  const loaded =
    member.value &&
    (await readMemberState(deps, member.value.memberId, {
      program,
      sale: read,
      now: command.now,
      account: wish.kind !== 'none',
    }));
  if (loaded && !loaded.ok) return loaded;
  const settled = loaded && settleState(loaded.value, program, { now: command.now, newId: deps.newId }).state;
  const own = held.value?.own ?? null;
  const state = settled && own ? withoutOwnUses(settled, own, read.at) : settled;
  const codes = await readCodes(deps.db, read, {
    memberId: state?.memberId ?? null,
    integration: command.caller.integration,
    now: command.now,
  });
  const budgets = await readBudgets(deps, program);
  const quote = quoteSale(read, state, {
    program,
    now: command.now,
    codes: own ? withOwnCodes(codes, own, codeKey) : codes,
    budgets: own ? withOwnBudgets(budgets, own) : budgets,
    exhausted: new Set(),
    redeem: wish,
    ...(held.value ? { ownHoldId: held.value.receiptId } : {}),
  });
  return done({ quote, prepared: prepared.value, state });
}

interface HeldQuote {
  readonly receiptId: string;
  readonly program: PreparedSale['program'];
  /** What the hold took: an edit gives it back first, so its quote counts it as free. */
  readonly own: OwnUses;
}

async function heldBy(
  deps: CheckoutDeps,
  command: QuoteCommand,
  prepared: PreparedSale,
): Promise<Outcome<HeldQuote | null, QuoteRefusal>> {
  if (command.holdId === null) return done(null);
  const keys = await findKeys(deps.db, command.caller.integration, prepared.read.shop.shopId, command.holdId);
  const key = keys.find((one) => one.kind === 'hold');
  if (!key) return refused({ code: 'hold_unknown', field: '/hold_id' });
  const { receipt } = await loadRecord(deps.db, key.memberId, key.objectId);
  if (receipt.state !== 'held') return refused({ code: 'hold_unknown', field: '/hold_id' });
  const own = { uses: receipt.outcome.uses, takenAt: receipt.receivedAt, shopZone: prepared.read.shop.zone };
  return done({ receiptId: receipt.receiptId, program: deps.program.version(receipt.programVersion), own });
}
