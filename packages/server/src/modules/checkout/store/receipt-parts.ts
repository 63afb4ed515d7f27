import { type Db, statement } from '#platform/db.ts';

const partLines = statement<{ line_id: string; quantity: bigint; redeemed_points: bigint }>(
  'checkout.find_part_lines',
  `select line.line_id, sum(line.quantity)::bigint as quantity, sum(line.redeemed_points)::bigint as redeemed_points
   from checkout.receipt part
   join checkout.receipt_line line on line.member_id = part.member_id and line.receipt_id = part.receipt_id
   where part.member_id = $1 and line.member_id = $1 and part.outcome ->> 'partOf' = $2
   group by line.line_id`,
);

export interface ShippedParts {
  /** Thousandths by line. */
  readonly shipped: ReadonlyMap<string, bigint>;
  readonly redeemed: bigint;
}

/** What earlier parts of a held order took (R24). */
export async function loadParts(db: Db, memberId: string, orderId: string): Promise<ShippedParts> {
  const rows = await db.run(partLines, [memberId, orderId]);
  return {
    shipped: new Map(rows.map((row) => [row.line_id, row.quantity])),
    redeemed: rows.reduce((sum, row) => sum + row.redeemed_points, 0n),
  };
}
