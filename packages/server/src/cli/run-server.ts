import process from 'node:process';
import type { FastifyInstance } from 'fastify';
import { runDueWork } from '#platform/due-work.ts';
import type { Foundation } from '#platform/foundation.ts';
import { createServer } from '#platform/http/server.ts';
import type { Readiness } from '#platform/http/system.ts';
import { startJobs } from '#platform/jobs.ts';
import { relay } from '#platform/relay.ts';
import { surviveUnawaited } from '#platform/unawaited.ts';
import type { Kopilka } from '../wiring.ts';
import type { Session } from './session.ts';

export const version = '0.1.0';
export const roles = ['all', 'api', 'worker'] as const;
export type Role = (typeof roles)[number];

export interface Running {
  readonly address: string | null;
  /** HTTP first, so that nothing new comes in; then the work that is going on. */
  stop(): Promise<void>;
}

const dueWorkQueue = 'due-work';
const everyMinute = '* * * * *';
const readyTimeoutMs = 2_000;

export async function runServer(session: Session, role: Role): Promise<Running> {
  const foundation = await session.foundation();
  const kopilka = await session.kopilka();
  const forgetUnawaited = surviveUnawaited(foundation.log, process);
  foundation.metrics.watchPool(() => foundation.db.poolUse());
  const worker = role === 'api' ? null : await startWorker(session, foundation, kopilka);
  // A worker serves no routes, but is asked for its health and metrics.
  const server = serverOf(session, foundation, role === 'worker' ? [] : kopilka.routes, kopilka);
  const address = await listen(server, foundation);
  foundation.log.info({ event: 'serving', listens: address, role, version });
  return {
    address,
    stop: async () => {
      await server.close();
      await worker?.stop();
      forgetUnawaited();
      foundation.log.info({ event: 'stopped' });
    },
  };
}

function serverOf(
  session: Session,
  foundation: Foundation,
  routes: Kopilka['routes'],
  kopilka: Kopilka,
): FastifyInstance {
  const { config, db, clock, newId, log, metrics } = foundation;
  return createServer({
    routes,
    authenticate: kopilka.authenticate,
    db,
    clock,
    newId,
    log,
    metrics,
    ready: () => readiness(session),
    bodyLimitBytes: config.bodyLimitBytes,
    rateLimitPerMinute: config.rateLimitPerMinute,
    trustProxy: config.trustProxy,
    version,
  });
}

async function listen(server: FastifyInstance, { config }: Foundation): Promise<string> {
  return server.listen({ host: config.host, port: config.port });
}

async function readiness(session: Session): Promise<Readiness> {
  const timeout = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('timeout')), readyTimeoutMs).unref();
  });
  try {
    const missing = await Promise.race([session.missingMigrations(), timeout]);
    const migrations = missing.length === 0 ? 'ok' : `missing: ${missing.join(', ')}`;
    return { ok: missing.length === 0, checks: { database: 'ok', migrations } };
  } catch {
    return { ok: false, checks: { database: 'away' } };
  }
}

async function startWorker(
  session: Session,
  foundation: Foundation,
  kopilka: Kopilka,
): Promise<{ stop(): Promise<void> }> {
  const { db, log, metrics, clock, config } = foundation;
  const now = () => clock.now();
  const facts = relay({ db, listeners: kopilka.listeners, log, metrics, now });
  const jobs = await startJobs({ url: await session.databaseUrl(), log });
  await jobs.createQueue(dueWorkQueue, { oneAtATime: true });
  await jobs.schedule(dueWorkQueue, everyMinute, config.timeZone);
  await jobs.work(dueWorkQueue, async () => {
    await runDueWork({ work: kopilka.dueWork, log, metrics, now });
  });
  facts.start();
  return {
    stop: async () => {
      await Promise.all([jobs.stop(), facts.stop()]);
    },
  };
}
