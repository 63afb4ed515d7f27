import type { ModuleMount } from '#platform/module.ts';
import { tiersRoutes } from './http/routes.ts';
import type { TiersDeps } from './service/deps.ts';
import { tiersPart } from './service/part.ts';
import { reviewWork } from './service/review-tiers.ts';

export function mountTiers(deps: TiersDeps): ModuleMount {
  return { name: 'tiers', routes: tiersRoutes(deps), part: tiersPart(deps), dueWork: [reviewWork(deps)] };
}
