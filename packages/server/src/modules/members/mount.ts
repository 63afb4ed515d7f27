import type { ModuleMount } from '#platform/module.ts';
import { memberRoutes } from './http/member-routes.ts';
import { personRoutes } from './http/person-routes.ts';
import { recordRoutes } from './http/record-routes.ts';
import type { MembersDeps } from './service/deps.ts';
import { membersPart } from './service/part.ts';

export function mountMembers(deps: MembersDeps): ModuleMount {
  return {
    name: 'members',
    routes: [...memberRoutes(deps), ...recordRoutes(deps), ...personRoutes(deps)],
    part: membersPart(deps),
  };
}
