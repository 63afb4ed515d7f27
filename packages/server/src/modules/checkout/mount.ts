import type { ModuleMount } from '#platform/module.ts';
import { catalogRoutes } from './http/catalog-routes.ts';
import { receiptRoutes } from './http/receipt-routes.ts';
import { saleRoutes } from './http/sale-routes.ts';
import { expireHolds } from './service/cancel-sale.ts';
import type { CheckoutDeps } from './service/deps.ts';
import { checkoutPart } from './service/member-part.ts';

export function mountCheckout(deps: CheckoutDeps): ModuleMount {
  return {
    name: 'checkout',
    routes: [...saleRoutes(deps), ...receiptRoutes(deps), ...catalogRoutes(deps)],
    part: checkoutPart,
    dueWork: [{ name: 'checkout.expire_holds', runDue: (now) => expireHolds(deps, now) }],
  };
}
