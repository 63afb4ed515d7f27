// A server with a few routes and one caller: for tests of a module's adapters.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db.ts';
import { joinable } from '#platform/db-joined.ts';
import type { MountedRoute } from '#platform/http/handler.ts';
import { createServer } from '#platform/http/server.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { testCaller } from './members.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** undefined: not JSON. */
  readonly json: unknown;
}

export interface RouteServer {
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export function routeServer(
  routes: readonly MountedRoute[],
  on: { readonly db: Database; readonly clock: Clock },
): RouteServer {
  const server: FastifyInstance = createServer({
    routes,
    authenticate: () => Promise.resolve(testCaller),
    db: joinable(on.db),
    clock: on.clock,
    newId: idMaker(on.clock, seededRandom(99)),
    log: createLog({ level: 'silent' }),
    metrics: createMetrics(),
    ready: () => Promise.resolve({ ok: true, checks: {} }),
    bodyLimitBytes: 1_000_000,
    rateLimitPerMinute: 0,
    version: '0.0.0',
  });
  return {
    ask: async (method, url, body) => {
      const request = { method, url, headers: { authorization: 'Bearer test' } };
      const answer = await server.inject(body === undefined ? request : { ...request, payload: body as object });
      const type = String(answer.headers['content-type'] ?? '');
      const json: unknown = type.includes('json') ? answer.json() : undefined;
      return { status: answer.statusCode, type, body: answer.body, json };
    },
    close: () => server.close(),
  };
}
