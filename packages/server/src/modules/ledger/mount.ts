import type { ModuleMount } from '#platform/module.ts';
import { pointsRoutes } from './http/points-routes.ts';
import type { LedgerDeps } from './service/deps.ts';
import { ledgerPart } from './service/part.ts';
import { settlingWork } from './service/settle-members.ts';

export function mountLedger(deps: LedgerDeps): ModuleMount {
  return { name: 'ledger', routes: pointsRoutes(deps), part: ledgerPart(deps), dueWork: [settlingWork(deps)] };
}
