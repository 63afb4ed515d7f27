import type { ModuleMount } from '#platform/module.ts';
import { saleRoutes } from './http/sale-routes.ts';
import { expireHolds } from './service/cancel-sale.ts';
import type { CheckoutDeps } from './service/deps.ts';

export function mountCheckout(deps: CheckoutDeps): ModuleMount {
  return {
    name: 'checkout',
    routes: [...saleRoutes(deps)],
    dueWork: [{ name: 'checkout.expire_holds', runDue: (now) => expireHolds(deps, now) }],
  };
}
