import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Caller } from '#platform/http/caller.ts';
import { lanesOf } from '../domain/lanes.ts';
import { findKeys } from '../store/receipt-keys.ts';
import { type ConfirmRefusal, confirmSale } from './confirm-sale.ts';
import type { CheckoutDeps } from './deps.ts';
import { findMember } from './load-member.ts';
import { readMemberKey } from './read-sale.ts';
import { type ReturnCommand, type ReturnRecord, type ReturnRefusal, returnGoods } from './return-goods.ts';
import type { ConfirmCommand, SaleRecord } from './sale-command.ts';

export type UploadItem =
  | { readonly kind: 'sale'; readonly sale: ConfirmCommand }
  | { readonly kind: 'return'; readonly returned: ReturnCommand };

export type UploadAnswer =
  | { readonly kind: 'sale'; readonly outcome: Outcome<SaleRecord, ConfirmRefusal> }
  | { readonly kind: 'return'; readonly outcome: Outcome<ReturnRecord, ReturnRefusal> };

/** Members whose receipts are written at the same time. */
const lanesAtOnce = 4;

/**
 * Receipts that were made offline, each in a transaction of its own: an answer or a refusal each, in the order sent. Receipts of one member run one
 * after another, so that what the first changed rates the next; members run beside one another. Sent again, all answer the same (R20, R21).
 */
export async function uploadReceipts(
  deps: CheckoutDeps,
  items: readonly UploadItem[],
): Promise<Outcome<UploadAnswer[], { readonly code: 'program_not_published' }>> {
  if (deps.program.current() === null) return refused({ code: 'program_not_published' });
  const lanes = await findLanes(deps, items);
  const answers: UploadAnswer[] = [];
  const indexes = items.map((_, index) => index);
  await inLanes(
    lanesOf(indexes, (index) => lanes.get(index) ?? ''),
    async (index) => {
      const item = items[index];
      if (item) answers[index] = await answer(deps, item);
    },
  );
  return done(answers);
}

async function answer(deps: CheckoutDeps, item: UploadItem): Promise<UploadAnswer> {
  if (item.kind === 'return') return { kind: 'return', outcome: await returnGoods(deps, item.returned) };
  // An offline till has taken the money: nothing is refused for a business reason (R19).
  return { kind: 'sale', outcome: await confirmSale(deps, { ...item.sale, paid: true }) };
}

/** Which lane each item goes in: its member's, by whichever identity the till knew; else the receipt's own. A return follows its sale. */
async function findLanes(deps: CheckoutDeps, items: readonly UploadItem[]): Promise<Map<number, string>> {
  const lanes = new Map<number, string>();
  const ofSales = new Map<string, string>();
  const each = items.map((_, index) => [index]);
  await inLanes(each, async (index) => {
    const item = items[index];
    if (item?.kind !== 'sale') return;
    const lane = await laneOfSale(deps, item.sale);
    lanes.set(index, lane);
    ofSales.set(nameOf({ shopCode: item.sale.content.shopCode, id: item.sale.id }), lane);
  });
  await inLanes(each, async (index) => {
    const item = items[index];
    if (item?.kind !== 'return') return;
    const { receipt, shopCode, caller } = item.returned;
    const sale = { shopCode: receipt.shopCode ?? shopCode, id: receipt.id };
    lanes.set(index, ofSales.get(nameOf(sale)) ?? (await laneOfReceipt(deps, { ...sale, caller })));
  });
  return lanes;
}

async function laneOfSale(deps: CheckoutDeps, { content, id, caller }: ConfirmCommand): Promise<string> {
  const key = readMemberKey(deps, content.member);
  const found = key.ok ? await findMember(deps.db, key.value) : key;
  if (found.ok && found.value !== null) return found.value.memberId;
  return laneOfReceipt(deps, { shopCode: content.shopCode, id, caller });
}

async function laneOfReceipt(
  deps: CheckoutDeps,
  receipt: { shopCode: string; id: string; caller: Caller },
): Promise<string> {
  const shop = deps.catalog.snapshot().shopByCode(receipt.shopCode);
  const keys = shop === null ? [] : await findKeys(deps.db, receipt.caller.integration, shop.shopId, receipt.id);
  return keys[0]?.memberId ?? nameOf(receipt);
}

function nameOf(receipt: { readonly shopCode: string; readonly id: string }): string {
  return `${receipt.shopCode}\n${receipt.id}`;
}

/** A fault (not a refusal) stops what has not begun; what began is waited for. The caller sends the batch again. */
async function inLanes<Item>(lanes: readonly (readonly Item[])[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = lanes[Symbol.iterator]();
  let failed = false;
  const workers = Array.from({ length: lanesAtOnce }, async () => {
    for (const lane of waiting) {
      for (const item of lane) {
        if (failed) return;
        try {
          await work(item);
        } catch (error) {
          failed = true;
          throw error;
        }
      }
    }
  });
  const ended = await Promise.allSettled(workers);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
