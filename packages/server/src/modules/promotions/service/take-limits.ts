import type { PromotionUse, TotalLimit } from '#modules/program/index.ts';
import { all, brokenConstraint, type Tx } from '#platform/db.ts';
import { laneOf } from '../domain/lanes.ts';
import type { TakeContext } from '../domain/use.ts';
import { takeUseOfCode } from '../store/code-uses.ts';
import { takeFromLane } from '../store/lanes.ts';
import { type Taking, takeFromLimit } from '../store/limits.ts';
import { countMemberUses, countsOf, insertTakenUses } from '../store/uses.ts';
import { takeWindowUse } from '../store/windows.ts';

/**
 * Takes what a sale uses: rows of its uses, the member's counts, windows, promo codes, and last the total limits (R25, R26). Everything is
 * sent at once, codes and counters in their keys' order so that no two sales deadlock; hand the promise to `commitWith` as its last one.
 * What goes over a limit breaks a constraint, and with it the transaction: ask `brokenLimit` what it was, then quote again.
 */
export function takeLimits(tx: Tx, uses: readonly PromotionUse[], context: TakeContext): Promise<void> {
  const counted = uses.filter((use) => countsOf(use).anywhere);
  if (counted.length === 0) return Promise.resolve();
  const sent: Promise<unknown>[] = [insertTakenUses(tx, counted, context)];
  const perMember = counted.filter((use) => countsOf(use).perMember);
  if (perMember.length > 0) sent.push(countMemberUses(tx, perMember, context));
  for (const use of counted)
    if (use.windowId !== null) sent.push(takeWindowUse(tx, context.countedBy ?? context.memberId, use.windowId));
  for (const codeKey of codesOf(counted)) sent.push(takeUseOfCode(tx, codeKey, context.forced));
  for (const { taking, limit } of takingsOf(counted)) {
    const isLaned = !context.forced && context.laned?.has(taking.promotionCode) === true;
    const lane = laneOf(context.receiptId);
    sent.push(isLaned ? takeFromLane(tx, taking, lane) : takeFromLimit(tx, taking, limit, context.forced));
  }
  return all(sent);
}

/** Each code once a receipt, however many promotions it switched on. */
function codesOf(uses: readonly PromotionUse[]): string[] {
  const keys = uses.map((use) => use.promoCodeId).filter((key) => key !== null);
  return [...new Set(keys)].sort();
}

function takingsOf(uses: readonly PromotionUse[]): { taking: Taking; limit: TotalLimit }[] {
  const byCode = new Map<string, { taking: Taking; limit: TotalLimit }>();
  for (const { promotionCode, points, discount, limits } of uses) {
    if (limits.total === null) continue;
    const before = byCode.get(promotionCode)?.taking ?? { promotionCode, uses: 0n, points: 0n, money: 0n };
    const taking = {
      promotionCode,
      uses: before.uses + 1n,
      points: before.points + points,
      money: before.money + discount,
    };
    byCode.set(promotionCode, { taking, limit: limits.total });
  }
  return [...byCode.values()].sort((a, b) => (a.taking.promotionCode < b.taking.promotionCode ? -1 : 1));
}

export type BrokenLimit =
  | { readonly kind: 'promotion'; readonly promotionCode: string }
  | { readonly kind: 'promo_code'; readonly promoCodeId: string }
  /** A budget's lanes were folded meanwhile. */
  | { readonly kind: 'lane' };

const limitConstraints: ReadonlySet<string> = new Set([
  'limit_counter_within_max',
  'limit_lane_within_max',
  'promo_code_within_max',
]);

/** Which limit a failed sale went over; null: it failed of something else. PostgreSQL's detail shows the row, its key first. */
export function brokenLimit(error: unknown): BrokenLimit | null {
  const constraint = brokenConstraint(error);
  if (constraint === 'limit_lane_opened') return { kind: 'lane' };
  if (!limitConstraints.has(constraint)) return null;
  const detail = typeof error === 'object' && error !== null && 'detail' in error ? String(error.detail) : '';
  const key = /\(([^,]+),/.exec(detail)?.[1];
  if (key === undefined) return null;
  return constraint === 'promo_code_within_max'
    ? { kind: 'promo_code', promoCodeId: key }
    : { kind: 'promotion', promotionCode: key };
}
