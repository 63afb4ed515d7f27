import { catalogCalculationRoute } from '@kopilka/contract/checkout';
import { done } from '#kernel/outcome.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { calculateCatalog } from '../service/calculate-catalog.ts';
import { memberKeyOf } from '../service/content-of-request.ts';
import type { CheckoutDeps } from '../service/deps.ts';
import { presentCatalog } from './present-receipts.ts';

/** The catalog calculation (R17): a page of products in one call. */
export function catalogRoutes(deps: CheckoutDeps): MountedRoute[] {
  return [
    handler(catalogCalculationRoute, async ({ body, caller, now }) => {
      const calculated = await calculateCatalog(deps, {
        shopCode: body.shop,
        member: body.member ? memberKeyOf(body.member) : null,
        products: body.products.map(({ sku, price }) => ({ sku, price: price ?? null })),
        caller,
        now,
      });
      return calculated.ok ? done(presentCatalog(calculated.value)) : calculated;
    }),
  ];
}
