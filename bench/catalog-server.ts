// The whole program behind its own HTTP server, in a process of its own, plus an echo route to be measured against: what `bench/catalog.ts` asks.
// Told the database by its arguments; tells its address, its key and what is on the shelf.
import process from 'node:process';
import { catalogCalculationRoute } from '@kopilka/contract/checkout';
import { z } from 'zod';
import { done } from '../packages/server/src/kernel/outcome.ts';
import { createApiKey } from '../packages/server/src/modules/access/index.ts';
import { systemClock } from '../packages/server/src/platform/clock.ts';
import { parseConfig } from '../packages/server/src/platform/config.ts';
import { openDatabase } from '../packages/server/src/platform/db.ts';
import { joinable } from '../packages/server/src/platform/db-joined.ts';
import type { Foundation } from '../packages/server/src/platform/foundation.ts';
import { handler } from '../packages/server/src/platform/http/handler.ts';
import { createServer } from '../packages/server/src/platform/http/server.ts';
import { createLog } from '../packages/server/src/platform/log.ts';
import { createMetrics } from '../packages/server/src/platform/metrics.ts';
import { idMaker, systemRandom } from '../packages/server/src/platform/random.ts';
import { openPorts } from '../packages/server/src/wiring/ports.ts';
import { mountAll } from '../packages/server/src/wiring.ts';
import { bencher, fillShelf } from './catalog-fill.ts';

const [url = ''] = process.argv.slice(2);
const config = parseConfig({});
if (!config.ok) throw new Error(config.refusal.details.problems.join('\n'));
const clock = systemClock;
const random = systemRandom();
const foundation: Foundation = {
  ...{ config: config.value, secret: 'the bench keeps no secrets of anybody', clock, random },
  newId: idMaker(clock, random),
  db: joinable(openDatabase({ url, poolSize: 8 })),
  log: createLog({ level: 'silent' }),
  metrics: createMetrics(),
};
const ports = await openPorts(foundation);
const kopilka = mountAll(foundation, ports);
const shelf = await fillShelf(foundation, kopilka, ports);

const texts = new Map<number, string>();
/** Takes a body of any size and answers one of the size it is told: the same server, key, parsing and checks, and nothing in between. */
const echo = handler(
  {
    ...{ method: 'POST', path: '/v1/bench/echo', tag: 'Bench', summary: 'Echo', scope: 'checkout', refusals: {} },
    body: z.strictObject({ text: z.string(), answer: z.int() }),
    response: z.object({ text: z.string() }),
  } as const,
  ({ body }) => {
    const text = texts.get(body.answer) ?? 'x'.repeat(body.answer);
    texts.set(body.answer, text);
    return done({ text });
  },
);
/** An echo that reads and writes the very bodies of the calculation by its contract: what is left between the two is the calculation itself. */
const mirror = handler({ ...catalogCalculationRoute, path: '/v1/bench/mirror' }, ({ body }) => {
  const products = body.products.map(({ sku, price = 9_900n }) => ({
    ...{ sku, known: true, price, discounted_price: price, earned_points: 100n },
    ...{ redeem_limit: 100n, price_with_points: price },
  }));
  return done({ program_version: 1, prices_add_up: false as const, products });
});
const server = createServer({
  ...foundation,
  routes: [...kopilka.routes, echo, mirror],
  authenticate: kopilka.authenticate,
  ready: () => Promise.resolve({ ok: true, checks: {} }),
  bodyLimitBytes: config.value.bodyLimitBytes,
  rateLimitPerMinute: 0,
  version: 'bench',
});
const { key } = await createApiKey(kopilka.access, {
  ...{ name: 'bench', integration: 'bench', scopes: ['checkout'], shopIds: null, test: false },
  ...{ caller: bencher, now: clock.now() },
});
process.on('disconnect', () => {
  ports.stop();
  void server
    .close()
    .then(() => foundation.db.close())
    .then(() => process.exit(0));
});
process.on('message', () => process.send?.({ rssBytes: process.memoryUsage.rss() }));
process.send?.({ address: await server.listen({ host: '127.0.0.1', port: 0 }), key, ...shelf });
