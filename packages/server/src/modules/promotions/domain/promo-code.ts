import { type Instant, isAtOrBefore } from '#kernel/time.ts';
import type { CodeInHand } from '#modules/program/index.ts';

/** One promo code as the store keeps it. `codeKey` is its key everywhere: in uses, on the wire of modules, in the table. */
export interface PromoCode {
  readonly codeKey: string;
  /** As it was made, for people. */
  readonly text: string;
  readonly kind: PromoCodeKind;
  readonly promotionCode: string;
  readonly poolId: string | null;
  /** A personal code works for this member only. */
  readonly memberId: string | null;
  /** The receipt that issued it, "a code for next time". */
  readonly issuedBy: string | null;
  readonly validFrom: Instant | null;
  /** Exclusive. */
  readonly validUntil: Instant | null;
  readonly usesMax: number | null;
  readonly uses: number;
  readonly cancelledAt: Instant | null;
  readonly createdAt: Instant;
}

export type PromoCodeKind = 'common' | 'unique' | 'personal';

/** What a code found in the table is worth to this member now (R26). A cancelled one is as unknown as one never made. */
export function codeState(found: PromoCode, memberId: string | null, now: Instant): CodeInHand['state'] {
  if (found.cancelledAt !== null) return 'unknown';
  if (found.memberId !== null && found.memberId !== memberId) return 'not_yours';
  if (found.validFrom !== null && !isAtOrBefore(found.validFrom, now)) return 'not_yet';
  if (found.validUntil !== null && isAtOrBefore(found.validUntil, now)) return 'ended';
  if (found.usesMax !== null && found.uses >= found.usesMax) return 'used_up';
  return 'usable';
}

/** Guessing: a code that does not exist, or another member's. Coming late with a real code is no guess. */
export function isWrongTry(state: CodeInHand['state']): boolean {
  return state === 'unknown' || state === 'not_yours';
}
