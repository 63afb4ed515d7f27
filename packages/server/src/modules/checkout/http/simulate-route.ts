import { simulateRoute } from '@kopilka/contract/checkout';
import { Temporal } from 'temporal-polyfill';
import { done, refused } from '#kernel/outcome.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { type SimulationDeps, simulateProgram } from '../service/simulate.ts';
import { presentSimulation } from '../service/simulation-answer.ts';

/** One simulation at a time in a process: tills share it. */
export function simulationRoutes(deps: SimulationDeps): MountedRoute[] {
  let isRunning = false;
  return [
    handler(simulateRoute, async ({ body, now }) => {
      if (isRunning) return refused({ code: 'simulation_running' });
      isRunning = true;
      try {
        const simulated = await simulateProgram(deps, {
          from: Temporal.PlainDate.from(body.from),
          to: Temporal.PlainDate.from(body.to),
          document: body.document ?? null,
          receiptsMax: body.receipts_max,
          now,
        });
        return simulated.ok ? done(presentSimulation(simulated.value)) : simulated;
      } finally {
        isRunning = false;
      }
    }),
  ];
}
