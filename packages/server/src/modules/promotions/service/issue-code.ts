import { AssertionError } from '#kernel/assert.ts';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#platform/db.ts';
import type { Random } from '#platform/random.ts';
import { bytesFor, lettersFrom, readableCode } from '../domain/code-alphabet.ts';
import { codeKey } from '../domain/code-key.ts';
import type { PromoCode } from '../domain/promo-code.ts';
import { insertPromoCode } from '../store/codes.ts';

export interface CodeToIssue {
  readonly promotionCode: string;
  /** Works for this member only; null: for who brings it (a receipt without a member). */
  readonly memberId: string | null;
  /** The receipt that issues it: a return cancels it unused (R22). */
  readonly receiptId: string | null;
  readonly validFrom: Instant | null;
  /** Exclusive. */
  readonly validUntil: Instant | null;
  readonly prefix?: string;
}

const lettersOfIssued = 9;
const collisionsMax = 8;

/** Makes a code of one use, such as "a code for next time" or a campaign's personal code. */
export async function issueCode(
  tx: Tx,
  issue: CodeToIssue,
  making: { readonly now: Instant; readonly random: Random },
): Promise<PromoCode> {
  for (let tries = 0; tries < collisionsMax; tries += 1) {
    const letters = lettersFrom(making.random.bytes(bytesFor(lettersOfIssued)), lettersOfIssued);
    if (letters === '') continue;
    const text = readableCode(issue.prefix ?? '', letters);
    const code: PromoCode = {
      codeKey: codeKey(text),
      text,
      kind: issue.memberId === null ? 'unique' : 'personal',
      promotionCode: issue.promotionCode,
      poolId: null,
      memberId: issue.memberId,
      issuedBy: issue.receiptId,
      validFrom: issue.validFrom,
      validUntil: issue.validUntil,
      usesMax: 1,
      uses: 0,
      cancelledAt: null,
      createdAt: making.now,
    };
    if (await insertPromoCode(tx, code)) return code;
  }
  throw new AssertionError('no free promo code was found: chance is broken');
}
