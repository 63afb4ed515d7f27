import { type Money, money } from '#kernel/money.ts';
import { type Points, points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import { type Db, statement } from '#platform/db.ts';
import type { PastLine, PastReceipt, PastUse } from '../domain/past-receipt.ts';

// What a simulation reads: confirmed receipts that are no tests, stand for themselves and were not wholly returned. Reports over all members:
// queries that Citus sends to every shard. They lean on receipt_by_shop_day, so that no till pays for an index of theirs.
const counted = "state = 'confirmed' and not test and claimed_by is null and not returned_wholly";

const countReceipts = statement<{ count: bigint }>(
  'checkout.count_past_receipts',
  `select count(*) as count from checkout.receipt where shop_id = any($1::uuid[]) and at >= $2 and at < $3 and ${counted}`,
);

const pageReceipts = statement<PastRow>(
  'checkout.page_past_receipts',
  `select member_id, receipt_id, has_member, shop_id, external_id, at, tier_code, redeemed_points, earned_points,
     outcome -> 'uses' as uses, outcome -> 'balance' as balance
   from checkout.receipt
   where shop_id = any($1::uuid[]) and at >= $2 and at < $3 and (at, receipt_id) > ($2, $4) and ${counted}
   order by at, receipt_id limit $5`,
);

const linesOfReceipts = statement<LineRow>(
  'checkout.list_past_lines',
  `select line.receipt_id, line.line_id, line.sku, line.kind, line.quantity, line.shelf_sum, line.till_discount
   from unnest($1::uuid[], $2::uuid[]) as asked (member_id, receipt_id)
   join checkout.receipt_line line on line.member_id = asked.member_id and line.receipt_id = asked.receipt_id
   where not line.gift
   order by line.receipt_id, line.line_no`,
);

const historyOfMembers = statement<{
  member_id: string;
  receipts: bigint;
  paid: bigint;
  first: Instant;
  last: Instant;
}>(
  'checkout.sum_member_history',
  `select member_id, count(*) as receipts, sum(paid - returned_money)::bigint as paid, min(at) as first, max(at) as last
   from checkout.receipt where member_id = any($1::uuid[]) and at < $2 and ${counted} group by member_id`,
);

const purchasesOfMembers = statement<{ member_id: string; at: Instant; paid: bigint }>(
  'checkout.list_member_history',
  `select member_id, at, paid - returned_money as paid
   from checkout.receipt where member_id = any($1::uuid[]) and at >= $2 and at < $3 and ${counted} order by member_id, at, receipt_id`,
);

const usesOfMembers = statement<{ member_id: string; promotion: string; uses: bigint }>(
  'checkout.count_member_uses',
  `select member_id, used ->> 'promotionCode' as promotion, count(*) as uses
   from checkout.receipt cross join lateral jsonb_array_elements(outcome -> 'uses') used
   where member_id = any($1::uuid[]) and at < $2 and ${counted} group by member_id, used ->> 'promotionCode'`,
);

interface PastRow {
  member_id: string;
  receipt_id: string;
  has_member: boolean;
  shop_id: string;
  external_id: string;
  at: Instant;
  tier_code: string | null;
  redeemed_points: bigint;
  earned_points: bigint;
  uses: PastUse[];
  balance: { available: number; pending: number; reserved: number } | null;
}

interface LineRow {
  receipt_id: string;
  line_id: string;
  sku: string | null;
  kind: PastLine['kind'];
  quantity: bigint;
  shelf_sum: bigint;
  till_discount: bigint;
}

/** The end is exclusive. */
export interface PastSlice {
  readonly shopIds: readonly string[];
  readonly from: Instant;
  readonly until: Instant;
}

export async function countPastReceipts(db: Db, slice: PastSlice): Promise<number> {
  const [row] = await db.run(countReceipts, [slice.shopIds, slice.from, slice.until]);
  return Number(row?.count ?? 0n);
}

/** In the order of time, after `afterId` at the slice's very beginning, with their lines. */
export async function pagePastReceipts(
  db: Db,
  slice: PastSlice,
  page: { afterId: string; limit: number },
): Promise<PastReceipt[]> {
  const rows = await db.run(pageReceipts, [slice.shopIds, slice.from, slice.until, page.afterId, page.limit]);
  if (rows.length === 0) return [];
  const lines = new Map<string, PastLine[]>(rows.map((row) => [row.receipt_id, []]));
  const found = await db.run(linesOfReceipts, [rows.map((row) => row.member_id), rows.map((row) => row.receipt_id)]);
  for (const line of found) lines.get(line.receipt_id)?.push(lineOf(line));
  return rows.map((row) => receiptOf(row, lines.get(row.receipt_id) ?? []));
}

/** What a member had bought before an instant. */
export interface MemberHistory {
  readonly receipts: number;
  readonly paid: Money;
  readonly first: Instant;
  readonly last: Instant;
}

export async function readMemberHistory(
  db: Db,
  memberIds: readonly string[],
  before: Instant,
): Promise<Map<string, MemberHistory>> {
  const rows = await db.run(historyOfMembers, [memberIds, before]);
  return new Map(
    rows.map(({ member_id, receipts, paid, first, last }) => [
      member_id,
      { receipts: Number(receipts), paid: money(paid), first, last },
    ]),
  );
}

export async function listMemberPurchases(
  db: Db,
  memberIds: readonly string[],
  period: { from: Instant; until: Instant },
): Promise<{ memberId: string; at: Instant; paid: Money }[]> {
  const rows = await db.run(purchasesOfMembers, [memberIds, period.from, period.until]);
  return rows.map(({ member_id, at, paid }) => ({ memberId: member_id, at, paid: money(paid) }));
}

export async function countMemberUses(
  db: Db,
  memberIds: readonly string[],
  before: Instant,
): Promise<{ memberId: string; promotionCode: string; uses: number }[]> {
  const rows = await db.run(usesOfMembers, [memberIds, before]);
  return rows.map(({ member_id, promotion, uses }) => ({
    memberId: member_id,
    promotionCode: promotion,
    uses: Number(uses),
  }));
}

function receiptOf(row: PastRow, lines: readonly PastLine[]): PastReceipt {
  return {
    receiptId: row.receipt_id,
    memberId: row.has_member ? row.member_id : null,
    shopId: row.shop_id,
    externalId: row.external_id,
    at: row.at,
    tierCode: row.tier_code,
    redeemed: points(row.redeemed_points),
    pointsBefore: pointsBefore(row),
    uses: row.uses.filter((use) => use.promoCodeId !== null || use.windowId !== null),
    lines,
  };
}

/** The balance that was answered, less what this very receipt did to it. */
function pointsBefore({ balance, redeemed_points, earned_points }: PastRow): Points {
  if (balance === null) return points(0n);
  const after = BigInt(balance.available) + BigInt(balance.pending) + BigInt(balance.reserved);
  const before = after + redeemed_points - earned_points;
  return points(before > 0n ? before : 0n);
}

function lineOf(row: LineRow): PastLine {
  return {
    lineId: row.line_id,
    sku: row.sku,
    kind: row.kind,
    quantity: row.quantity,
    shelfSum: money(row.shelf_sum),
    tillDiscount: money(row.till_discount),
  };
}
