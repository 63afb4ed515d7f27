import { money } from '#kernel/money.ts';
import { endOfDaysAfter, type Instant, isBefore } from '#kernel/time.ts';
import type { CartLine, CompiledProgram, Quote } from '#modules/program/index.ts';
import type { MemberState } from './member-state.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import { cartLines } from './sale-lines.ts';

/** A receipt without a member may be claimed until the end of the shop's 14th day after it (R23). */
const claimDays = 14;

export type ClaimProblem = 'not_confirmed' | 'already_returned' | 'claim_too_late';

/** Why nobody may claim the receipt any more; null: it is free. */
export function claimProblem(
  { receipt, lines }: { readonly receipt: Receipt; readonly lines: readonly ReceiptLine[] },
  moment: { readonly now: Instant; readonly zone: string },
): ClaimProblem | null {
  if (receipt.state !== 'confirmed') return 'not_confirmed';
  if (receipt.returnedMoney > 0n || lines.some((line) => line.returnedUnits > 0n)) return 'already_returned';
  return isBefore(moment.now, endOfDaysAfter(receipt.at, claimDays, moment.zone)) ? null : 'claim_too_late';
}

/** The cart for rating alone: what was paid stands, so every discount the buyer had counts as the till's own. */
export function paidCart(lines: readonly ReceiptLine[], find: (sku: string) => CartLine['product']): CartLine[] {
  return cartLines(
    lines.map((line) => ({ ...line, tillDiscount: money(line.shelfSum - line.paid) })),
    find,
  );
}

/** Promotions whose uses are counted by anyone: a claim takes none of them (R23). */
export function countedPromotions(program: CompiledProgram): Set<string> {
  return new Set(
    program.promotions
      .filter(({ limits }) => limits.perMember !== null || limits.perDay !== null || limits.total !== null)
      .map(({ code }) => code),
  );
}

/** The member as a claim may see it: personal windows that count their uses are left alone. */
export function withoutCountedWindows(state: MemberState): MemberState {
  return { ...state, windows: state.windows.filter((window) => window.usesLeft === null) };
}

/** The receipt's lines under the member: money as it was paid, points as they were earned by the claim. */
export function claimedLines(lines: readonly ReceiptLine[], quote: Pick<Quote, 'lines'>): ReceiptLine[] {
  const earned = new Map(quote.lines.map((line) => [line.lineId, line.earnedPoints]));
  return lines.map((line) => ({ ...line, earnedPoints: earned.get(line.lineId) ?? line.earnedPoints }));
}
