import { required } from '#kernel/assert.ts';
import type { Db } from '#platform/db.ts';
import { loadLines } from '../store/receipt-lines.ts';
import { loadReceipt } from '../store/receipts.ts';
import type { SaleRecord } from './sale-command.ts';

export async function loadRecord(db: Db, memberId: string, receiptId: string): Promise<SaleRecord> {
  const receiptRead = loadReceipt(db, memberId, receiptId);
  const lines = await loadLines(db, memberId, receiptId);
  return { receipt: required(await receiptRead, `receipt ${receiptId}`), lines };
}
