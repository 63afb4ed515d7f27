import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics.ts';
import { docsPage } from './docs-page.ts';
import type { MountedRoute } from './handler.ts';
import { openApiDocument } from './openapi.ts';

export interface Readiness {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

export interface SystemOptions {
  readonly routes: readonly MountedRoute[];
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Metrics;
  readonly version: string;
}

const json = 'application/json; charset=utf-8';

/** What is not the product: is it alive, is it ready, how is it doing, what does it speak. No key is needed; a proxy keeps /metrics inside. */
export function systemRoutes(server: FastifyInstance, options: SystemOptions): void {
  let isDraining = false;
  server.addHook('preClose', (done) => {
    isDraining = true;
    done();
  });
  server.get('/healthz', (_request, reply) => reply.type(json).send('{"status":"ok"}'));
  server.get('/readyz', async (_request, reply) => {
    const readiness = isDraining ? { ok: false, checks: { process: 'draining' } } : await options.ready();
    const body = { status: readiness.ok ? 'ok' : 'not ready', checks: readiness.checks };
    return reply
      .code(readiness.ok ? 200 : 503)
      .type(json)
      .send(JSON.stringify(body));
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(options.metrics.registry.contentType).send(await options.metrics.text()),
  );
  // Made at the first request: a server that is only asked for receipts does not pay for its documentation.
  let document: string | undefined;
  const contracts = options.routes.map((route) => route.contract);
  const openapi = () => openApiDocument(contracts, options.version);
  server.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(openapi());
    return reply.type(json).send(document);
  });
  let page: ReturnType<typeof docsPage> | undefined;
  server.get('/docs', (_request, reply) => {
    page ??= docsPage(openapi());
    return reply.headers(page.headers).send(page.html);
  });
}
