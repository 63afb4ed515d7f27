import type { Instant } from '#kernel/time.ts';
import { statement, type Tx } from '#platform/db.ts';
import type { PromoCode } from '../domain/promo-code.ts';

const insert = statement<{ code_key: string }>(
  'promotions.insert_code',
  `insert into promotions.promo_code
     (code_key, text, kind, promotion_code, pool_id, member_id, issued_by, valid_from, valid_until, uses_max, uses, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (code_key) do nothing returning code_key`,
);

/** False: the key is taken, by a live code or a dead one. */
export async function insertPromoCode(tx: Tx, code: PromoCode): Promise<boolean> {
  const what = [code.codeKey, code.text, code.kind, code.promotionCode, code.poolId, code.memberId, code.issuedBy];
  const rows = await tx.run(insert, [
    ...what,
    code.validFrom,
    code.validUntil,
    code.usesMax,
    code.uses,
    code.createdAt,
  ]);
  return rows.length === 1;
}

const cancel = statement<{ code_key: string }>(
  'promotions.cancel_code',
  'update promotions.promo_code set cancelled_at = coalesce(cancelled_at, $2) where code_key = $1 returning code_key',
);

/** False: there is no such code. */
export async function cancelCode(tx: Tx, codeKey: string, at: Instant): Promise<boolean> {
  return (await tx.run(cancel, [codeKey, at])).length === 1;
}

const insertImported = statement<{ code_key: string }>(
  'promotions.insert_imported_code',
  `insert into promotions.promo_code
     (code_key, text, kind, promotion_code, member_id, valid_until, uses_max, uses, uses_imported, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) on conflict (code_key) do nothing returning code_key`,
);

const deleteImported = statement<{ code_key: string }>(
  'promotions.delete_imported_code',
  'delete from promotions.promo_code where code_key = $1 and uses = uses_imported returning code_key',
);

/** A code from another system, with the uses it had there. False: the key is taken. */
export async function insertImportedCode(tx: Tx, code: PromoCode): Promise<boolean> {
  const what = [code.codeKey, code.text, code.kind, code.promotionCode, code.memberId];
  return (
    (await tx.run(insertImported, [...what, code.validUntil, code.usesMax, code.uses, code.createdAt])).length === 1
  );
}

/** False: it was used here since, or is gone: it stays as it is. */
export async function deleteImportedCode(tx: Tx, codeKey: string): Promise<boolean> {
  return (await tx.run(deleteImported, [codeKey])).length === 1;
}
