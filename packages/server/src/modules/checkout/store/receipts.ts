import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { Receipt } from '../domain/receipt.ts';
import { outcomeFromJson } from './outcome-json.ts';

const columns = [
  'member_id',
  'receipt_id',
  'has_member',
  'integration',
  'shop_id',
  'external_id',
  'state',
  'is_order',
  'at',
  'received_at',
  'confirmed_at',
  'program_version',
  'shelf',
  'till_discount',
  'promotion_discount',
  'redeemed_points',
  'redeemed_money',
  'rounding',
  'paid',
  'earned_points',
  'returned_money',
  'returned_wholly',
  'tier_code',
  'raised_tier',
  'flags',
  'origin',
  'test',
  'hold_expires_at',
  'claimed_by',
  'outcome',
] as const;

interface ReceiptRow {
  member_id: string;
  receipt_id: string;
  has_member: boolean;
  integration: string;
  shop_id: string;
  external_id: string;
  state: Receipt['state'];
  is_order: boolean;
  at: Instant;
  received_at: Instant;
  confirmed_at: Instant | null;
  program_version: number;
  shelf: bigint;
  till_discount: bigint;
  promotion_discount: bigint;
  redeemed_points: bigint;
  redeemed_money: bigint;
  rounding: bigint;
  paid: bigint;
  earned_points: bigint;
  returned_money: bigint;
  returned_wholly: boolean;
  tier_code: string | null;
  raised_tier: string | null;
  flags: string[];
  origin: Receipt['origin'];
  test: boolean;
  hold_expires_at: Instant | null;
  claimed_by: string | null;
  outcome: unknown;
}

const insertReceipts = rowsStatement('checkout.insert_receipts', {
  head: `insert into checkout.receipt (${columns.join(', ')})`,
  columns: columns.length,
});

const findReceipt = statement<ReceiptRow>(
  'checkout.find_receipt',
  `select ${columns.join(', ')} from checkout.receipt where member_id = $1 and receipt_id = $2`,
);

const replaceable = columns.filter(
  (column) => !['member_id', 'receipt_id', 'integration', 'shop_id', 'external_id', 'received_at'].includes(column),
);
const replaceReceipt = statement<never>(
  'checkout.replace_receipt',
  `update checkout.receipt set ${replaceable.map((column, index) => `${column} = $${index + 3}`).join(', ')} where member_id = $1 and receipt_id = $2`,
);

const listOfMembers = statement<ReceiptRow>(
  'checkout.list_member_receipts',
  `select ${columns.join(', ')} from checkout.receipt
   where member_id = any($1::uuid[]) and (at, receipt_id) < ($2, $3) and claimed_by is null
   order by at desc, receipt_id desc limit $4`,
);

const expiredHolds = statement<{ member_id: string; receipt_id: string }>(
  'checkout.find_expired_holds',
  `select member_id, receipt_id from checkout.receipt where state = 'held' and hold_expires_at <= $1 order by hold_expires_at limit $2`,
);

const waitingReceipts = statement<ReceiptRow>(
  'checkout.list_waiting_receipts',
  `select ${columns.join(', ')} from checkout.receipt 
   where state = 'review' and (received_at, receipt_id) > ($1, $2) order by received_at, receipt_id limit $3`,
);

const openOrders = statement<{ open: boolean }>(
  'checkout.has_open_holds',
  `select exists (select 1 from checkout.receipt where member_id = any($1::uuid[]) and state in ('held', 'review')) as open`,
);

const lastWholePurchase = statement<{ at: Instant }>(
  'checkout.find_last_purchase',
  `select at from checkout.receipt
   where member_id = any($1::uuid[]) and receipt_id <> $2 and state = 'confirmed' and not returned_wholly and claimed_by is null
   order by at desc limit 1`,
);

export function saveReceipts(tx: Tx, receipts: readonly Receipt[]): Promise<void> {
  return insertRows(tx, insertReceipts, receipts.map(receiptValues));
}

/** Everything of a receipt but its keys and its arrival; the caller holds the member's lock. */
export async function replaceReceiptRow(tx: Tx, receipt: Receipt): Promise<void> {
  const values = new Map(columns.map((column, index) => [column, receiptValues(receipt)[index]]));
  await tx.run(replaceReceipt, [
    receipt.memberId,
    receipt.receiptId,
    ...replaceable.map((column) => values.get(column)),
  ]);
}

export async function loadReceipt(db: Db, memberId: string, receiptId: string): Promise<Receipt | null> {
  const [row] = await db.run(findReceipt, [memberId, receiptId]);
  return row ? toReceipt(row) : null;
}

export async function listMemberReceipts(
  db: Db,
  memberIds: readonly string[],
  page: { before: Instant; beforeId: string; limit: number },
): Promise<Receipt[]> {
  return (await db.run(listOfMembers, [memberIds, page.before, page.beforeId, page.limit])).map(toReceipt);
}

export async function findExpiredHolds(
  db: Db,
  now: Instant,
  limit: number,
): Promise<{ memberId: string; receiptId: string }[]> {
  return (await db.run(expiredHolds, [now, limit])).map((row) => ({
    memberId: row.member_id,
    receiptId: row.receipt_id,
  }));
}

export async function listWaiting(
  db: Db,
  page: { after: Instant; afterId: string; limit: number },
): Promise<Receipt[]> {
  return (await db.run(waitingReceipts, [page.after, page.afterId, page.limit])).map(toReceipt);
}

export async function hasOpenHolds(db: Db, memberIds: readonly string[]): Promise<boolean> {
  const [row] = await db.run(openOrders, [memberIds]);
  return row?.open === true;
}

/** The family's latest purchase that is not wholly returned, other than this one (R9, R32). */
export async function findLastPurchase(
  db: Db,
  memberIds: readonly string[],
  exceptReceiptId: string,
): Promise<Instant | null> {
  const [row] = await db.run(lastWholePurchase, [memberIds, exceptReceiptId]);
  return row?.at ?? null;
}

function receiptValues(receipt: Receipt): unknown[] {
  const { totals } = receipt;
  return [
    receipt.memberId,
    receipt.receiptId,
    receipt.hasMember,
    receipt.integration,
    receipt.shopId,
    receipt.externalId,
    receipt.state,
    receipt.isOrder,
    receipt.at,
    receipt.receivedAt,
    receipt.confirmedAt,
    receipt.programVersion,
    totals.shelf,
    totals.tillDiscount,
    totals.promotionDiscount,
    totals.redeemedPoints,
    totals.redeemedMoney,
    totals.rounding,
    totals.paid,
    totals.earnedPoints,
    receipt.returnedMoney,
    receipt.returnedWholly,
    receipt.tierCode,
    receipt.raisedTier,
    receipt.flags,
    receipt.origin,
    receipt.test,
    receipt.holdExpiresAt,
    receipt.claimedBy,
    receipt.outcome,
  ];
}

function toReceipt(row: ReceiptRow): Receipt {
  return {
    memberId: row.member_id,
    receiptId: row.receipt_id,
    hasMember: row.has_member,
    integration: row.integration,
    shopId: row.shop_id,
    externalId: row.external_id,
    state: row.state,
    isOrder: row.is_order,
    at: row.at,
    receivedAt: row.received_at,
    confirmedAt: row.confirmed_at,
    programVersion: row.program_version,
    totals: {
      shelf: money(row.shelf),
      tillDiscount: money(row.till_discount),
      promotionDiscount: money(row.promotion_discount),
      redeemedPoints: points(row.redeemed_points),
      redeemedMoney: money(row.redeemed_money),
      rounding: money(row.rounding),
      paid: money(row.paid),
      earnedPoints: points(row.earned_points),
    },
    returnedMoney: money(row.returned_money),
    returnedWholly: row.returned_wholly,
    tierCode: row.tier_code,
    raisedTier: row.raised_tier,
    flags: row.flags,
    origin: row.origin,
    test: row.test,
    holdExpiresAt: row.hold_expires_at,
    claimedBy: row.claimed_by,
    outcome: outcomeFromJson(row.outcome),
  };
}
