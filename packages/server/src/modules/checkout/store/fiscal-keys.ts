import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { FiscalRequisites } from '../domain/fiscal.ts';

export interface ReceiptReference {
  readonly memberId: string;
  readonly receiptId: string;
}

// A repeat of the same sale brings the same requisites: the first stands, `ownersOf` tells whose they are.
const insertFiscal = rowsStatement('checkout.insert_fiscal_keys', {
  head: 'insert into checkout.fiscal_key (drive, document, sign, member_id, receipt_id, purpose, line_ids, sum, at)',
  columns: 9,
  tail: 'on conflict (drive, document, sign) do nothing',
});

const findOwner = statement<{ member_id: string; receipt_id: string }>(
  'checkout.find_fiscal_owner',
  'select member_id, receipt_id from checkout.fiscal_key where drive = $1 and document = $2 and sign = $3',
);

const moveOwner = statement<never>(
  'checkout.move_fiscal_keys',
  'update checkout.fiscal_key set member_id = $3, receipt_id = $4 where member_id = $1 and receipt_id = $2',
);

/** In the order of their numbers, so that two sales which name the same ones do not deadlock. */
export function saveFiscal(tx: Tx, owner: ReceiptReference, fiscal: readonly FiscalRequisites[]): Promise<void> {
  const sorted = fiscal.toSorted((a, b) => (fiscalKey(a) < fiscalKey(b) ? -1 : 1));
  const rows = sorted.map((one) => [
    one.drive,
    one.document,
    one.sign,
    owner.memberId,
    owner.receiptId,
    one.purpose,
    one.lineIds,
    one.sum,
    one.at,
  ]);
  return insertRows(tx, insertFiscal, rows);
}

export async function findFiscalOwner(
  db: Db,
  fiscal: Pick<FiscalRequisites, 'drive' | 'document' | 'sign'>,
): Promise<ReceiptReference | null> {
  const [row] = await db.run(findOwner, [fiscal.drive, fiscal.document, fiscal.sign]);
  return row ? { memberId: row.member_id, receiptId: row.receipt_id } : null;
}

/** A claimed receipt's requisites point to the copy. */
export async function moveFiscal(tx: Tx, from: ReceiptReference, to: ReceiptReference): Promise<void> {
  await tx.run(moveOwner, [from.memberId, from.receiptId, to.memberId, to.receiptId]);
}

function fiscalKey(fiscal: FiscalRequisites): string {
  return `${fiscal.drive} ${fiscal.document} ${fiscal.sign}`;
}
