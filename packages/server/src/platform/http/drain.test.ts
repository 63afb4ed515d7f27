import { connect } from 'node:net';
import { route } from '@kopilka/contract';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { done } from '#kernel/outcome.ts';
import { systemClock } from '#platform/clock.ts';
import { openDatabase } from '#platform/db.ts';
import { joinable } from '#platform/db-joined.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { idMaker, systemRandom } from '#platform/random.ts';
import { handler } from './handler.ts';
import { createServer } from './server.ts';

const slow = route({
  method: 'GET',
  path: '/v1/slow',
  tag: 'sample',
  summary: 'Slow',
  scope: null,
  response: z.object({ done: z.boolean() }),
  refusals: {},
});

async function listening() {
  const db = joinable(openDatabase({ url: 'postgres://127.0.0.1:1/nowhere', poolSize: 1 }));
  let letGo = () => {};
  let arrived = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const inside = new Promise<void>((resolve) => (arrived = resolve));
  const handle = async () => {
    arrived();
    await held;
    return done({ done: true });
  };
  const server = createServer({
    routes: [handler(slow, handle)],
    authenticate: async () => null,
    db,
    clock: systemClock,
    newId: idMaker(systemClock, systemRandom()),
    log: createLog({ level: 'silent' }),
    metrics: createMetrics(),
    ready: async () => ({ ok: true, checks: {} }),
    bodyLimitBytes: 10_000,
    rateLimitPerMinute: 0,
    version: '0.0.0',
  });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  return { server, db, address, inside, letGo: () => letGo() };
}

it('a server that is closed finishes what it has begun and takes nothing new', async () => {
  const { server, db, address, inside, letGo } = await listening();
  const asked = fetch(`${address}/v1/slow`);
  await inside;
  const closing = server.close();
  await expect
    .poll(() =>
      fetch(`${address}/healthz`).then(
        () => 'answered',
        () => 'refused',
      ),
    )
    .toBe('refused');
  letGo();
  expect(await (await asked).json()).toEqual({ done: true });
  await closing;
  await db.close();
});

it('what is no HTTP is answered with a problem too', async () => {
  const { server, db, address } = await listening();
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  const answer = await new Promise<string>((resolve) => {
    let read = '';
    socket.on('data', (bytes) => (read += bytes.toString()));
    socket.on('close', () => resolve(read));
    socket.write('HELLO KOPILKA\r\n\r\n');
  });
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n[^]*application\/problem\+json[^]*"code":"bad_request"/);
  await server.close();
  await db.close();
});
