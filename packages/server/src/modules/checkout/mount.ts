import type { ModuleMount } from '#platform/module.ts';
import { catalogRoutes } from './http/catalog-routes.ts';
import { receiptRoutes } from './http/receipt-routes.ts';
import { saleRoutes } from './http/sale-routes.ts';
import { simulationRoutes } from './http/simulate-route.ts';
import { expireHolds } from './service/cancel-sale.ts';
import type { CheckoutDeps } from './service/deps.ts';
import { checkoutPart } from './service/member-part.ts';
import type { SimulationDeps } from './service/simulate.ts';

export interface CheckoutMount extends ModuleMount {
  readonly name: 'checkout';
  /** For the command line. */
  readonly deps: CheckoutDeps;
  readonly simulation: SimulationDeps;
}

export function mountCheckout(deps: CheckoutDeps, simulation: SimulationDeps): CheckoutMount {
  return {
    ...{ name: 'checkout', deps, simulation },
    routes: [...saleRoutes(deps), ...receiptRoutes(deps), ...catalogRoutes(deps), ...simulationRoutes(simulation)],
    part: checkoutPart,
    dueWork: [{ name: 'checkout.expire_holds', runDue: (now) => expireHolds(deps, now) }],
  };
}
