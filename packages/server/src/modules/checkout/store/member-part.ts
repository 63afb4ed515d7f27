import type { Instant } from '#kernel/time.ts';
import { all, type Db, statement } from '#platform/db.ts';

const receiptsOf = statement<ExportedReceipt>(
  'checkout.receipts_of_members',
  `select receipt_id, shop_id, external_id, state, at, received_at, paid, shelf, till_discount, promotion_discount, redeemed_points, earned_points,
     returned_money, tier_code, flags, origin
   from checkout.receipt where member_id = any($1::uuid[]) order by at, receipt_id`,
);
const linesOf = statement<ExportedLine & { receipt_id: string }>(
  'checkout.lines_of_members',
  `select receipt_id, line_id, sku, quantity, shelf_sum, paid, redeemed_points, earned_points
   from checkout.receipt_line where member_id = any($1::uuid[]) order by receipt_id, line_no`,
);
const returnsOf = statement<ExportedReturn>(
  'checkout.returns_of_members',
  `select return_id, receipt_id, shop_id, external_id, at, money_returned, points_given_back, points_taken_back, debt_made
   from checkout.return where member_id = any($1::uuid[]) order by at, return_id`,
);
const fiscalOf = statement<ExportedFiscal>(
  'checkout.fiscal_keys_of_receipts',
  'select receipt_id, drive, document, sign, purpose, sum, at from checkout.fiscal_key where receipt_id = any($1::uuid[]) order by document',
);

interface ExportedReceipt {
  readonly receipt_id: string;
  readonly at: Instant;
}
interface ExportedLine {
  readonly line_id: string;
}
interface ExportedReturn {
  readonly return_id: string;
}
interface ExportedFiscal {
  readonly receipt_id: string;
}

/** Everything bought and brought back by a person, with what each receipt came to. Columns go out under their own names. */
export async function readPurchases(
  db: Db,
  memberIds: readonly string[],
): Promise<{ receipts: unknown[]; returns: unknown[] }> {
  const receipts = db.run(receiptsOf, [memberIds]);
  const lines = db.run(linesOf, [memberIds]);
  const returns = db.run(returnsOf, [memberIds]);
  await all([receipts, lines, returns]);
  const linesByReceipt = groupByReceipt(await lines);
  const fiscal = groupByReceipt(await db.run(fiscalOf, [(await receipts).map((receipt) => receipt.receipt_id)]));
  return {
    receipts: (await receipts).map((receipt) => ({
      ...receipt,
      lines: linesByReceipt.get(receipt.receipt_id) ?? [],
      fiscal: fiscal.get(receipt.receipt_id) ?? [],
    })),
    returns: await returns,
  };
}

function groupByReceipt<Row extends { readonly receipt_id: string }>(
  rows: readonly Row[],
): Map<string, Omit<Row, 'receipt_id'>[]> {
  const groups = new Map<string, Omit<Row, 'receipt_id'>[]>();
  for (const { receipt_id: receiptId, ...rest } of rows) {
    const group = groups.get(receiptId);
    if (group) group.push(rest);
    else groups.set(receiptId, [rest]);
  }
  return groups;
}
