import { endOfDaysAfter, type Instant } from '#kernel/time.ts';
import type { Quote } from '#modules/program/index.ts';
import { issueCode } from '#modules/promotions/index.ts';
import type { Tx } from '#platform/db.ts';
import type { KeptCode } from '../domain/receipt.ts';
import type { CheckoutDeps } from './deps.ts';

export interface CodesFor {
  /** null: whoever brings the code. */
  readonly memberId: string | null;
  readonly receiptId: string;
  readonly at: Instant;
  readonly now: Instant;
  readonly zone: string;
}

/** Makes the codes for next time that the receipt earned (R16). Rare, so they may cost round trips of their own. */
export async function issueNextCodes(
  tx: Tx,
  deps: Pick<CheckoutDeps, 'random'>,
  quote: Pick<Quote, 'nextCodes'>,
  codes: CodesFor,
): Promise<KeptCode[]> {
  const kept: KeptCode[] = [];
  for (const next of quote.nextCodes) {
    const until = next.days === null ? null : endOfDaysAfter(codes.at, next.days, codes.zone);
    const code = await issueCode(
      tx,
      {
        promotionCode: next.promotionCode,
        memberId: codes.memberId,
        receiptId: codes.receiptId,
        validFrom: null,
        validUntil: until,
      },
      { now: codes.now, random: deps.random },
    );
    kept.push({
      code: code.text,
      promoCodeId: code.codeKey,
      promotion: next.promotionCode,
      until: until?.toString() ?? null,
    });
  }
  return kept;
}
