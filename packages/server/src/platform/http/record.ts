import type { FastifyInstance } from 'fastify';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';

const millisecondsPerSecond = 1000;

/** One observation per answer, and one line in the log from level info on: never an address with its parameters, never a body. */
export function recordRequests(
  server: FastifyInstance,
  options: { readonly log: Logger; readonly metrics: Metrics },
): void {
  const { log, metrics } = options;
  const series = new Map<string, { observe(seconds: number): void }>();
  const seriesOf = (labels: { method: string; route: string; status: number }) => {
    const key = `${labels.method} ${labels.route} ${labels.status}`;
    const known = series.get(key);
    if (known !== undefined) return known;
    const made = metrics.requestSeconds.labels(labels.method, labels.route, String(labels.status));
    series.set(key, made);
    return made;
  };
  server.addHook('onResponse', (request, reply, done) => {
    const milliseconds = reply.elapsedTime;
    const labels = { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode };
    seriesOf(labels).observe(milliseconds / millisecondsPerSecond);
    if (log.isLevelEnabled('info')) {
      const key = request.arrival?.caller.id;
      log.info({
        event: 'request',
        ...labels,
        ms: Math.round(milliseconds * 10) / 10,
        request_id: request.id,
        caller: key,
      });
    }
    done();
  });
}
