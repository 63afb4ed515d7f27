import * as wire from '@kopilka/contract/catalog-shops';
import { done } from '#kernel/outcome.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import type { CatalogDeps } from '../service/deps.ts';
import { closeShop, putShop } from '../service/put-shop.ts';
import { getShop, shopPage } from '../service/read-catalog.ts';
import { isTextPlace, readCursor, writeCursor } from './cursor.ts';
import { actorOf, presentShop } from './present.ts';

export function shopRoutes(deps: CatalogDeps): readonly MountedRoute[] {
  return [
    handler(wire.listShops, async ({ query }) => {
      const after = readCursor(query.cursor, isTextPlace);
      if (!after.ok) return after;
      const page = await shopPage(deps.db, { after: after.value, limit: query.limit });
      return done({ items: page.items.map(presentShop), next_cursor: writeCursor(page.next) });
    }),
    handler(wire.getShop, async ({ params }) => {
      const answer = await getShop(deps.db, params.code);
      return answer.ok ? done(presentShop(answer.value)) : answer;
    }),
    handler(wire.putShop, async ({ params, body, caller }) => {
      const { legal_name: legalName, ...fields } = body;
      const answer = await putShop(deps, { ...fields, legalName, code: params.code }, actorOf(caller));
      return answer.ok ? done(presentShop(answer.value)) : answer;
    }),
    handler(wire.closeShop, async ({ params, caller }) => {
      const answer = await closeShop(deps, params.code, actorOf(caller));
      return answer.ok ? done(presentShop(answer.value)) : answer;
    }),
  ];
}
