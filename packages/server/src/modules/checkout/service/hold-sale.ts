import { required } from '#kernel/assert.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { noPoints } from '#kernel/points.ts';
import { endOfDaysAfter, type Instant } from '#kernel/time.ts';
import { editHold, figuresOf, hold, joinMovements, type LedgerContext, noMovements } from '#modules/ledger/index.ts';
import type { CompiledProgram, Quote } from '#modules/program/index.ts';
import { codeKey, giveBackLimits } from '#modules/promotions/index.ts';
import { nextRevision, withFigures } from '#modules/standing/index.ts';
import { all, commitWith, inTransaction, type Tx } from '#platform/db.ts';
import { meaningOf } from '../domain/content.ts';
import type { MemberState } from '../domain/member-state.ts';
import { withOwnCodes, withoutOwnUses } from '../domain/own-uses.ts';
import type { Receipt } from '../domain/receipt.ts';
import { receiptLines } from '../domain/sale-lines.ts';
import { lockReceipt } from '../store/claims.ts';
import { findKeys, type ReceiptKey, repointKey, saveKeyDigest, takeKey } from '../store/receipt-keys.ts';
import { loadParts } from '../store/receipt-parts.ts';
import { askedExactly, type NotEnoughPoints, notEnough } from './decide-sale.ts';
import type { CheckoutDeps } from './deps.ts';
import { digestOf, sameDigest } from './digest.ts';
import { ledgerContext } from './ledger-context.ts';
import { findMember, lockMemberState } from './load-member.ts';
import { loadRecord } from './load-record.ts';
import { balanceOf, newReceipt } from './new-receipt.ts';
import { type PreparedSale, prepareSale } from './prepare-sale.ts';
import { quoteSale, readCodes, redeemWishOf } from './quote-sale.ts';
import { repeatOfParallel } from './repeat-sale.ts';
import type { HoldCommand, SaleRecord, SaleRefusal } from './sale-command.ts';
import { holdFact } from './sale-facts.ts';
import { type SavedSale, saveSale } from './save-sale.ts';
import { settleState } from './settle-state.ts';
import { type Attempt, budgetsOf, lanedOf, untilWithinLimits } from './within-limits.ts';

export type HoldRefusal =
  | SaleRefusal
  | NotEnoughPoints
  | { readonly code: 'other_content'; readonly field: '/id' | '/member' }
  | { readonly code: 'hold_unknown'; readonly field: '/id' }
  | { readonly code: 'already_confirmed' | 'already_cancelled' };

/**
 * Fixes a sale before it is paid: lots, code uses, limit slots, program version and figures (R18). A repeat answers the same; other content is
 * an edit and has to say so.
 */
export function holdSale(deps: CheckoutDeps, command: HoldCommand): Promise<Outcome<SaleRecord, HoldRefusal>> {
  return runHold(deps, command, { edit: false });
}

/** Quotes a held sale again, under the program version of its first hold; its own points count as available (R18). */
export function editHeldSale(deps: CheckoutDeps, command: HoldCommand): Promise<Outcome<SaleRecord, HoldRefusal>> {
  return runHold(deps, command, { edit: true });
}

async function runHold(
  deps: CheckoutDeps,
  command: HoldCommand,
  options: { edit: boolean },
): Promise<Outcome<SaleRecord, HoldRefusal>> {
  const prepared = prepareSale(deps, command);
  if (!prepared.ok) return prepared;
  if (
    prepared.value.arrival === 'needs_review' &&
    prepared.value.read.at.epochMilliseconds > command.now.epochMilliseconds
  )
    return refused({ code: 'time_in_future', field: '/at' });
  return untilWithinLimits(deps, prepared.value.program, (attempt) =>
    inTransaction(deps.db, (tx) => holdIn(tx, { deps, command, prepared: prepared.value, attempt, ...options })),
  );
}

interface Holding {
  readonly deps: CheckoutDeps;
  readonly command: HoldCommand;
  readonly prepared: PreparedSale;
  readonly attempt: Attempt;
  readonly edit: boolean;
}

async function holdIn(tx: Tx, holding: Holding): Promise<Outcome<SaleRecord, HoldRefusal>> {
  const { deps, command, prepared } = holding;
  const { shop } = prepared.read;
  const keysRead = findKeys(tx, command.caller.integration, shop.shopId, command.id);
  const member = await findMember(tx, prepared.read.member);
  const keys = await keysRead;
  if (!member.ok) return member;
  const digest = digestOf(meaningOf('hold', prepared.read.content, { order: command.order }));
  const known = keys.find((key) => key.kind === 'hold');
  if (keys.some((key) => key.kind === 'confirm'))
    return known && sameDigest(known.digest, digest) && !holding.edit
      ? done(await loadRecord(tx, known.memberId, known.objectId))
      : refused({ code: 'already_confirmed' });
  if (known && !holding.edit) {
    if (!sameDigest(known.digest, digest)) return refused({ code: 'other_content', field: '/id' });
    return done(await loadRecord(tx, known.memberId, known.objectId));
  }
  if (!known && holding.edit) return refused({ code: 'hold_unknown', field: '/id' });
  const receiptId = known?.objectId ?? deps.newId();
  const memberId = known?.memberId ?? member.value?.memberId ?? receiptId;
  const key: ReceiptKey = {
    integration: command.caller.integration,
    shopId: shop.shopId,
    externalId: command.id,
    kind: 'hold',
    memberId,
    objectId: receiptId,
    digest,
  };
  const first = known ? await loadRecord(tx, memberId, receiptId) : null;
  // An edit changes what is bought, not who buys: lots, slots and the row are that member's.
  if (first && first.receipt.hasMember !== (member.value !== null))
    return refused({ code: 'other_content', field: '/member' });
  const taking = known ? saveKeyDigest(tx, key).then(() => true) : takeKey(tx, key);
  const loading =
    member.value !== null
      ? lockMemberState(tx, deps, memberId, {
          program: first ? deps.program.version(first.receipt.programVersion) : prepared.program,
          sale: prepared.read,
          now: command.now,
          account: true,
        })
      : lockReceipt(tx, { memberId, receiptId }).then(() => done(null));
  await all([taking, loading]);
  if (!(await taking)) return repeatOfParallel(tx, key);
  const state = await loading;
  if (!state.ok) return state;
  // Merged away while we waited for the lock: the new receipt is the survivor's (R32).
  if (!known && state.value !== null && state.value.memberId !== memberId)
    await repointKey(tx, key, state.value.memberId);
  if (first && state.value !== null && state.value.memberId !== member.value?.memberId)
    return refused({ code: 'other_content', field: '/member' });
  const before = known ? await loadRecord(tx, memberId, receiptId) : null;
  if (before && before.receipt.state !== 'held')
    return refused({ code: before.receipt.state === 'confirmed' ? 'already_confirmed' : 'already_cancelled' });
  if (before?.receipt.isOrder && (await loadParts(tx, memberId, receiptId)).shipped.size > 0)
    return refused({ code: 'already_confirmed' });
  return saveHold(tx, {
    ...holding,
    receiptId,
    state: state.value,
    before,
    cardActive: member.value?.cardActive ?? true,
  });
}

interface SavingHold extends Holding {
  readonly receiptId: string;
  readonly state: MemberState | null;
  readonly before: SaleRecord | null;
  readonly cardActive: boolean;
}

async function saveHold(tx: Tx, saving: SavingHold): Promise<Outcome<SaleRecord, HoldRefusal>> {
  const { deps, command, before, receiptId } = saving;
  // The version of the first hold rules the sale whatever is published meanwhile (R29).
  const program = before === null ? saving.prepared.program : deps.program.version(before.receipt.programVersion);
  const prepared = { ...saving.prepared, program };
  if (before !== null) {
    const { memberId } = before.receipt;
    const countedBy = saving.state?.memberId ?? memberId;
    await giveBackLimits(tx, { memberId, receiptId, at: command.now, countedBy });
  }
  const own = before && {
    uses: before.receipt.outcome.uses,
    takenAt: before.receipt.receivedAt,
    shopZone: prepared.read.shop.zone,
  };
  const loaded = own && saving.state ? withoutOwnUses(saving.state, own, prepared.read.at) : saving.state;
  const settled = loaded && settleState(loaded, program, { now: command.now, newId: deps.newId });
  const asked = saving.cardActive ? redeemWishOf(prepared.read) : ({ kind: 'none' } as const);
  const codes = await readCodes(tx, prepared.read, {
    memberId: settled?.state.memberId ?? null,
    integration: command.caller.integration,
    now: command.now,
  });
  const quote = quoteSale(prepared.read, settled?.state ?? null, {
    program,
    now: command.now,
    codes: withOwnCodes(codes, own ?? { uses: [] }, codeKey),
    budgets: await budgetsOf(tx, program, before === null ? saving.attempt : 'locked'),
    exhausted: new Set(),
    redeem: asked,
    ownHoldId: receiptId,
  });
  if (quote.totals.redeemedPoints < askedExactly(asked)) return refused(notEnough(quote));
  const expiresAt = holdEnd(program, command, settled?.state.zone ?? prepared.read.shop.zone);
  const ledger = ledgerContext(program, {
    kind: 'hold',
    id: receiptId,
    at: command.now,
    now: command.now,
    zone: settled?.state.zone ?? prepared.read.shop.zone,
    newId: deps.newId,
  });
  const held = settled && heldState(settled.state, { receiptId, quote, expiresAt }, ledger);
  const receipt = heldReceipt({ ...saving, prepared }, { quote, state: held?.state ?? null, expiresAt });
  const lines = receiptLines(quote, required(prepared.read.lines, 'lines'));
  const saved: SavedSale = {
    record: { receipt, lines },
    isNew: before === null,
    state: held?.state ?? null,
    movements: settled && held ? joinMovements(settled.movements, held.movements) : noMovements,
    tiers: program.document.tiers,
    tierChanges: settled?.tierChanges ?? [],
    uses: quote.uses,
    usesForced: false,
    ...(before === null ? { laned: lanedOf(saving.attempt) } : {}),
    day: prepared.read.at.toZonedDateTimeISO(prepared.read.shop.zone).toPlainDate(),
    fiscal: [],
    facts: held && before === null ? [holdFact('sale_held', receipt, held.state, command.now)] : [],
    newId: deps.newId,
  };
  return commitWith(done(saved.record), [saveSale(tx, saved)]);
}

function heldState(
  state: MemberState,
  holding: { receiptId: string; quote: Quote; expiresAt: Instant },
  ledger: LedgerContext,
) {
  const { receiptId, quote, expiresAt } = holding;
  const isHeld = state.account.holds.some((known) => known.holdId === receiptId);
  const command = { holdId: receiptId, parts: quote.spends, expiresAt };
  const nothing = quote.spends.length === 0 && !isHeld;
  const decision = nothing
    ? { state: state.account, movements: noMovements }
    : (isHeld ? editHold : hold)(state.account, command, ledger);
  const standing = nextRevision(withFigures(state.standing, figuresOf(decision.state, ledger.now)));
  return { state: { ...state, account: decision.state, standing }, movements: decision.movements };
}

/** R18: a till's sale waits minutes, an order days (settings of the program). */
function holdEnd(program: CompiledProgram, command: HoldCommand, zone: string): Instant {
  const { holds } = program.document;
  return command.order
    ? endOfDaysAfter(command.now, holds.order_days, zone)
    : command.now.add({ minutes: holds.till_minutes });
}

function heldReceipt(
  saving: SavingHold,
  held: { quote: Quote; state: MemberState | null; expiresAt: Instant },
): Receipt {
  const { quote, state } = held;
  const receipt = newReceipt({
    prepared: saving.prepared,
    command: saving.command,
    quote,
    receiptId: saving.receiptId,
    state,
    now: saving.command.now,
  });
  return {
    ...receipt,
    // After a merge the row stays where it was (R32).
    memberId: saving.before?.receipt.memberId ?? receipt.memberId,
    receivedAt: saving.before?.receipt.receivedAt ?? receipt.receivedAt,
    state: 'held',
    isOrder: saving.command.order,
    flags: [...quote.flags],
    holdExpiresAt: held.expiresAt,
    outcome: {
      spends: quote.spends,
      // The lots are made at confirm; until then an earning has no lot.
      earnings: quote.earnings.map((earning) => ({ ...keptTerms(earning), lotId: '' })),
      uses: quote.uses,
      nextCodes: [],
      promised: quote.nextCodes,
      explanation: quote.explanation,
      redeemLimit: quote.redeemLimit,
      balance: state && balanceOf(state),
      tierAfter: state?.standing.tierCode ?? null,
      uncovered: noPoints,
      wish: { promoCodes: saving.command.content.promoCodes, redeem: saving.command.content.redeem },
    },
  };
}

function keptTerms(earning: Quote['earnings'][number]) {
  const { rule, points, linePoints, wholeReceipt } = earning;
  return { rule, points, linePoints, wholeReceipt };
}
