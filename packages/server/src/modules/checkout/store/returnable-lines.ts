import type { Instant } from '#kernel/time.ts';
import { type Db, statement } from '#platform/db.ts';

/** A line of the member's earlier receipts that has something left to return. */
export interface ReturnableLine {
  readonly receiptId: string;
  readonly externalId: string;
  readonly shopId: string;
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: bigint;
  readonly paid: bigint;
  readonly returnedUnits: bigint;
}

const findLines = statement<{
  receipt_id: string;
  external_id: string;
  shop_id: string;
  line_id: string;
  sku: string;
  quantity: bigint;
  paid: bigint;
  returned_units: string;
}>(
  'checkout.find_returnable_lines',
  `select receipt.receipt_id, receipt.external_id, receipt.shop_id, line.line_id, line.sku, line.quantity, line.paid, line.returned_units
   from checkout.receipt_line line
   join checkout.receipt receipt on receipt.member_id = line.member_id and receipt.receipt_id = line.receipt_id
   where line.member_id = $1 and receipt.member_id = $1 and line.sku = any($2::text[]) and receipt.state = 'confirmed' and not receipt.returned_wholly
     and receipt.integration = $3 and receipt.at <= $4 and not line.gift
   order by receipt.at desc, receipt.receipt_id desc, line.line_no
   limit 500`,
);

/** Latest receipts first: what somebody brings back is more likely what they bought last. */
export async function findReturnableLines(
  db: Db,
  memberId: string,
  wanted: { skus: readonly string[]; integration: string; until: Instant },
): Promise<ReturnableLine[]> {
  const rows = await db.run(findLines, [memberId, wanted.skus, wanted.integration, wanted.until]);
  return rows.map((row) => ({
    receiptId: row.receipt_id,
    externalId: row.external_id,
    shopId: row.shop_id,
    lineId: row.line_id,
    sku: row.sku,
    quantity: row.quantity,
    paid: row.paid,
    returnedUnits: BigInt(row.returned_units),
  }));
}
