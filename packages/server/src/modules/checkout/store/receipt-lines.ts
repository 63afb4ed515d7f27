import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { ReceiptLine } from '../domain/receipt.ts';

export interface LinesOfReceipt {
  readonly memberId: string;
  readonly receiptId: string;
  readonly lines: readonly ReceiptLine[];
}

const columns = [
  'member_id',
  'receipt_id',
  'line_no',
  'line_id',
  'sku',
  'product_id',
  'kind',
  'quantity',
  'shelf_sum',
  'till_discount',
  'discount',
  'redeemed_points',
  'redeemed_money',
  'rounding',
  'paid',
  'earned_points',
  'gift',
  'discounts',
  'returned_units',
] as const;

interface LineRow {
  line_no: number;
  line_id: string;
  sku: string | null;
  product_id: string | null;
  kind: ReceiptLine['kind'];
  quantity: bigint;
  shelf_sum: bigint;
  till_discount: bigint;
  discount: bigint;
  redeemed_points: bigint;
  redeemed_money: bigint;
  rounding: bigint;
  paid: bigint;
  earned_points: bigint;
  gift: boolean;
  discounts: { promotion: string; amount: number }[];
  /** numeric comes as text. */
  returned_units: string;
}

const insertLines = rowsStatement('checkout.insert_receipt_lines', {
  head: `insert into checkout.receipt_line (${columns.join(', ')})`,
  columns: columns.length,
});

const findLines = statement<LineRow>(
  'checkout.find_receipt_lines',
  `select ${columns.slice(2).join(', ')} from checkout.receipt_line where member_id = $1 and receipt_id = $2 order by line_no`,
);

const deleteLines = statement<never>(
  'checkout.delete_receipt_lines',
  'delete from checkout.receipt_line where member_id = $1 and receipt_id = $2',
);

const moveReturned = statement<never>(
  'checkout.update_returned_units',
  `update checkout.receipt_line line set returned_units = moved.units
   from unnest($3::smallint[], $4::numeric[]) as moved (line_no, units)
   where line.member_id = $1 and line.receipt_id = $2 and line.line_no = moved.line_no`,
);

export function saveLines(tx: Tx, receipts: readonly LinesOfReceipt[]): Promise<void> {
  return insertRows(
    tx,
    insertLines,
    receipts.flatMap(({ memberId, receiptId, lines }) =>
      lines.map((line) => [memberId, receiptId, ...lineValues(line)]),
    ),
  );
}

/** A hold that is edited or confirmed with other weights gets its lines anew. */
export async function replaceLines(tx: Tx, receipt: LinesOfReceipt): Promise<void> {
  const removed = tx.run(deleteLines, [receipt.memberId, receipt.receiptId]);
  await Promise.all([removed, saveLines(tx, [receipt])]);
}

export async function loadLines(db: Db, memberId: string, receiptId: string): Promise<ReceiptLine[]> {
  return (await db.run(findLines, [memberId, receiptId])).map(toLine);
}

export async function saveReturnedUnits(
  tx: Tx,
  receipt: { memberId: string; receiptId: string },
  lines: readonly Pick<ReceiptLine, 'lineNo' | 'returnedUnits'>[],
): Promise<void> {
  await tx.run(moveReturned, [
    receipt.memberId,
    receipt.receiptId,
    lines.map((line) => line.lineNo),
    lines.map((line) => line.returnedUnits),
  ]);
}

function lineValues(line: ReceiptLine): unknown[] {
  const discounts = line.discounts.map(({ promotionCode, amount }) => ({
    promotion: promotionCode,
    amount: Number(amount),
  }));
  return [
    line.lineNo,
    line.lineId,
    line.sku,
    line.productId,
    line.kind,
    line.quantity,
    line.shelfSum,
    line.tillDiscount,
    line.discount,
    line.redeemedPoints,
    line.redeemedMoney,
    line.rounding,
    line.paid,
    line.earnedPoints,
    line.gift,
    JSON.stringify(discounts),
    line.returnedUnits,
  ];
}

function toLine(row: LineRow): ReceiptLine {
  return {
    lineNo: row.line_no,
    lineId: row.line_id,
    sku: row.sku,
    productId: row.product_id,
    kind: row.kind,
    quantity: row.quantity,
    shelfSum: money(row.shelf_sum),
    tillDiscount: money(row.till_discount),
    discount: money(row.discount),
    discounts: row.discounts.map(({ promotion, amount }) => ({ promotionCode: promotion, amount: money(amount) })),
    redeemedPoints: points(row.redeemed_points),
    redeemedMoney: money(row.redeemed_money),
    rounding: money(row.rounding),
    paid: money(row.paid),
    earnedPoints: points(row.earned_points),
    gift: row.gift,
    returnedUnits: BigInt(row.returned_units),
  };
}
