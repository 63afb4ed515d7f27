import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#platform/db.ts';
import { codeKey, keyLengthMin } from '../domain/code-key.ts';
import type { PromoCode } from '../domain/promo-code.ts';
import { deleteImportedCode, insertImportedCode } from '../store/codes.ts';

export interface ImportedCode {
  readonly text: string;
  readonly promotionCode: string;
  /** Works for this member only; null: for anyone. */
  readonly memberId: string | null;
  /** Used in the other system already: nobody uses it a second time here. */
  readonly used: boolean;
  /** Exclusive. */
  readonly validUntil: Instant | null;
  readonly now: Instant;
}

export type ImportedCodeRefusal = {
  readonly code: 'promo_code_taken' | 'promo_code_unreadable';
  readonly field: '/code';
};

/** A code of one use from another system. */
export async function addImportedCode(
  tx: Tx,
  imported: ImportedCode,
): Promise<Outcome<PromoCode, ImportedCodeRefusal>> {
  const key = codeKey(imported.text);
  if (key.length < keyLengthMin) return refused({ code: 'promo_code_unreadable', field: '/code' });
  const code: PromoCode = {
    codeKey: key,
    text: imported.text.trim(),
    kind: imported.memberId === null ? 'unique' : 'personal',
    promotionCode: imported.promotionCode,
    poolId: null,
    memberId: imported.memberId,
    issuedBy: null,
    validFrom: null,
    validUntil: imported.validUntil,
    usesMax: 1,
    uses: imported.used ? 1 : 0,
    cancelledAt: null,
    createdAt: imported.now,
  };
  return (await insertImportedCode(tx, code)) ? done(code) : refused({ code: 'promo_code_taken', field: '/code' });
}

/** Undoes it; false: it was used here since. */
export function removeImportedCode(tx: Tx, key: string): Promise<boolean> {
  return deleteImportedCode(tx, key);
}
