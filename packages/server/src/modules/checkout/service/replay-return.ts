import { money } from '#kernel/money.ts';
import { noPoints } from '#kernel/points.ts';
import type { ShopView } from '#modules/catalog/index.ts';
import { all, type Tx, writesDone } from '#platform/db.ts';
import type { ReceiptReturn } from '../domain/return.ts';
import { quantityBetween, wholeUnits } from '../domain/return-units.ts';
import { type ReceiptKey, saveKeys } from '../store/receipt-keys.ts';
import { findReturnableLines, type ReturnableLine } from '../store/returnable-lines.ts';
import { saveReturns } from '../store/returns.ts';
import { digestOf } from './digest.ts';
import type { Replaying } from './replay.ts';
import type { ReplayAnswer, ReplayReturn } from './replay-items.ts';
import { returnIn } from './return-goods.ts';

/**
 * A past return. Where the file does not say of which sale, it is laid on the member's latest receipts with these articles; what no receipt
 * covers is recorded as money that went out, and concerns no points.
 */
export async function replayReturn(tx: Tx, replaying: Replaying, item: ReplayReturn): Promise<ReplayAnswer> {
  const shop = replaying.deps.catalog.snapshot().shopByCode(item.shopCode);
  if (shop === null) return { kind: 'problem', id: item.id, code: 'shop_unknown' };
  const laid = await layOnReceipts(tx, replaying, item);
  let part = 0;
  let first: ReceiptReturn | null = null;
  for (const [saleId, sale] of laid.sales) {
    const soldAt = replaying.deps.catalog.snapshot().shopById(sale.shopId) ?? shop;
    part += 1;
    const returning = returnIn(tx, {
      deps: replaying.deps,
      shop,
      soldAt,
      at: item.at,
      command: {
        id: part === 1 ? item.id : `${item.id}#${part}`,
        shopCode: item.shopCode,
        at: item.at,
        receipt: { id: saleId, shopCode: soldAt.code },
        wish: { lines: sale.lines.map(({ lineId, quantity }) => ({ lineId, quantity, sum: null })), sum: null },
        moneyReturned: sale.lines.reduce((sum, line) => sum + line.money, 0n),
        caller: replaying.caller,
        now: item.at,
        origin: replaying.options.origin,
      },
    });
    const returned = await writesDone(await returning);
    if (!returned.ok) return { kind: 'problem', id: item.id, code: returned.refusal.code };
    first ??= returned.value.returned;
  }
  if (laid.uncovered > 0n || first === null)
    first = await recordAlone(tx, replaying, { item, shop, part, sum: laid.uncovered });
  return { kind: 'saved', id: item.id, memberId: first.memberId, receiptId: first.receiptId };
}

interface Laid {
  readonly sales: ReadonlyMap<string, { shopId: string; lines: { lineId: string; quantity: bigint; money: bigint }[] }>;
  /** Money of the return that no receipt of the member covers. */
  readonly uncovered: bigint;
}

async function layOnReceipts(tx: Tx, { options }: Replaying, item: ReplayReturn): Promise<Laid> {
  const sales = new Map<string, { shopId: string; lines: { lineId: string; quantity: bigint; money: bigint }[] }>();
  if (item.memberId === null) return { sales, uncovered: item.lines.reduce((sum, line) => sum + line.sum, 0n) };
  const lines = await findReturnableLines(tx, item.memberId, {
    skus: item.lines.map((line) => line.sku),
    integration: options.integration,
    until: item.at,
  });
  const left = new Map(lines.map((line) => [line, leftOf(line)]));
  let uncovered = 0n;
  for (const wanted of item.lines) {
    let quantity = wanted.quantity;
    let sum = wanted.sum;
    for (const line of lines) {
      if (quantity === 0n) break;
      const room = left.get(line) ?? 0n;
      if (line.sku !== wanted.sku || room === 0n || (item.saleId !== null && line.externalId !== item.saleId)) continue;
      const taken = room < quantity ? room : quantity;
      const share = (wanted.sum * taken) / wanted.quantity;
      const part = taken === quantity ? sum : share;
      left.set(line, room - taken);
      quantity -= taken;
      sum -= part;
      const sale = sales.get(line.externalId) ?? { shopId: line.shopId, lines: [] };
      sale.lines.push({ lineId: line.lineId, quantity: taken, money: part });
      sales.set(line.externalId, sale);
    }
    if (quantity > 0n) uncovered += sum;
  }
  return { sales, uncovered };
}

function leftOf(line: ReturnableLine): bigint {
  return (
    line.quantity -
    quantityBetween(line, {
      before: 0n,
      after: line.returnedUnits < wholeUnits(line) ? line.returnedUnits : wholeUnits(line),
    })
  );
}

async function recordAlone(
  tx: Tx,
  { deps, caller }: Replaying,
  alone: { item: ReplayReturn; shop: ShopView; part: number; sum: bigint },
): Promise<ReceiptReturn> {
  const { item, shop } = alone;
  const returnId = deps.newId();
  const returned: ReceiptReturn = {
    memberId: item.memberId ?? returnId,
    returnId,
    receiptId: returnId,
    integration: caller.integration,
    shopId: shop.shopId,
    externalId: alone.part === 0 ? item.id : `${item.id}#alone`,
    at: item.at,
    receivedAt: item.at,
    moneyReturned: money(alone.sum),
    test: false,
    flags: ['sale_unknown'],
    result: {
      pointsGivenBack: noPoints,
      pointsTakenBack: noPoints,
      pointsBurnedAlready: noPoints,
      debtMade: noPoints,
      lines: [],
      complete: false,
      balance: null,
      tierAfter: null,
    },
  };
  const key: ReceiptKey = {
    integration: caller.integration,
    shopId: shop.shopId,
    externalId: returned.externalId,
    kind: 'return',
    memberId: returned.memberId,
    objectId: returnId,
    digest: digestOf(`return ${item.id}`),
  };
  await all([saveReturns(tx, [returned]), saveKeys(tx, [key])]);
  return returned;
}
