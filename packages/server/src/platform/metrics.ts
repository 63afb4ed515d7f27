import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Every metric of the program is declared here, so that an operator can read the list in one place. */
export interface Metrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>;
  readonly requestsRefused: Counter<'code'>;
  readonly idempotentReplays: Counter;
  readonly factsDelivered: Counter<'kind'>;
  readonly factFailures: Counter<'listener'>;
  readonly factsParked: Gauge;
  readonly factsPending: Gauge;
  readonly dueWorkDone: Counter<'work'>;
  readonly dueWorkFailures: Counter<'work'>;
  readonly dueWorkSeconds: Histogram<'work'>;
  /** Read anew at every scrape. */
  watchPool(read: () => PoolUse): void;
  text(): Promise<string>;
}

export interface PoolUse {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

const requestBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const workBuckets = [0.01, 0.1, 1, 10, 60, 300];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'kopilka_http_request_seconds',
      help: 'Time from the first byte of a request to the last of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: requestBuckets,
      registers,
    }),
    requestsRefused: counter('kopilka_http_problems_total', 'Answers that were problems, by code', ['code']),
    idempotentReplays: counter(
      'kopilka_idempotent_replays_total',
      'Repeats answered from the record of an Idempotency-Key',
      [],
    ),
    factsDelivered: counter(
      'kopilka_facts_delivered_total',
      'Facts handed to all their listeners, or dropped because nobody listens',
      ['kind'],
    ),
    factFailures: counter('kopilka_fact_failures_total', 'Listeners that failed on a fact', ['listener']),
    factsParked: gauge('kopilka_facts_parked', 'Facts whose listeners failed too often'),
    factsPending: gauge('kopilka_facts_pending', 'Facts waiting for the relay (counted up to 10,000)'),
    dueWorkDone: counter('kopilka_due_work_done_total', 'Rows of due work that were done', ['work']),
    dueWorkFailures: counter('kopilka_due_work_failures_total', 'Runs of due work that failed', ['work']),
    dueWorkSeconds: new Histogram({
      name: 'kopilka_due_work_seconds',
      help: 'Time of one run of due work',
      labelNames: ['work'],
      buckets: workBuckets,
      registers,
    }),
    watchPool: (read) => watchPool(registry, read),
    text: () => registry.metrics(),
  };
}

function watchPool(registry: Registry, read: () => PoolUse): void {
  new Gauge({
    name: 'kopilka_db_connections',
    help: 'Connections to the database, and those who wait for one',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const use = read();
      this.set({ state: 'busy' }, use.total - use.idle);
      this.set({ state: 'idle' }, use.idle);
      this.set({ state: 'waiting' }, use.waiting);
    },
  });
}
