import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { ReceiptReturn } from '../domain/return.ts';
import { returnResultFromJson } from './return-json.ts';

const columns = [
  'member_id',
  'return_id',
  'receipt_id',
  'integration',
  'shop_id',
  'external_id',
  'at',
  'received_at',
  'money_returned',
  'points_given_back',
  'points_taken_back',
  'debt_made',
  'test',
  'flags',
  'answer',
] as const;

interface ReturnRow {
  member_id: string;
  return_id: string;
  receipt_id: string;
  integration: string;
  shop_id: string;
  external_id: string;
  at: Instant;
  received_at: Instant;
  money_returned: bigint;
  test: boolean;
  flags: string[];
  answer: unknown;
}

const insertReturns = rowsStatement('checkout.insert_returns', {
  head: `insert into checkout.return (${columns.join(', ')})`,
  columns: columns.length,
});

const findReturn = statement<ReturnRow>(
  'checkout.find_return',
  `select ${columns.join(', ')} from checkout.return where member_id = $1 and return_id = $2`,
);

const findReturnsOfReceipt = statement<ReturnRow>(
  'checkout.find_returns_of_receipt',
  `select ${columns.join(', ')} from checkout.return where member_id = $1 and receipt_id = $2 order by at, return_id`,
);

export function saveReturns(tx: Tx, returns: readonly ReceiptReturn[]): Promise<void> {
  return insertRows(
    tx,
    insertReturns,
    returns.map((one) => [
      one.memberId,
      one.returnId,
      one.receiptId,
      one.integration,
      one.shopId,
      one.externalId,
      one.at,
      one.receivedAt,
      one.moneyReturned,
      one.result.pointsGivenBack,
      one.result.pointsTakenBack,
      one.result.debtMade,
      one.test,
      one.flags,
      one.result,
    ]),
  );
}

export async function loadReturn(db: Db, memberId: string, returnId: string): Promise<ReceiptReturn | null> {
  const [row] = await db.run(findReturn, [memberId, returnId]);
  return row ? toReturn(row) : null;
}

export async function loadReturnsOfReceipt(db: Db, memberId: string, receiptId: string): Promise<ReceiptReturn[]> {
  return (await db.run(findReturnsOfReceipt, [memberId, receiptId])).map(toReturn);
}

function toReturn(row: ReturnRow): ReceiptReturn {
  return {
    memberId: row.member_id,
    returnId: row.return_id,
    receiptId: row.receipt_id,
    integration: row.integration,
    shopId: row.shop_id,
    externalId: row.external_id,
    at: row.at,
    receivedAt: row.received_at,
    moneyReturned: money(row.money_returned),
    test: row.test,
    flags: row.flags,
    result: returnResultFromJson(row.answer),
  };
}
