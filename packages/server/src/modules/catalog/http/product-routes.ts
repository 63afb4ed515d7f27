import * as wire from '@kopilka/contract/catalog';
import { done } from '#kernel/outcome.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { archiveProduct } from '../service/archive-product.ts';
import type { CatalogDeps } from '../service/deps.ts';
import { flagProducts } from '../service/flag-products.ts';
import { deleteCategory, putCategory } from '../service/put-category.ts';
import { brandPage, categoryPage, getProduct, productPage } from '../service/read-catalog.ts';
import { putProduct, putProducts } from '../service/save-products.ts';
import { isPathPlace, isTextPlace, readCursor, writeCursor } from './cursor.ts';
import { actorOf, presentCategory, presentProduct, readFields } from './present.ts';

export function productRoutes(deps: CatalogDeps): readonly MountedRoute[] {
  return [
    handler(wire.putProduct, async ({ params, body, caller }) => {
      const answer = await putProduct(deps, { sku: params.sku, fields: readFields(body) }, actorOf(caller));
      if (!answer.ok) return answer;
      return done({ outcome: answer.value.outcome, product: presentProduct(answer.value.product) });
    }),
    handler(wire.putProducts, async ({ body, caller }) => {
      const puts = body.items.map((item) => ({ sku: item.sku, fields: readFields(item) }));
      const plans = await putProducts(deps, puts, actorOf(caller));
      const count = (outcome: string) => plans.filter((plan) => plan.outcome === outcome).length;
      const results = plans.map((plan, index) => {
        const [note] = plan.outcome === 'refused' ? plan.notes : [];
        const told =
          note === undefined ? {} : { code: note.code, field: `/items/${index}${note.field}`, detail: note.detail };
        return { sku: puts[index]?.sku ?? '', outcome: plan.outcome, ...told };
      });
      return done({
        results,
        added: count('added'),
        changed: count('changed'),
        unchanged: count('unchanged'),
        refused: count('refused'),
      });
    }),
    handler(wire.listProducts, async ({ query }) => {
      const after = readCursor(query.cursor, isTextPlace);
      if (!after.ok) return after;
      const filter = {
        search: query.search,
        categoryCode: query.category_code,
        brand: query.brand,
        legalClass: query.legal_class,
        tag: query.tag,
        flag: query.flag,
        archived: query.archived ?? false,
      };
      const page = await productPage(deps.db, filter, { after: after.value, limit: query.limit });
      return done({ items: page.items.map(presentProduct), next_cursor: writeCursor(page.next) });
    }),
    handler(wire.getProduct, async ({ params }) => {
      const answer = await getProduct(deps.db, params.sku);
      return answer.ok ? done(presentProduct(answer.value)) : answer;
    }),
    handler(wire.archiveProduct, async ({ params, caller }) => {
      const answer = await archiveProduct(deps, params.sku, actorOf(caller));
      return answer.ok ? done(presentProduct(answer.value)) : answer;
    }),
    flagRoute(deps),
  ];
}

function flagRoute(deps: CatalogDeps): MountedRoute {
  return handler(wire.flagProducts, ({ body, caller }) => {
    const { filter, set } = body;
    return flagProducts(deps, {
      actor: actorOf(caller),
      dryRun: body.dry_run,
      filter: {
        skus: filter.skus,
        categoryCode: filter.category_code,
        brand: filter.brand,
        legalClass: filter.legal_class,
        tag: filter.tag,
      },
      set: {
        noEarning: set.no_earning,
        noRedeeming: set.no_redeeming,
        noPromotions: set.no_promotions,
        legalClass: set.legal_class,
        addTags: set.add_tags,
        removeTags: set.remove_tags,
      },
    });
  });
}

export function categoryRoutes(deps: CatalogDeps): readonly MountedRoute[] {
  return [
    handler(wire.listCategories, async ({ query }) => {
      const after = readCursor(query.cursor, isPathPlace);
      if (!after.ok) return after;
      const page = await categoryPage(deps.db, { after: after.value, limit: query.limit });
      return done({ items: page.items.map(presentCategory), next_cursor: writeCursor(page.next) });
    }),
    handler(wire.putCategory, async ({ params, body, caller }) => {
      const put = {
        code: params.code,
        name: body.name,
        parentCode: body.parent_code,
        noEarning: body.no_earning,
        noRedeeming: body.no_redeeming,
        noPromotions: body.no_promotions,
        legalClass: body.legal_class,
      };
      const answer = await putCategory(deps, put, actorOf(caller));
      return answer.ok ? done(presentCategory(answer.value)) : answer;
    }),
    handler(wire.deleteCategory, ({ params, caller }) => deleteCategory(deps, params.code, actorOf(caller))),
    handler(wire.listBrands, async ({ query }) => {
      const after = readCursor(query.cursor, isTextPlace);
      if (!after.ok) return after;
      const page = await brandPage(deps.db, { after: after.value, limit: query.limit });
      return done({ items: [...page.items], next_cursor: writeCursor(page.next) });
    }),
  ];
}
