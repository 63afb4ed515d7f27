import { money } from '#kernel/money.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { noPoints, points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { ShopView } from '#modules/catalog/index.ts';
import { joinMovements } from '#modules/ledger/index.ts';
import { commitWith, inTransaction, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { canonical } from '../domain/content.ts';
import { arrivalOf, originOf } from '../domain/lateness.ts';
import { type PlanRefusal, planReturn, type ReturnPlan, type ReturnWish } from '../domain/plan-return.ts';
import type { FactOrigin, Receipt } from '../domain/receipt.ts';
import type { ReceiptReturn, ReturnResult } from '../domain/return.ts';
import { lockReceipt } from '../store/claims.ts';
import { findKeys, type ReceiptKey, repointKey, takeKey } from '../store/receipt-keys.ts';
import { saveReturnedUnits } from '../store/receipt-lines.ts';
import { findLastPurchase, replaceReceiptRow } from '../store/receipts.ts';
import { loadReturn, saveReturns } from '../store/returns.ts';
import { type AppliedReturn, applyReturn } from './apply-return.ts';
import { familyOfReceipt, loadClosedLots } from './closed-lots.ts';
import type { CheckoutDeps } from './deps.ts';
import { digestOf, sameDigest } from './digest.ts';
import { failedGains } from './failed-gains.ts';
import { giveBackUses } from './give-back-uses.ts';
import { ledgerContext } from './ledger-context.ts';
import { lockMemberState } from './load-member.ts';
import { loadRecord } from './load-record.ts';
import { balanceOf } from './new-receipt.ts';
import { findShop } from './read-sale.ts';
import type { SaleRecord } from './sale-command.ts';
import { returnFacts } from './sale-facts.ts';
import { saveMember } from './save-sale.ts';
import { type SettledState, settleState } from './settle-state.ts';

export interface ReturnCommand {
  readonly id: string;
  readonly shopCode: string;
  readonly at: Instant | null;
  readonly receipt: { readonly id: string; readonly shopCode: string | null };
  readonly wish: ReturnWish;
  readonly moneyReturned: bigint | null;
  readonly caller: Caller;
  readonly now: Instant;
  /** Told by imports and replays; otherwise the return's own time says whether it is late. */
  readonly origin?: FactOrigin;
}

export type ReturnRefusal =
  | PlanRefusal
  | { readonly code: 'shop_unknown' | 'shop_not_allowed'; readonly field: string }
  | { readonly code: 'receipt_unknown'; readonly field: '/receipt' }
  | { readonly code: 'other_content'; readonly field: '/id' }
  | { readonly code: 'not_confirmed' }
  | { readonly code: 'time_in_future'; readonly field: '/at' };

export interface ReturnRecord {
  readonly returned: ReceiptReturn;
  readonly receipt: Receipt;
}

/** Goods come back (R22). Concerns the receipt's own member, whatever card is shown. A repeat answers the same (R20). */
export async function returnGoods(
  deps: CheckoutDeps,
  command: ReturnCommand,
): Promise<Outcome<ReturnRecord, ReturnRefusal>> {
  const catalog = deps.catalog.snapshot();
  const shop = findShop(catalog, command.shopCode, command.caller);
  if (!shop.ok) return shop;
  const soldAt =
    command.receipt.shopCode === null
      ? shop
      : findShop(catalog, command.receipt.shopCode, { ...command.caller, shopIds: null });
  if (!soldAt.ok) return refused({ code: 'shop_unknown', field: '/receipt/shop' });
  const at = command.at ?? command.now;
  if (arrivalOf(at, command.now) === 'needs_review' && at.epochMilliseconds > command.now.epochMilliseconds)
    return refused({ code: 'time_in_future', field: '/at' });
  return inTransaction(deps.db, (tx) => returnIn(tx, { deps, command, shop: shop.value, soldAt: soldAt.value, at }));
}

interface Returning {
  readonly deps: CheckoutDeps;
  readonly command: ReturnCommand;
  readonly shop: ShopView;
  readonly soldAt: ShopView;
  readonly at: Instant;
}

export async function returnIn(tx: Tx, returning: Returning): Promise<Outcome<ReturnRecord, ReturnRefusal>> {
  const { deps, command, shop, soldAt } = returning;
  const { integration } = command.caller;
  const ownKeys = findKeys(tx, integration, shop.shopId, command.id);
  const saleKeys = findKeys(tx, integration, soldAt.shopId, command.receipt.id);
  const digest = digestOf(
    canonical({
      operation: 'return',
      receipt: command.receipt,
      wish: command.wish,
      money: command.moneyReturned,
      at: command.at?.toString(),
    }),
  );
  const known = (await ownKeys).find((key) => key.kind === 'return');
  const sale = (await saleKeys).find((key) => key.kind === 'confirm');
  if (known) return repeat(tx, known, digest);
  if (!sale)
    return refused(
      (await saleKeys).length > 0 ? { code: 'not_confirmed' } : { code: 'receipt_unknown', field: '/receipt' },
    );
  const key: ReceiptKey = {
    integration,
    shopId: shop.shopId,
    externalId: command.id,
    kind: 'return',
    memberId: sale.memberId,
    objectId: deps.newId(),
    digest,
  };
  if (!(await takeKey(tx, key))) return repeatOfParallel(tx, key);
  return returnOf(tx, { ...returning, key, sale });
}

async function repeat(tx: Tx, known: ReceiptKey, digest: Uint8Array): Promise<Outcome<ReturnRecord, ReturnRefusal>> {
  if (!sameDigest(known.digest, digest)) return refused({ code: 'other_content', field: '/id' });
  const returned = await loadReturn(tx, known.memberId, known.objectId);
  if (returned === null) throw new Error('a return has its key but no row');
  const { receipt } = await loadRecord(tx, returned.memberId, returned.receiptId);
  return done({ returned, receipt });
}

/** The same return came twice at once: this one waited for the other to end. */
async function repeatOfParallel(tx: Tx, key: ReceiptKey): Promise<Outcome<ReturnRecord, ReturnRefusal>> {
  const keys = await findKeys(tx, key.integration, key.shopId, key.externalId);
  const known = keys.find((one) => one.kind === 'return');
  return known ? repeat(tx, known, key.digest) : refused({ code: 'other_content', field: '/id' });
}

interface ReturningSale extends Returning {
  readonly key: ReceiptKey;
  readonly sale: ReceiptKey;
}

async function returnOf(tx: Tx, returning: ReturningSale): Promise<Outcome<ReturnRecord, ReturnRefusal>> {
  const { deps, command, soldAt, sale } = returning;
  // Nobody's lock guards a receipt without a member: its own row does, against claims and other returns.
  if (sale.memberId === sale.objectId) await lockReceipt(tx, { memberId: sale.memberId, receiptId: sale.objectId });
  const stored = await loadRecord(tx, sale.memberId, sale.objectId);
  const { claimedBy } = stored.receipt;
  const memberId = claimedBy ?? sale.memberId;
  const first = claimedBy === null ? stored : await loadRecord(tx, claimedBy, sale.objectId);
  // Claimed since: the return is kept where the receipt is now (R23).
  if (claimedBy !== null) await repointKey(tx, returning.key, claimedBy);
  const program = deps.program.version(first.receipt.programVersion);
  const loaded = first.receipt.hasMember
    ? await lockMemberState(tx, deps, memberId, {
        program,
        sale: { at: first.receipt.at, shop: soldAt },
        now: command.now,
        account: true,
      })
    : done(null);
  // An erased member's receipt still comes back: money moves, points have nobody to go to (R34).
  const state = loaded.ok ? loaded.value : null;
  // Under the lock: another return of this receipt may have come first.
  const record = await loadRecord(tx, first.receipt.memberId, first.receipt.receiptId);
  if (record.receipt.state !== 'confirmed') return refused({ code: 'not_confirmed' });
  const failed = await failedGains(deps, { record, wish: command.wish, program, shop: soldAt, state });
  const plan = planReturn(record.receipt, record.lines, command.wish, failed);
  if (!plan.ok) return plan;
  const settled = state && settleState(state, program, { now: command.now, newId: deps.newId });
  const applied = settled && (await applyTo(tx, returning, { record, plan: plan.value, settled }));
  return saveReturn(tx, returning, { record, plan: plan.value, settled, applied });
}

interface Planned {
  readonly record: SaleRecord;
  readonly plan: ReturnPlan;
}

async function applyTo(
  tx: Tx,
  { deps, command, key, soldAt }: ReturningSale,
  planned: Planned & { settled: SettledState },
): Promise<AppliedReturn> {
  const { record, plan, settled } = planned;
  const { receipt } = record;
  const program = deps.program.version(receipt.programVersion);
  const ledger = ledgerContext(program, {
    kind: 'return',
    id: key.objectId,
    at: command.now,
    now: command.now,
    zone: settled.state.zone,
    newId: deps.newId,
  });
  const lots = await loadClosedLots(tx, receipt, settled);
  const family = await familyOfReceipt(tx, receipt, settled.state);
  const lastPurchaseAt = plan.complete ? await findLastPurchase(tx, family, receipt.receiptId) : null;
  return applyReturn(
    settled.state,
    { receipt, plan, ...lots, lastPurchaseAt, shopZone: soldAt.zone },
    { program, ledger },
  );
}

async function saveReturn(
  tx: Tx,
  returning: ReturningSale,
  planned: Planned & { settled: SettledState | null; applied: AppliedReturn | null },
): Promise<Outcome<ReturnRecord, ReturnRefusal>> {
  const { deps, command, key, at, shop } = returning;
  const { record, plan, settled, applied } = planned;
  const { receipt } = record;
  const moneyReturned = money(command.moneyReturned ?? plan.money);
  const returned: ReceiptReturn = {
    memberId: receipt.memberId,
    returnId: key.objectId,
    receiptId: receipt.receiptId,
    integration: key.integration,
    shopId: shop.shopId,
    externalId: command.id,
    at,
    receivedAt: command.now,
    moneyReturned,
    test: receipt.test || command.caller.test,
    flags: moneyReturned === plan.money ? [] : ['money_differs'],
    result: resultOf(plan, applied),
  };
  const after: Receipt = {
    ...receipt,
    returnedMoney: money(receipt.returnedMoney + moneyReturned),
    returnedWholly: plan.complete,
    outcome: { ...receipt.outcome, earnings: plan.earnings },
  };
  const countedBy = applied?.state.memberId ?? receipt.memberId;
  await giveBackUses(tx, { receipt, plan, keyMemberId: returning.sale.memberId, countedBy, now: command.now });
  const writes: Promise<unknown>[] = [
    saveReturns(tx, [returned]),
    replaceReceiptRow(tx, after),
    saveReturnedUnits(
      tx,
      receipt,
      plan.lines.map((line) => ({ lineNo: line.lineNo, returnedUnits: line.after })),
    ),
  ];
  if (applied && settled) {
    const program = deps.program.version(receipt.programVersion);
    const movements = joinMovements(settled.movements, applied.movements);
    const tierChanges = [...settled.tierChanges, ...(applied.tierChange ? [applied.tierChange] : [])];
    const origin = command.origin ?? originOf(arrivalOf(at, command.now));
    const facts = returnFacts({ receipt, returned, origin }, applied.state);
    writes.push(
      saveMember(tx, {
        state: applied.state,
        movements,
        tiers: program.document.tiers,
        tierChanges,
        facts,
        origin,
        newId: deps.newId,
        causeId: receipt.receiptId,
        now: command.now,
      }),
    );
  }
  return commitWith(done({ returned, receipt: after }), writes);
}

function resultOf(plan: ReturnPlan, applied: AppliedReturn | null): ReturnResult {
  return {
    pointsGivenBack: applied?.givenBack ?? noPoints,
    pointsTakenBack: applied ? points(applied.taken.own + applied.taken.others + applied.taken.debt) : noPoints,
    pointsBurnedAlready: applied?.taken.gone ?? noPoints,
    debtMade: applied?.taken.debt ?? noPoints,
    lines: plan.lines.map((line) => ({
      lineId: line.lineId,
      quantity: line.quantity,
      money: line.money,
      pointsGivenBack: line.pointsGivenBack,
      pointsTakenBack: line.pointsTakenBack,
    })),
    complete: plan.complete,
    balance: applied && balanceOf(applied.state),
    tierAfter: applied?.state.standing.tierCode ?? null,
  };
}
