import { required } from '#kernel/assert.ts';
import { money, sumMoney } from '#kernel/money.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { noPoints } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { Quote } from '#modules/program/index.ts';
import { commitWith, inTransaction, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { Receipt } from '../domain/receipt.ts';
import { cartLines, receiptLines } from '../domain/sale-lines.ts';
import { findKeys } from '../store/receipt-keys.ts';
import { saveLines } from '../store/receipt-lines.ts';
import { replaceReceiptRow, saveReceipts } from '../store/receipts.ts';
import type { Confirming } from './confirm-sale.ts';
import { decideSale } from './decide-sale.ts';
import type { CheckoutDeps } from './deps.ts';
import { lockMemberState } from './load-member.ts';
import { loadRecord } from './load-record.ts';
import { newReceipt } from './new-receipt.ts';
import { findShop } from './read-sale.ts';
import type { SaleRecord } from './sale-command.ts';
import { saveSale } from './save-sale.ts';

/** Older than 30 days or from the future: kept as it came, without any effect, until a person decides (R21). */
export function saveForReview(
  tx: Tx,
  waiting: Confirming & { receiptId: string; state: MemberState | null; flags: readonly string[] },
): Outcome<SaleRecord, never> {
  const { prepared, command, receiptId, state } = waiting;
  const quote = untouched(waiting);
  const receipt: Receipt = {
    ...newReceipt({ prepared, command, quote, receiptId, state, now: command.now }),
    state: 'review',
    flags: waiting.flags,
    outcome: {
      spends: [],
      earnings: [],
      uses: [],
      nextCodes: [],
      promised: [],
      explanation: [],
      redeemLimit: noPoints,
      balance: null,
      tierAfter: state?.standing.tierCode ?? null,
      uncovered: noPoints,
      wish: {
        promoCodes: command.content.promoCodes,
        redeem: command.printed?.redeemedPoints ?? command.content.redeem,
      },
    },
  };
  const lines = receiptLines(quote, required(prepared.read.lines, 'lines'));
  const writes = [saveReceipts(tx, [receipt]), saveLines(tx, [{ memberId: receipt.memberId, receiptId, lines }])];
  return commitWith(done({ receipt, lines }), writes);
}

/** The cart as it came, with no rule applied. */
function untouched({ prepared }: Confirming): Quote {
  const lines = required(prepared.read.lines, 'lines').map((line) => ({
    lineId: line.lineId,
    shelfSum: line.shelfSum,
    tillDiscount: line.tillDiscount,
    discounts: [],
    redeemedPoints: noPoints,
    redeemedMoney: money(0n),
    rounding: money(0n),
    paid: money(line.shelfSum - line.tillDiscount),
    earnedPoints: noPoints,
    gift: false,
    giftSku: null,
  }));
  const totals = {
    shelf: sumMoney(lines.map((line) => line.shelfSum)),
    tillDiscount: sumMoney(lines.map((line) => line.tillDiscount)),
    promotionDiscount: money(0n),
    redeemedPoints: noPoints,
    redeemedMoney: money(0n),
    rounding: money(0n),
    paid: sumMoney(lines.map((line) => line.paid)),
    earnedPoints: noPoints,
  };
  return {
    programVersion: prepared.program.version,
    lines,
    totals,
    spends: [],
    redeemLimit: noPoints,
    earnings: [],
    uses: [],
    nextCodes: [],
    explanation: [],
    flags: [],
  };
}

export interface ReviewCommand {
  readonly id: string;
  /** Whose number the id is: the POS that sent the receipt, not the person who decides. */
  readonly integration: string;
  readonly shopCode: string;
  readonly decision: 'accept' | 'reject';
  readonly caller: Caller;
  readonly now: Instant;
}

export type ReviewRefusal =
  | { readonly code: 'shop_unknown' | 'shop_not_allowed'; readonly field: string }
  | { readonly code: 'receipt_unknown'; readonly field: '/id' }
  | { readonly code: 'not_waiting' };

/** Accepted, it takes effect as a late receipt by the rules of its own time (R21); rejected, it stays on record as cancelled. */
export async function reviewReceipt(
  deps: CheckoutDeps,
  command: ReviewCommand,
): Promise<Outcome<SaleRecord, ReviewRefusal>> {
  const shop = findShop(deps.catalog.snapshot(), command.shopCode, command.caller);
  if (!shop.ok) return shop;
  return inTransaction(deps.db, async (tx): Promise<Outcome<SaleRecord, ReviewRefusal>> => {
    const key = (await findKeys(tx, command.integration, shop.value.shopId, command.id)).find(
      (one) => one.kind === 'confirm',
    );
    if (!key) return refused({ code: 'receipt_unknown', field: '/id' });
    const first = await loadRecord(tx, key.memberId, key.objectId);
    const program = deps.program.version(first.receipt.programVersion);
    const sale = { at: first.receipt.at, shop: shop.value };
    const state = first.receipt.hasMember
      ? await lockMemberState(tx, deps, key.memberId, { program, sale, now: command.now, account: true })
      : done(null);
    if (!state.ok) return refused({ code: 'receipt_unknown', field: '/id' });
    const record = await loadRecord(tx, key.memberId, key.objectId);
    if (record.receipt.state !== 'review') return refused({ code: 'not_waiting' });
    if (command.decision === 'reject') {
      const receipt: Receipt = { ...record.receipt, state: 'cancelled', flags: ['rejected'] };
      return commitWith(done({ receipt, lines: record.lines }), [replaceReceiptRow(tx, receipt)]);
    }
    return accept(tx, deps, { command, record, shop: shop.value, program, state: state.value });
  });
}

interface Accepting {
  readonly command: ReviewCommand;
  readonly record: SaleRecord;
  readonly shop: Parameters<typeof lockMemberState>[3]['sale']['shop'];
  readonly program: Parameters<typeof lockMemberState>[3]['program'];
  readonly state: MemberState | null;
}

async function accept(tx: Tx, deps: CheckoutDeps, accepting: Accepting): Promise<Outcome<SaleRecord, ReviewRefusal>> {
  const { command, record, shop, program, state } = accepting;
  const { receipt } = record;
  const catalog = deps.catalog.snapshot();
  const { wish } = receipt.outcome;
  const content = {
    shopCode: shop.code,
    at: receipt.at,
    member: null,
    lines: null,
    promoCodes: wish.promoCodes,
    redeem: wish.redeem,
  };
  const read = {
    content,
    shop,
    at: receipt.at,
    lines: cartLines(record.lines, (sku) => catalog.productBySku(sku)),
    member: null,
  };
  const decided = await decideSale(tx, {
    deps,
    command: {
      id: receipt.externalId,
      content,
      caller: command.caller,
      now: command.now,
      paid: true,
      printed: null,
      fiscal: [],
      moreToCome: false,
      partId: null,
      cashier: null,
    },
    prepared: { read, program, arrival: 'late', origin: 'late', test: receipt.test },
    attempt: { number: 2, budgets: new Map() },
    receiptId: receipt.receiptId,
    state,
    cardActive: true,
  });
  if (!decided.ok) throw new Error('a paid sale is never refused');
  const accepted = {
    ...decided.value.record.receipt,
    // After a merge the row stays where it was (R32).
    memberId: receipt.memberId,
    integration: receipt.integration,
    receivedAt: receipt.receivedAt,
  };
  const saved = { ...decided.value, isNew: false, record: { ...decided.value.record, receipt: accepted } };
  return commitWith(done(saved.record), [saveSale(tx, saved)]);
}
