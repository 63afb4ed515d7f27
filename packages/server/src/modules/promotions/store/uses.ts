import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import type { Instant, PlainDate } from '#kernel/time.ts';
import type { PromotionUse } from '#modules/program/index.ts';
import { all, type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { GiveBackContext, TakeContext, TakenUse } from '../domain/use.ts';

const insertUses = rowsStatement('promotions.insert_use', {
  head: `insert into promotions.use (member_id, receipt_id, use_id, promotion_code, code_key, window_id, discount, points, per_member, in_total,
    day, state, taken_at)`,
  columns: 13,
});

const countMemberUse = rowsStatement('promotions.count_member_use', {
  head: 'insert into promotions.member_use as m (member_id, promotion_code, uses, day, uses_today)',
  columns: 5,
  tail: `on conflict (member_id, promotion_code) do update set
    uses = m.uses + excluded.uses,
    uses_today = case when m.day = excluded.day then m.uses_today + excluded.uses_today else excluded.uses_today end,
    day = excluded.day`,
});

const uncountMemberUse = statement<never>(
  'promotions.uncount_member_use',
  `update promotions.member_use set
     uses = greatest(0, uses - 1),
     uses_today = case when day = $3 then greatest(0, uses_today - 1) else uses_today end
   where member_id = $1 and promotion_code = $2`,
);

const usesOfReceipt = statement<UseRow>(
  'promotions.uses_of_receipt',
  `select member_id, receipt_id, use_id, promotion_code, code_key, window_id, discount, points, discount_returned, points_returned, per_member,
     in_total, day, taken_at
   from promotions.use where member_id = $1 and receipt_id = $2 and state = 'taken' order by promotion_code, use_id`,
);

const markReturned = statement<never>(
  'promotions.mark_use_returned',
  `update promotions.use set state = 'returned', returned_at = $4, discount_returned = discount, points_returned = points
   where member_id = $1 and receipt_id = $2 and use_id = $3`,
);

const markPartReturned = statement<never>(
  'promotions.mark_use_part_returned',
  `update promotions.use set discount_returned = discount_returned + $4, points_returned = points_returned + $5
   where member_id = $1 and receipt_id = $2 and use_id = $3`,
);

interface UseRow {
  member_id: string;
  receipt_id: string;
  use_id: string;
  promotion_code: string;
  code_key: string | null;
  window_id: string | null;
  discount: bigint;
  points: bigint;
  discount_returned: bigint;
  points_returned: bigint;
  per_member: boolean;
  in_total: boolean;
  day: PlainDate;
  taken_at: Instant;
}

/** Which counts a use goes into. A use that is counted nowhere needs no row. */
export function countsOf(use: PromotionUse): { perMember: boolean; inTotal: boolean; anywhere: boolean } {
  const { perMember, perDay, total } = use.limits;
  const counts = { perMember: perMember !== null || perDay !== null, inTotal: total !== null };
  return {
    ...counts,
    anywhere: counts.perMember || counts.inTotal || use.promoCodeId !== null || use.windowId !== null,
  };
}

export function insertTakenUses(tx: Tx, uses: readonly PromotionUse[], context: TakeContext): Promise<void> {
  return insertRows(
    tx,
    insertUses,
    uses.map((use) => {
      const { perMember, inTotal } = countsOf(use);
      const what = [use.promotionCode, use.promoCodeId, use.windowId, use.discount, use.points, perMember, inTotal];
      return [context.memberId, context.receiptId, context.newId(), ...what, context.day, 'taken', context.at];
    }),
  );
}

export function countMemberUses(tx: Tx, uses: readonly PromotionUse[], context: TakeContext): Promise<void> {
  // One row a promotion: INSERT … ON CONFLICT refuses to touch a row twice.
  const times = new Map<string, number>();
  for (const use of uses) times.set(use.promotionCode, (times.get(use.promotionCode) ?? 0) + 1);
  const rows = [...times].map(([promotionCode, count]) => [
    context.countedBy ?? context.memberId,
    promotionCode,
    count,
    context.day,
    count,
  ]);
  return insertRows(tx, countMemberUse, rows);
}

/** What a receipt still has taken. The caller holds the member's lock. */
export async function takenUsesOf(db: Db, memberId: string, receiptId: string): Promise<TakenUse[]> {
  return (await db.run(usesOfReceipt, [memberId, receiptId])).map((row) => ({
    memberId: row.member_id,
    receiptId: row.receipt_id,
    useId: row.use_id,
    promotionCode: row.promotion_code,
    codeKey: row.code_key,
    windowId: row.window_id,
    discount: money(row.discount),
    points: points(row.points),
    discountReturned: money(row.discount_returned),
    pointsReturned: points(row.points_returned),
    perMember: row.per_member,
    inTotal: row.in_total,
    day: row.day,
    takenAt: row.taken_at,
  }));
}

export function returnUse(
  tx: Tx,
  use: TakenUse,
  { at, countedBy }: Pick<GiveBackContext, 'at' | 'countedBy'>,
): Promise<void> {
  const sent: Promise<unknown>[] = [tx.run(markReturned, [use.memberId, use.receiptId, use.useId, at])];
  if (use.perMember) sent.push(tx.run(uncountMemberUse, [countedBy ?? use.memberId, use.promotionCode, use.day]));
  return all(sent);
}

export async function returnPartOfUse(
  tx: Tx,
  use: TakenUse,
  back: { discount: bigint; points: bigint },
): Promise<void> {
  await tx.run(markPartReturned, [use.memberId, use.receiptId, use.useId, back.discount, back.points]);
}
