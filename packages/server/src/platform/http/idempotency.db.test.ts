import { code, route } from '@kopilka/contract';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { done, refused } from '#kernel/outcome.ts';
import { systemClock } from '#platform/clock.ts';
import { commitWith, inTransaction, openDatabase, statement } from '#platform/db.ts';
import { type JoinableDatabase, joinable } from '#platform/db-joined.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { idMaker, systemRandom } from '#platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { handler } from './handler.ts';
import { createServer } from './server.ts';

const grant = route({
  method: 'POST',
  path: '/v1/grants',
  tag: 'sample',
  summary: 'Grant',
  scope: 'points:adjust',
  body: z.object({ to: code, points: z.int(), how: z.enum(['plain', 'refuse', 'die', 'fail_once']).default('plain') }),
  response: z.object({ id: z.uuid(), to: z.string(), total: z.int() }),
  status: 201,
  refusals: { member_blocked: 422 },
  idempotencyKey: true,
});

const insert = statement<never>(
  'test.insert_grant',
  'insert into public.granted (id, name, points) values ($1, $2, $3)',
);
const total = statement<{ total: number }>(
  'test.total',
  'select sum(points)::int as total from public.granted where name = $1',
);
const die = statement<never>('test.die', 'select pg_terminate_backend(pg_backend_pid())');
const records = statement<{ key: string }>('test.records', 'select key from platform.idempotency where key = $1');

let test: TestDatabase;
let db: JoinableDatabase;
let server: FastifyInstance;
let failures = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  db = joinable(openDatabase({ url: test.url, poolSize: 8, onIdleError: () => undefined }));
  await db.pool.query('create table public.granted (id uuid primary key, name text not null, points int not null)');
  const newId = idMaker(systemClock, systemRandom());
  server = createServer({
    routes: [
      handler(grant, async ({ body }) => {
        const id = newId();
        // As services do: a transaction of its own, its last writes sent with COMMIT.
        const outcome = await inTransaction(db, async (tx) => {
          const written = tx.run(insert, [id, body.to, body.points]);
          if (body.how === 'refuse') {
            await written;
            return refused({ code: 'member_blocked' });
          }
          return commitWith(done(id), [written]);
        });
        if (!outcome.ok) return outcome;
        // A read after the transaction, outside of it: it has to see what was written.
        const [row] = await db.run(total, [body.to]);
        if (body.how === 'die') await inTransaction(db, (tx) => tx.run(die, []));
        if (body.how === 'fail_once' && (failures += 1) === 1) throw new Error('a bug after the work');
        return done({ id, to: body.to, total: row?.total ?? 0 });
      }),
    ],
    authenticate: async (authorization) => ({
      kind: 'api_key',
      id: 'key',
      name: 'key',
      integration: authorization ?? 'main',
      scopes: new Set(['points:adjust'] as const),
      shopIds: null,
      test: false,
    }),
    db,
    clock: systemClock,
    newId,
    log: createLog({ level: 'silent' }),
    metrics: createMetrics(),
    ready: async () => ({ ok: true, checks: {} }),
    bodyLimitBytes: 100_000,
    rateLimitPerMinute: 0,
    version: '0.0.0',
  });
});

afterAll(async () => {
  await server.close();
  await db.close();
  await test.drop();
});

async function ask(key: string, body: object, integration = 'main') {
  const headers = { 'idempotency-key': key, authorization: integration };
  return server.inject({ method: 'POST', url: '/v1/grants', headers, payload: body });
}

async function granted(name: string): Promise<number> {
  return (await db.run(total, [name]))[0]?.total ?? 0;
}

describe('an Idempotency-Key', () => {
  it('answers a repeat the same and does the work once', async () => {
    const first = await ask('k-1', { to: 'anna', points: 5 });
    const second = await ask('k-1', { points: 5, to: 'anna' });
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    expect(second.json()).toEqual(first.json());
    expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
    expect(await granted('anna')).toBe(5);
  });

  it('refuses other content', async () => {
    await ask('k-2', { to: 'boris', points: 5 });
    const other = await ask('k-2', { to: 'boris', points: 6 });
    expect([other.statusCode, other.json()['code']]).toEqual([409, 'idempotency_conflict']);
    expect(await granted('boris')).toBe(5);
  });

  it('belongs to its integration', async () => {
    await ask('k-3', { to: 'vera', points: 5 }, 'shop');
    expect((await ask('k-3', { to: 'vera', points: 7 }, 'site')).statusCode).toBe(201);
    expect(await granted('vera')).toBe(12);
  });

  it('does the work once for 32 at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 32 }, () => ask('k-4', { to: 'gleb', points: 5 })));
    expect(
      new Set(answers.map((answer) => answer.body.length > 0 && JSON.stringify(answer.json()['id']))),
    ).toHaveLength(1);
    expect(answers.filter((answer) => answer.headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    expect(await granted('gleb')).toBe(5);
  });

  it('sees the other process: two servers, one record', async () => {
    const other = joinable(openDatabase({ url: test.url, poolSize: 2 }));
    const { idempotency } = await import('./idempotency.ts');
    const request = { integration: 'main', key: 'k-5', route: 'r', content: [1] };
    const work = (who: string, on: JoinableDatabase) => () =>
      on.begin(async (tx) => {
        await tx.run(insert, [idMaker(systemClock, systemRandom())(), 'dina', 5]);
        return { status: 200, json: JSON.stringify({ who }), isRefusal: false };
      });
    const results = await Promise.all([
      idempotency(db).once(request, work('a', db)),
      idempotency(other).once(request, work('b', other)),
    ]);
    await other.close();
    expect(results.map((result) => result.kind).toSorted()).toEqual(['first', 'repeat']);
    const answers = results.map((result) => (result.kind === 'conflict' ? '' : JSON.parse(result.answer.json)));
    expect(answers[0]).toEqual(answers[1]);
    expect(await granted('dina')).toBe(5);
  });

  it('keeps neither work nor record when the connection dies before the commit', async () => {
    expect((await ask('k-6', { to: 'egor', points: 5, how: 'die' })).statusCode).toBe(503);
    expect(await granted('egor')).toBe(0);
    expect(await db.run(records, ['k-6'])).toEqual([]);
  });

  it('undoes work whose answer failed, so that the repeat does it once', async () => {
    const sent = { to: 'zoya', points: 5, how: 'fail_once' };
    expect((await ask('k-7', sent)).statusCode).toBe(500);
    expect(await granted('zoya')).toBe(0);
    expect((await ask('k-7', sent)).statusCode).toBe(201);
    expect(await granted('zoya')).toBe(5);
  });

  it('does not keep a refusal: the repeat is judged anew', async () => {
    expect((await ask('k-8', { to: 'ivan', points: 5, how: 'refuse' })).json()['code']).toBe('member_blocked');
    expect(await granted('ivan')).toBe(0);
    expect((await ask('k-8', { to: 'ivan', points: 5 })).statusCode).toBe(201);
  });

  it.each(['', 'я', 'x'.repeat(201), 'a b'])('that is no key (%j) is a bad request', async (key) => {
    const answer = await ask(key, { to: 'lev', points: 5 });
    expect([answer.statusCode, answer.json()['field']]).toEqual([400, 'header/idempotency-key']);
    expect(await granted('lev')).toBe(0);
  });
});
