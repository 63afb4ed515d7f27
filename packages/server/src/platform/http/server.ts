import { Readable } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../clock.ts';
import type { JoinableDatabase } from '../db-joined.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { NewId } from '../random.ts';
import { rateLimit } from '../rate-limit.ts';
import { type Answered, answering } from './answering.ts';
import { FileBody, fileTypes, parseJsonBody } from './body.ts';
import type { Caller } from './caller.ts';
import { type Arrival, doorkeeper } from './doorkeeper.ts';
import { answerFailure, answerProblem, refuseConnection } from './failures.ts';
import type { MountedRoute } from './handler.ts';
import { idempotency } from './idempotency.ts';
import { languageOf } from './language.ts';
import { parseQuery } from './query.ts';
import { recordRequests } from './record.ts';
import { type Readiness, systemRoutes } from './system.ts';

/** Answers the caller of an Authorization header, or null when the key is not known, revoked or missing. Throws on an outage only. */
export type Authenticate = (authorization: string | undefined, now: Temporal.Instant) => Promise<Caller | null>;

export interface ServerOptions {
  readonly routes: readonly MountedRoute[];
  readonly authenticate: Authenticate;
  readonly db: JoinableDatabase;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly ready: () => Promise<Readiness>;
  readonly bodyLimitBytes: number;
  /** Calls a key may make in a minute; 0 is no limit. */
  readonly rateLimitPerMinute: number;
  readonly version: string;
  /** As Fastify takes it: whose X-Forwarded-For is believed. */
  readonly trustProxy?: number | readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    arrival: Arrival | null;
  }
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
// External ids may be 200 characters, each up to twelve bytes when it is percent-encoded.
const paramLengthMax = 2400;
const requestTimeoutMs = 120_000;
const keepAliveMs = 72_000;
const drainPollMs = 50;
const saneRequestId = /^[\w.:/+=-]{8,128}$/;

export function createServer(options: ServerOptions): FastifyInstance {
  const { log } = options;
  const server = fastify({
    logger: false,
    bodyLimit: options.bodyLimitBytes,
    trustProxy: trusted(options.trustProxy),
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    // While the server drains, requests that got in are served; new connections are not accepted.
    return503OnClosing: false,
    routerOptions: { maxParamLength: paramLengthMax, querystringParser: parseQuery },
    genReqId: (raw) => {
      const given = raw.headers['x-request-id'];
      return typeof given === 'string' && saneRequestId.test(given) ? given : options.newId();
    },
    frameworkErrors: (error, request, reply) => {
      answerFailure(error, request, reply, log);
    },
    clientErrorHandler: (_error, socket) => refuseConnection(socket, options.newId()),
  });
  server.decorateRequest('arrival', null);
  readBodies(server);
  recordRequests(server, options);
  leaveWhenDrained(server);
  server.setErrorHandler((error, request, reply) => {
    answerFailure(error, request, reply, log);
  });
  server.setNotFoundHandler((request, reply) => {
    answerProblem('not_found', request, reply);
  });
  const refuseOtherMethods = watchMethods(server);
  mountRoutes(server, options);
  systemRoutes(server, options);
  refuseOtherMethods();
  return server;
}

function trusted(proxies: number | readonly string[] = 0): string[] | ((address: string, hop: number) => boolean) {
  if (typeof proxies === 'number') return (_address, hop) => hop < proxies;
  return [...proxies];
}

function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    try {
      done(null, parseJsonBody(bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser(fileTypes, (_request, bytes, done) => done(null, new FileBody(bytes)));
}

function mountRoutes(server: FastifyInstance, options: ServerOptions): void {
  const once = idempotency(options.db);
  const limit = options.rateLimitPerMinute > 0 ? rateLimit(options.rateLimitPerMinute) : undefined;
  for (const route of options.routes) {
    const { contract } = route;
    const answer = answering(route, once);
    server.route({
      method: contract.method,
      url: contract.path,
      onRequest: doorkeeper(contract, { clock: options.clock, authenticate: options.authenticate, limit }),
      // Not async: Fastify would wait for the socket on a promise of the reply, which costs more than the rest of it.
      handler: (request, reply) => {
        answer({ ...arrivalOf(request), ...asked(request) })
          .then((answered) => {
            if (answered.code !== undefined) options.metrics.requestsRefused.inc({ code: answered.code });
            if (answered.isRepeat === true) options.metrics.idempotentReplays.inc();
            send(reply, answered);
          })
          .catch((error: unknown) => answerFailure(error, request, reply, options.log));
      },
    });
  }
}

function arrivalOf(request: FastifyRequest): Arrival {
  if (request.arrival === null) throw new Error('a request got past the doorkeeper');
  return request.arrival;
}

function asked(request: FastifyRequest) {
  const key = request.headers['idempotency-key'];
  return {
    params: request.params,
    query: request.query,
    body: request.body,
    idempotencyKey: typeof key === 'string' ? key : undefined,
    requestId: request.id,
    language: languageOf(request.headers['accept-language']),
  };
}

function send(reply: FastifyReply, answered: Answered): void {
  reply.code(answered.status);
  reply.header('x-request-id', reply.request.id);
  reply.header('cache-control', 'no-store');
  if (answered.isRepeat === true) reply.header('idempotent-replayed', 'true');
  if (answered.status !== 204) {
    reply.header('content-type', answered.isRefusal ? 'application/problem+json' : 'application/json; charset=utf-8');
  }
  if (answered.stream !== undefined) {
    reply.header('content-type', `${answered.stream.type}; charset=utf-8`);
    reply.send(Readable.from(answered.stream.bytes));
    return;
  }
  reply.send(answered.status === 204 ? undefined : answered.json);
}

/** A connection that was busy when the server closed becomes idle later, and would be kept alive for more than a minute. */
function leaveWhenDrained(server: FastifyInstance): void {
  server.addHook('preClose', (done) => {
    const closing = setInterval(() => server.server.closeIdleConnections(), drainPollMs);
    server.server.once('close', () => clearInterval(closing));
    done();
  });
}

interface KnownPath {
  readonly url: string;
  readonly methods: Set<string>;
}

/** Hears of every route from now on; the function it answers makes the addresses refuse the methods they do not know: 405, not 404. */
function watchMethods(server: FastifyInstance): () => void {
  const known = new Map<string, KnownPath>();
  server.addHook('onRoute', (route) => {
    // Two routes may name the same place differently: /:id and /:memberId.
    const shape = route.url.replaceAll(/:\w+/g, ':');
    const path = known.get(shape) ?? { url: route.url, methods: new Set() };
    for (const method of [route.method].flat()) path.methods.add(method);
    known.set(shape, path);
  });
  return () => {
    for (const path of [...known.values()]) {
      const allow = [...path.methods].join(', ');
      server.route({
        method: methods.filter((method) => !path.methods.has(method)),
        url: path.url,
        handler: (request, reply) => {
          answerProblem('method_not_allowed', request, reply, { headers: { allow } });
        },
      });
    }
  };
}
