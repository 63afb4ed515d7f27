import { minorUnits, problem, quantityThousandths, route, text } from '@kopilka/contract';
import type { FastifyInstance } from 'fastify';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { done, refused } from '#kernel/outcome.ts';
import { virtualClock } from '#platform/clock.ts';
import { openDatabase, statement } from '#platform/db.ts';
import { joinable } from '#platform/db-joined.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import type { Caller } from './caller.ts';
import { handler } from './handler.ts';
import { createServer } from './server.ts';

// A sample shop of routes; nothing of them is the product's, everything around them is.
const line = z.object({ sku: text(20), quantity: quantityThousandths, sum: minorUnits });
const sell = route({
  method: 'POST',
  path: '/v1/sales/:saleId',
  tag: 'sample',
  summary: 'Sell',
  scope: 'checkout',
  params: z.object({ saleId: text(200) }),
  query: z.object({ limit: z.coerce.number().int().max(10).optional(), note: z.string().optional() }),
  body: z.object({
    lines: z.array(line).min(1).max(10_000),
    card: z.string().optional(),
    nested: z.unknown().optional(),
  }),
  response: z.object({ sum: minorUnits, sale: z.string() }),
  refusals: { not_enough_points: 422 },
});
const stumble = route({
  method: 'GET',
  path: '/v1/stumble/:how',
  tag: 'sample',
  summary: 'Go wrong',
  scope: 'members:read',
  params: z.object({ how: z.enum(['throw', 'outage', 'wrong_answer', 'extra_key', 'unlisted']) }),
  response: z.object({ points: minorUnits }),
  refusals: {},
});
const forget = route({
  method: 'DELETE',
  path: '/v1/sales/:saleId',
  tag: 'sample',
  summary: 'Forget',
  scope: 'admin',
  params: z.object({ saleId: text(200) }),
  response: z.null(),
  status: 204,
  refusals: {},
});

const list = route({
  method: 'GET',
  path: '/v1/list',
  tag: 'sample',
  summary: 'A list as CSV',
  scope: 'members:read',
  response: z.string(),
  answers: 'text/csv',
  refusals: {},
});

const keys: Readonly<Record<string, Caller['scopes']>> = {
  till: new Set(['checkout', 'members:read'] as const),
  reader: new Set(['members:read'] as const),
  owner: new Set(['admin'] as const),
};
const phoneInABug = '+79161234567';
const lines: string[] = [];
const clock = virtualClock(Temporal.Instant.from('2026-03-01T10:00:00Z'));
// Nobody listens there: what asks this database meets a real outage.
const db = joinable(openDatabase({ url: 'postgres://127.0.0.1:1/nowhere', poolSize: 2 }));
const ping = statement('test.ping', 'select 1');
let server: FastifyInstance;
let answered = 0;

async function* csv(): AsyncGenerator<Uint8Array> {
  for (let row = 0; row < 1_000; row += 1) yield Buffer.from(`код-${row}\n`);
}

beforeAll(() => {
  const sellRoute = handler(sell, ({ body, params }) => {
    answered += 1;
    const sum = body.lines.reduce((total, part) => total + part.sum, 0n);
    if (body.card === 'empty') {
      return refused({ code: 'not_enough_points', field: '/card', details: { available: 5 } });
    }
    return done({ sum, sale: params.saleId });
  });
  const stumbleRoute = {
    contract: stumble,
    handle: async ({ params }: { params: unknown }) => {
      switch ((params as { how: string }).how) {
        case 'throw':
          throw new Error(`duplicate key ${phoneInABug}`);
        case 'outage':
          await db.run(ping, []);
          return done({ points: 1n });
        case 'wrong_answer':
          return done({ points: 'many' });
        case 'extra_key':
          return done({ points: 7n, secretPhone: phoneInABug });
        default:
          return refused({ code: 'nobody_listed_this' });
      }
    },
  };
  server = createServer({
    routes: [sellRoute, stumbleRoute, handler(forget, () => done(null)), handler(list, () => done(csv()))],
    authenticate: async (authorization) => {
      const name = authorization?.replace('Bearer ', '') ?? '';
      const scopes = keys[name];
      if (scopes === undefined) return null;
      return { kind: 'api_key', id: name, name, integration: 'main', scopes, shopIds: null, test: false };
    },
    db,
    clock,
    newId: idMaker(clock, seededRandom(1)),
    log: createLog({ level: 'info', destination: { write: (entry) => void lines.push(entry) } }),
    metrics: createMetrics(),
    ready: async () => ({ ok: true, checks: { database: 'ok' } }),
    bodyLimitBytes: 1_000_000,
    rateLimitPerMinute: 1_000,
    version: '0.0.0',
  });
});

afterAll(async () => {
  await server.close();
  await db.close();
});

interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly url?: string;
  readonly key?: string | null;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const good = { lines: [{ sku: 'milk', quantity: 1000, sum: 9000 }] };

async function send({ method = 'POST', url = '/v1/sales/7', key = 'till', body, headers = {} }: Sent) {
  const authorization = key === null ? {} : { authorization: `Bearer ${key}` };
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  const payload = body === undefined ? {} : { payload: body };
  return server.inject({ method, url, headers: { ...authorization, ...content, ...headers }, ...payload });
}

async function problemOf(sent: Sent) {
  const response = await send(sent);
  expect(response.headers['content-type']).toMatch('application/problem+json');
  const read = problem.parse(response.json());
  expect(read.status).toBe(response.statusCode);
  expect(read.request_id).toBe(response.headers['x-request-id']);
  return read;
}

const withLine = (part: object) => JSON.stringify({ lines: [{ ...good.lines[0], ...part }] });
const deep = `{"lines":[],"nested":${'['.repeat(5000)}${']'.repeat(5000)}}`;

describe('a sound request', () => {
  it('is decoded for the handler and encoded for the caller', async () => {
    const response = await send({ body: JSON.stringify(good), url: '/v1/sales/%D1%87%D0%B5%D0%BA-7?limit=3' });
    expect([response.statusCode, response.json()]).toEqual([200, { sum: 9000, sale: 'чек-7' }]);
    expect(response.headers).toMatchObject({ 'ratelimit-limit': '1000', 'cache-control': 'no-store' });
  });

  it('may hold emoji, line breaks and ten thousand lines', async () => {
    const many = { lines: Array.from({ length: 10_000 }, () => ({ sku: 'мёд 🍯\n', quantity: 1, sum: 1 })) };
    expect((await send({ body: JSON.stringify(many) })).json()).toEqual({ sum: 10_000, sale: '7' });
  });

  it('keeps a sane request id and gets one otherwise', async () => {
    const kept = await send({ body: JSON.stringify(good), headers: { 'x-request-id': 'till-0042/7' } });
    expect(kept.headers['x-request-id']).toBe('till-0042/7');
    const made = await send({ body: JSON.stringify(good), headers: { 'x-request-id': 'a b"<script>' } });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers 204 with nothing, also when a bare DELETE names a content type', async () => {
    const response = await send({ method: 'DELETE', key: 'owner', headers: { 'content-type': 'application/json' } });
    expect([response.statusCode, response.body]).toEqual([204, '']);
  });

  it('may be answered by a stream', async () => {
    const response = await send({ method: 'GET', url: '/v1/list', key: 'reader' });
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.body.split('\n')).toHaveLength(1_001);
  });

  it('that the business refuses is told by code, field and details', async () => {
    const told = await problemOf({ body: JSON.stringify({ ...good, card: 'empty' }) });
    expect(told).toMatchObject({ status: 422, code: 'not_enough_points', field: '/card', details: { available: 5 } });
  });
});

describe('a bad request reaches no handler', () => {
  it.each<[string, Sent, number, string, string?]>([
    ['no JSON', { body: '{"lines":' }, 400, 'bad_request'],
    ['no body', {}, 400, 'bad_request', ''],
    ['null', { body: 'null' }, 400, 'bad_request', ''],
    ['an array', { body: '[]' }, 400, 'bad_request', ''],
    ['a missing key', { body: '{}' }, 400, 'bad_request', '/lines'],
    ['an unknown key', { body: JSON.stringify({ ...good, cardd: '1' }) }, 400, 'bad_request', '/cardd'],
    ['an unknown key far inside', { body: withLine({ prise: 1 }) }, 400, 'bad_request', '/lines/0/prise'],
    ['a string for a number', { body: withLine({ sum: '9000' }) }, 400, 'bad_request', '/lines/0/sum'],
    ['a fraction', { body: withLine({ sum: 0.5 }) }, 400, 'bad_request', '/lines/0/sum'],
    ['a negative sum', { body: withLine({ sum: -1 }) }, 400, 'bad_request', '/lines/0/sum'],
    ['zero pieces', { body: withLine({ quantity: 0 }) }, 400, 'bad_request', '/lines/0/quantity'],
    ['a huge number', { body: withLine({ sum: 9007199254740992 }) }, 400, 'bad_request', '/lines/0/sum'],
    ['1e400', { body: '{"lines":[{"sku":"a","quantity":1,"sum":1e400}]}' }, 400, 'bad_request', '/lines/0/sum'],
    [
      'too many lines',
      { body: JSON.stringify({ lines: Array(10_001).fill(good.lines[0]) }) },
      400,
      'bad_request',
      '/lines',
    ],
    ['a long text', { body: withLine({ sku: 'x'.repeat(21) }) }, 400, 'bad_request', '/lines/0/sku'],
    ['NUL in a text', { body: withLine({ sku: 'a\u0000' }) }, 400, 'bad_request', '/lines/0/sku'],
    [
      'NUL where the contract says any text',
      { body: JSON.stringify({ ...good, card: '\u0000' }) },
      400,
      'bad_request',
      '/card',
    ],
    ['DEL, unescaped', { body: JSON.stringify({ ...good, card: '\u007f' }) }, 400, 'bad_request', '/card'],
    ['half a surrogate', { body: '{"lines":[],"card":"\\ud800"}' }, 400, 'bad_request', '/card'],
    ['NUL in a key', { body: '{"lines":[],"nested":{"a\\u0000":1}}' }, 400, 'bad_request', '/nested'],
    ['a prototype', { body: '{"lines":[],"nested":{"__proto__":{"admin":true}}}' }, 400, 'bad_request', '/nested'],
    ['bytes that are no UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]) }, 400, 'bad_request'],
    ['five thousand levels', { body: deep }, 400, 'bad_request'],
    ['a path that is no UTF-8', { body: JSON.stringify(good), url: '/v1/sales/%ff' }, 400, 'bad_request'],
    ['a broken percent in the path', { body: JSON.stringify(good), url: '/v1/sales/%zz' }, 400, 'bad_request'],
    ['NUL in the path', { body: JSON.stringify(good), url: '/v1/sales/a%00' }, 400, 'bad_request', 'path/saleId'],
    ['NUL in the query', { body: JSON.stringify(good), url: '/v1/sales/7?note=%00' }, 400, 'bad_request', 'query/note'],
    [
      'half a character in the query',
      { body: JSON.stringify(good), url: '/v1/sales/7?note=%d0' },
      400,
      'bad_request',
      'query/note',
    ],
    ['a misspelt query', { body: JSON.stringify(good), url: '/v1/sales/7?limt=3' }, 400, 'bad_request', 'query/limt'],
    [
      'a query twice',
      { body: JSON.stringify(good), url: '/v1/sales/7?note=a&note=b' },
      400,
      'bad_request',
      'query/note',
    ],
    [
      'a query out of bounds',
      { body: JSON.stringify(good), url: '/v1/sales/7?limit=11' },
      400,
      'bad_request',
      'query/limit',
    ],
    ['a large body', { body: JSON.stringify({ ...good, card: 'x'.repeat(1_000_001) }) }, 413, 'payload_too_large'],
    [
      'a form',
      { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['no content type', { body: 'x', headers: { 'content-type': '' } }, 415, 'unsupported_media_type'],
    ['an address that is not there', { method: 'GET', url: '/v1/nothing' }, 404, 'not_found'],
    ['a method that is not there', { method: 'PUT' }, 405, 'method_not_allowed'],
    ['no key', { key: null, body: JSON.stringify(good) }, 401, 'unauthorized'],
    ['a wrong key', { key: 'thief', body: JSON.stringify(good) }, 401, 'unauthorized'],
    ['a key without the scope', { key: 'reader', body: JSON.stringify(good) }, 403, 'forbidden'],
  ])('%s', async (_what, sent, ...expected) => {
    const before = answered;
    const told = await problemOf(sent);
    expect([told.status, told.code, told.field]).toEqual([expected[0], expected[1], expected[2]]);
    expect(answered).toBe(before);
  });

  it('is told every finding, in the language that was asked for', async () => {
    const body = JSON.stringify({ lines: [{ sku: '', quantity: 0 }] });
    const english = await problemOf({ body, headers: { 'accept-language': 'de, en;q=0.8, ru;q=0.2' } });
    expect(english.errors?.map((error) => error.field)).toEqual(['/lines/0/sku', '/lines/0/quantity', '/lines/0/sum']);
    expect(english.title).toBe('The request is not well formed');
    expect((await problemOf({ body })).title).toBe('Запрос составлен неверно');
  });

  it('names the methods an address knows', async () => {
    expect((await send({ method: 'PATCH' })).headers['allow']).toBe('POST, DELETE');
  });
});

describe('what goes wrong on our side', () => {
  const stumbling = (how: string): Sent => ({ method: 'GET', url: `/v1/stumble/${how}`, key: 'reader' });

  it('a bug is 500 with a request id and nothing else', async () => {
    const told = await problemOf(stumbling('throw'));
    expect(told).toEqual({
      type: 'https://kopilka.dev/problems/internal',
      title: 'Внутренняя ошибка; номер запроса поможет её найти',
      status: 500,
      code: 'internal',
      request_id: told.request_id,
    });
    const logged = lines.filter((entry) => entry.includes('"event":"bug"')).at(-1) ?? '';
    expect(logged).toContain(told.request_id);
    expect(logged).toContain('duplicate key [phone]');
    expect(logged).not.toContain(phoneInABug.slice(1));
  });

  it.each(['wrong_answer', 'unlisted'])('an answer against its contract (%s) is a bug', async (how) => {
    expect((await problemOf(stumbling(how))).code).toBe('internal');
  });

  it('a key that the contract does not name stays inside', async () => {
    expect((await send(stumbling('extra_key'))).body).toBe('{"points":7}');
  });

  it('a database that is away is 503, to be tried again', async () => {
    const response = await send(stumbling('outage'));
    expect([response.statusCode, response.json()['code'], response.headers['retry-after']]).toEqual([
      503,
      'unavailable',
      '1',
    ]);
  });
});

describe('the server', () => {
  it('writes no phone, name, card, key or body to its log', async () => {
    const body = JSON.stringify({ ...good, card: '4276123412341234', nested: { phone: phoneInABug, name: 'Anna' } });
    await send({ body, url: `/v1/sales/${encodeURIComponent(phoneInABug)}?note=anna@example.com` });
    const all = lines.join('');
    expect(all).toContain('"event":"request"');
    for (const secret of ['9161234567', 'Anna', 'anna@', '4276', 'Bearer', 'milk']) expect(all).not.toContain(secret);
  });

  it('slows down a key that asks too much, and lets it go on later', async () => {
    clock.advance({ minutes: 2 });
    const asked = await Promise.all(
      Array.from({ length: 1_010 }, () => send({ method: 'GET', url: '/v1/stumble/extra_key', key: 'reader' })),
    );
    const limited = asked.filter((response) => response.statusCode === 429);
    expect(limited).toHaveLength(10);
    expect(limited[0]?.headers).toMatchObject({ 'retry-after': '1', 'ratelimit-remaining': '0' });
    expect((await send({ body: JSON.stringify(good) })).statusCode).toBe(200);
    clock.advance({ seconds: 1 });
    expect((await send({ method: 'GET', url: '/v1/stumble/extra_key', key: 'reader' })).statusCode).toBe(200);
  });

  it('tells its health and metrics without a key', async () => {
    expect((await server.inject('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await server.inject('/readyz')).json()).toEqual({ status: 'ok', checks: { database: 'ok' } });
    const metrics = (await server.inject('/metrics')).body;
    expect(metrics).toMatch(
      /kopilka_http_request_seconds_count\{method="POST",route="\/v1\/sales\/:saleId",status="200"\} \d+/,
    );
    expect(metrics).not.toContain('stumble/throw');
  });

  it('shows its documentation without a script or anything from elsewhere', async () => {
    const page = await server.inject('/docs');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.body).not.toMatch(/<script|https?:\/\/(?!kopilka)/);
    for (const expected of ['/v1/sales/{saleId}', 'not_enough_points', 'curl -X POST'])
      expect(page.body).toContain(expected);
  });
});
