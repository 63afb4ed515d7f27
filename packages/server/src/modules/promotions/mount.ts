import type { Database } from '#platform/db.ts';
import type { ModuleMount } from '#platform/module.ts';
import type { NewId, Random } from '#platform/random.ts';
import { promotionsRoutes } from './http/routes.ts';
import { promotionsPart } from './service/part.ts';
import { growPools } from './service/pools.ts';

export interface PromotionsMountDeps {
  readonly db: Database;
  readonly newId: NewId;
  readonly random: Random;
  /** The living member behind an id (an alias leads to its survivor); null: nobody. */
  readonly resolveMember: (memberId: string) => Promise<string | null>;
}

export function mountPromotions(deps: PromotionsMountDeps): ModuleMount {
  return {
    name: 'promotions',
    routes: promotionsRoutes(deps),
    part: promotionsPart,
    dueWork: [{ name: 'promo_code_pools', runDue: (now) => growPools(deps, now) }],
  };
}
