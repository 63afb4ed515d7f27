// The members module behind the program's own HTTP server, in a process of its own: what `bench/search.ts` asks. Told where and as whom by
// its arguments; tells its address, its key and, when asked, its memory.
import process from 'node:process';
import { phoneRegion } from '../packages/server/src/kernel/phone.ts';
import { createApiKey } from '../packages/server/src/modules/access/index.ts';
import { mountAccess } from '../packages/server/src/modules/access/mount.ts';
import { mountMembers } from '../packages/server/src/modules/members/mount.ts';
import { systemClock } from '../packages/server/src/platform/clock.ts';
import { openDatabase } from '../packages/server/src/platform/db.ts';
import { joinable } from '../packages/server/src/platform/db-joined.ts';
import { createServer } from '../packages/server/src/platform/http/server.ts';
import { createLog } from '../packages/server/src/platform/log.ts';
import { createMetrics } from '../packages/server/src/platform/metrics.ts';
import { idMaker, systemRandom } from '../packages/server/src/platform/random.ts';
import { standingHooks } from '../packages/server/test/members.ts';

const [url = ''] = process.argv.slice(2);
const clock = systemClock;
const random = systemRandom();
const newId = idMaker(clock, random);
const log = createLog({ level: 'silent' });
const db = joinable(openDatabase({ url, poolSize: 8 }));
const { access, routes } = mountAccess({ db, clock, newId, random, log });
const members = mountMembers({
  db,
  newId,
  settings: { region: phoneRegion('RU'), cardPrefix: '290', virtualCard: false },
  secret: 'the bench keeps no secrets of anybody',
  hooks: standingHooks,
  parts: () => [],
  shopIdOf: () => null,
});
const server = createServer({
  routes: [...routes, ...members.routes],
  authenticate: (authorization, now) => access.keyring.authenticate(authorization, now),
  db,
  clock,
  newId,
  log,
  metrics: createMetrics(),
  ready: () => Promise.resolve({ ok: true, checks: {} }),
  bodyLimitBytes: 1_000_000,
  rateLimitPerMinute: 0,
  version: 'bench',
});
const { key } = await createApiKey(access, {
  ...{ name: 'bench', integration: 'bench', scopes: ['members:read'], shopIds: null, test: false },
  caller: {
    kind: 'cli',
    id: 'bench',
    name: 'bench',
    integration: 'bench',
    scopes: new Set(),
    shopIds: null,
    test: false,
  },
  now: clock.now(),
});
process.on('message', (message) => {
  if (message === 'memory') process.send?.({ rssBytes: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ address: await server.listen({ host: '127.0.0.1', port: 0 }), key });
