import type { Instant } from '#kernel/time.ts';
import type { PersonalWindow } from '#modules/program/index.ts';
import { codeState, type PromoCode } from '../domain/promo-code.ts';
import type { LimitState, LimitUsed } from '../service/limits-used.ts';
import type { PoolView } from '../service/pools.ts';

export function presentCode(code: PromoCode, now: Instant) {
  const state = codeState(code, code.memberId, now);
  return {
    code: code.text,
    kind: code.kind,
    promotion: code.promotionCode,
    // For its own member a code can be neither somebody else's nor guessed too often.
    state:
      state === 'usable' || state === 'not_yet' || state === 'ended' || state === 'used_up'
        ? state
        : ('cancelled' as const),
    pool_id: code.poolId,
    member_id: code.memberId,
    valid_from: code.validFrom?.toString() ?? null,
    valid_until: code.validUntil?.toString() ?? null,
    uses_max: code.usesMax,
    uses: code.uses,
    created_at: code.createdAt.toString(),
  };
}

export function presentPool(pool: PoolView) {
  return {
    id: pool.poolId,
    name: pool.name,
    promotion: pool.promotionCode,
    prefix: pool.prefix,
    count: pool.count,
    generated: pool.generated,
    state: pool.state,
    used: Number(pool.used),
    uses: Number(pool.uses),
    uses_max: pool.usesMax,
    valid_from: pool.validFrom?.toString() ?? null,
    valid_until: pool.validUntil?.toString() ?? null,
    created_at: pool.createdAt.toString(),
    finished_at: pool.finishedAt?.toString() ?? null,
  };
}

export function presentWindow(window: PersonalWindow) {
  const { windowId, promotionCode, from, until, usesLeft } = window;
  return {
    id: windowId,
    promotion: promotionCode,
    from: from.toString(),
    until: until.toString(),
    uses_left: usesLeft,
  };
}

export function presentLimit(limit: LimitState) {
  return {
    promotion: limit.promotionCode,
    uses: used(limit.uses),
    points: used(limit.points),
    money: used(limit.money),
  };
}

function used({ used: count, forced, max }: LimitUsed) {
  return { used: count, forced, max };
}
