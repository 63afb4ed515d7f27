import { type Db, statement } from '#platform/db.ts';

const partLines = statement<{ line_id: string; quantity: bigint; redeemed_points: bigint }>(
  'checkout.find_part_lines',
  `select line.line_id, sum(line.quantity)::bigint as quantity, sum(line.redeemed_points)::bigint as redeemed_points
   from checkout.receipt part
   join checkout.receipt_line line on line.member_id = part.member_id and line.receipt_id = part.receipt_id
   where part.member_id = $1 and line.member_id = $1 and part.outcome ->> 'partOf' = $2
   group by line.line_id`,
);

const openParts = statement<{ open: boolean }>(
  'checkout.has_unreturned_parts',
  `select exists (select 1 from checkout.receipt
     where member_id = $1 and receipt_id <> $3 and not returned_wholly
       and (outcome ->> 'partOf' = $2 or (receipt_id = $2::uuid and state = 'held'))) as open`,
);

/** Whether anything of the order is still with the buyer, or may still go to him, besides this part. */
export async function hasOtherParts(
  db: Db,
  memberId: string,
  part: { readonly orderId: string; readonly receiptId: string },
): Promise<boolean> {
  const [row] = await db.run(openParts, [memberId, part.orderId, part.receiptId]);
  return row?.open === true;
}

export interface ShippedParts {
  /** Thousandths by line. */
  readonly shipped: ReadonlyMap<string, bigint>;
  readonly redeemed: bigint;
}

export const noParts: ShippedParts = { shipped: new Map(), redeemed: 0n };

/** What earlier parts of a held order took (R24). */
export async function loadParts(db: Db, memberId: string, orderId: string): Promise<ShippedParts> {
  const rows = await db.run(partLines, [memberId, orderId]);
  return {
    shipped: new Map(rows.map((row) => [row.line_id, row.quantity])),
    redeemed: rows.reduce((sum, row) => sum + row.redeemed_points, 0n),
  };
}
