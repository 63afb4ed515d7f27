import { PgBoss } from 'pg-boss';
import type { Logger } from './log.ts';

/**
 * Pokes and schedules, over pg-boss. Five functions and no more, so that it can be replaced. A job only says "look": due work is rows in the
 * modules' tables. Nothing is sent from a member's transaction; the relay may send.
 */
export interface Jobs {
  createQueue(name: string, options?: QueueOptions): Promise<void>;
  /** Data are ids as text: bigint does not survive JSON. Of several with one `singletonKey` only one waits. */
  send(
    queue: string,
    data: Readonly<Record<string, string>>,
    options?: { readonly singletonKey?: string },
  ): Promise<void>;
  /** Cron with minutes, in a time zone. Scheduling again replaces. */
  schedule(queue: string, cron: string, timeZone: string): Promise<void>;
  /** One job at a time per call; a job may run twice. */
  work(queue: string, handle: (data: Readonly<Record<string, string>>) => Promise<void>): Promise<void>;
  /** Waits for running handlers. */
  stop(): Promise<void>;
}

export interface QueueOptions {
  /** Without it jobs of one queue may run at the same time in several processes. */
  readonly oneAtATime?: boolean;
  readonly retriesMax?: number;
}

export interface JobsOptions {
  readonly url: string;
  readonly log: Logger;
}

const connectionsMax = 3;
const stopTimeoutMs = 30_000;
const pollingSeconds = 2;
const defaultRetriesMax = 3;

export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: options.url,
    max: connectionsMax,
    application_name: 'kopilka jobs',
    schema: 'pgboss',
  });
  boss.on('error', (error: unknown) => options.log.warn({ event: 'jobs_error', err: error }));
  await boss.start();
  return {
    createQueue: async (name, { oneAtATime = false, retriesMax = defaultRetriesMax } = {}) => {
      await boss.createQueue(name, {
        policy: oneAtATime ? 'stately' : 'standard',
        retryLimit: retriesMax,
        retryBackoff: true,
      });
    },
    send: async (queue, data, { singletonKey } = {}) => {
      await boss.send(queue, { ...data }, singletonKey === undefined ? {} : { singletonKey });
    },
    schedule: async (queue, cron, timeZone) => {
      await boss.schedule(queue, cron, {}, { tz: timeZone });
    },
    work: async (queue, handle) => {
      await boss.work<Record<string, string>>(queue, { pollingIntervalSeconds: pollingSeconds }, async (jobs) => {
        for (const job of jobs) await handle(job.data ?? {});
      });
    },
    stop: () => boss.stop({ graceful: true, timeout: stopTimeoutMs }),
  };
}
