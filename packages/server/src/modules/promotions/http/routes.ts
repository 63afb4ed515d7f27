import * as contract from '@kopilka/contract/promotions';
import { Temporal } from 'temporal-polyfill';
import { done } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { type CodeDeps, cancelPromoCode, createCode, readCode } from '../service/codes.ts';
import { limitsUsed } from '../service/limits-used.ts';
import { createPool, exportPool, type PoolDeps, readPool } from '../service/pools.ts';
import { grantWindowByHand } from '../service/windows-by-hand.ts';
import { presentCode, presentLimit, presentPool, presentWindow } from './present.ts';

export type PromotionsDeps = CodeDeps & PoolDeps;

export function promotionsRoutes(deps: PromotionsDeps): MountedRoute[] {
  return [...codeRoutes(deps), ...poolRoutes(deps), ...otherRoutes(deps)];
}

function codeRoutes(deps: PromotionsDeps): MountedRoute[] {
  return [
    handler(contract.createPromoCode, async ({ body, caller, now }) => {
      const term = { validFrom: instant(body.valid_from), validUntil: instant(body.valid_until) };
      const what = { text: body.code, promotionCode: body.promotion, memberId: body.member_id, usesMax: body.uses_max };
      const made = await createCode(deps, { ...what, ...term, caller, now });
      return made.ok ? done(presentCode(made.value, now)) : made;
    }),
    handler(contract.readPromoCode, async ({ params, now }) => {
      const found = await readCode(deps, params.code);
      return found.ok ? done(presentCode(found.value, now)) : found;
    }),
    handler(contract.cancelPromoCode, ({ params, caller, now }) =>
      cancelPromoCode(deps, { text: params.code, caller, now }),
    ),
  ];
}

function poolRoutes(deps: PromotionsDeps): MountedRoute[] {
  return [
    handler(contract.createPromoCodePool, async ({ body, caller, now }) => {
      const { name, promotion: promotionCode, count, prefix, length, uses_max: usesMax } = body;
      const term = { validFrom: instant(body.valid_from), validUntil: instant(body.valid_until) };
      const pool = await createPool(deps, {
        name,
        promotionCode,
        count,
        prefix,
        length,
        usesMax,
        ...term,
        caller,
        now,
      });
      return pool.ok ? done(presentPool(pool.value)) : pool;
    }),
    handler(contract.readPromoCodePool, async ({ params }) => {
      const pool = await readPool(deps, params.poolId);
      return pool.ok ? done(presentPool(pool.value)) : pool;
    }),
    handler(contract.exportPromoCodePool, ({ params }) => exportPool(deps, params.poolId)),
  ];
}

function otherRoutes(deps: PromotionsDeps): MountedRoute[] {
  return [
    handler(contract.grantWindow, async ({ params, body, caller, now }) => {
      const windows = await grantWindowByHand(deps, {
        memberId: params.memberId,
        promotionCode: body.promotion,
        from: instant(body.from) ?? now,
        until: Temporal.Instant.from(body.until),
        usesMax: body.uses_max,
        cause: body.cause,
        caller,
        now,
      });
      return windows.ok ? done({ items: windows.value.map(presentWindow) }) : windows;
    }),
    handler(contract.listLimits, async () => done({ items: (await limitsUsed(deps.db)).map(presentLimit) })),
  ];
}

function instant(text: string | null): Instant | null {
  return text === null ? null : Temporal.Instant.from(text);
}
