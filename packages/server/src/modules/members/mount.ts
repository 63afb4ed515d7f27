import type { ModuleMount } from '#platform/module.ts';
import { isOwnPrefix } from './domain/card.ts';
import { memberRoutes } from './http/member-routes.ts';
import { personRoutes } from './http/person-routes.ts';
import { recordRoutes } from './http/record-routes.ts';
import type { MembersDeps } from './service/deps.ts';
import { membersPart } from './service/part.ts';

export function mountMembers(deps: MembersDeps): ModuleMount {
  // GS1 leaves 2… to the shops; any other prefix is somebody's goods.
  if (!isOwnPrefix(deps.settings.cardPrefix))
    throw new RangeError('the prefix of cards begins with 2 and has 2 to 6 digits');
  return {
    name: 'members',
    routes: [...memberRoutes(deps), ...recordRoutes(deps), ...personRoutes(deps)],
    part: membersPart(deps),
  };
}
