import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSnapshot } from '#modules/catalog/index.ts';
import { virtualClock } from '#platform/clock.ts';
import { type Database, openDatabase } from '#platform/db.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { type RouteServer, routeServer } from '#test/route-server.ts';
import { russia } from '../domain/legal/russia.ts';
import { loadProgram } from '../service/load-program.ts';
import { programRoutes } from './routes.ts';

let database: TestDatabase;
let db: Database;
let server: RouteServer;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 4 });
  const clock = virtualClock(Temporal.Instant.from('2026-03-01T09:00:00Z'));
  const options = { legalProfile: russia, zone: 'Europe/Moscow' };
  const deps = {
    db,
    newId: idMaker(clock, seededRandom(1)),
    port: await loadProgram(db, options),
    catalog: await loadSnapshot(db),
    pointsExist: () => Promise.resolve(false),
    segmentsCheck: () => [],
    published: () => Promise.resolve(),
    ...options,
  };
  server = routeServer(programRoutes(deps), { db, clock });
});

afterAll(async () => {
  await server.close();
  await db.close();
  await database.drop();
});

const document = {
  format: 1,
  name: 'Program',
  earning: { default_rate: '5' },
  promotions: [{ code: 'p', name: 'П', effects: [{ kind: 'percent_off', percent: '10' }] }],
};

describe('the program over HTTP', () => {
  it('R29: from nothing to a published version and back', async () => {
    expect(await server.ask('GET', '/v1/program')).toMatchObject({
      status: 404,
      json: { code: 'program_not_published' },
    });
    expect(await server.ask('GET', '/v1/program/draft')).toMatchObject({
      status: 404,
      json: { code: 'draft_not_found' },
    });
    expect(await server.ask('POST', '/v1/program/publish', {})).toMatchObject({
      status: 404,
      json: { code: 'draft_not_found' },
    });
    expect(await server.ask('PUT', '/v1/program/draft', { document })).toMatchObject({
      status: 200,
      json: { revision: 1, based_on: null, problems: [], document },
    });
    expect(await server.ask('POST', '/v1/program/draft/validate', {})).toMatchObject({
      status: 200,
      json: { valid: true, problems: [] },
    });
    expect(await server.ask('POST', '/v1/program/publish', { comment: 'first', revision: 1 })).toMatchObject({
      status: 201,
      json: {
        version: 1,
        state: 'published',
        comment: 'first',
        document: { earning: { default_rate: '5', rounding: 'down' } },
      },
    });
    await server.ask('PUT', '/v1/program/draft', { document: { ...document, promotions: [] } });
    expect(await server.ask('POST', '/v1/program/publish', {})).toMatchObject({
      status: 201,
      json: { version: 2, changes: [{ ru: 'Акция «p»: убрано', en: 'Promotion “p”: removed' }] },
    });
    expect(await server.ask('POST', '/v1/program/rollback', { to: 1 })).toMatchObject({
      status: 201,
      json: { version: 3, restored_from: 1 },
    });
    expect(await server.ask('GET', '/v1/program')).toMatchObject({
      status: 200,
      json: { version: 3, document: { promotions: [{ code: 'p' }] } },
    });
    expect(await server.ask('GET', '/v1/program/versions/2')).toMatchObject({
      status: 200,
      json: { state: 'retired' },
    });
    const first = await server.ask('GET', '/v1/program/versions?limit=2');
    expect(first.json).toMatchObject({
      items: [{ version: 3 }, { version: 2 }],
      next_cursor: expect.any(String) as string,
    });
    const cursor = (first.json as { next_cursor: string }).next_cursor;
    expect((await server.ask('GET', `/v1/program/versions?limit=2&cursor=${cursor}`)).json).toMatchObject({
      items: [{ version: 1 }],
      next_cursor: null,
    });
  });

  it('R29: a draft that cannot be published is kept, and the refusal names its place', async () => {
    const bad = { ...document, earning: { default_rate: 5 } };
    expect(await server.ask('PUT', '/v1/program/draft', { document: bad })).toMatchObject({
      status: 200,
      json: { problems: [{ path: '/earning/default_rate', severity: 'error' }] },
    });
    expect(await server.ask('POST', '/v1/program/publish', {})).toMatchObject({
      status: 422,
      json: { code: 'program_invalid', field: '/earning/default_rate' },
    });
    expect(await server.ask('POST', '/v1/program/draft/validate', { document })).toMatchObject({
      status: 200,
      json: { valid: true },
    });
    expect(await server.ask('PUT', '/v1/program/draft', { document, revision: 77 })).toMatchObject({
      status: 409,
      json: { code: 'draft_changed' },
    });
  });

  it.each([
    ['no document', 'PUT', '/v1/program/draft', {}],
    ['a list', 'PUT', '/v1/program/draft', { document: [] }],
    ['NUL in a corner', 'PUT', '/v1/program/draft', { document: { name: [{ deep: 'a\u0000b' }] } }],
    ['NUL in a name', 'PUT', '/v1/program/draft', { document: { 'a\u0000': 1 } }],
    ['broken Unicode', 'PUT', '/v1/program/draft', { document: { name: '\ud800' } }],
    [
      'too deep',
      'PUT',
      '/v1/program/draft',
      { document: { a: JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown } },
    ],
    ['a huge version', 'POST', '/v1/program/rollback', { to: 99_999_999_999 }],
    ['a version that is none', 'GET', '/v1/program/versions/0', undefined],
    ['a cursor of nobody', 'GET', '/v1/program/versions?cursor=abc', undefined],
  ] as const)('refuses %s', async (_what, method, url, body) => {
    expect(await server.ask(method, url, body)).toMatchObject({ status: 400, json: { code: 'bad_request' } });
  });

  it('keeps emoji and a million as they are', async () => {
    const odd = { ...document, name: 'Программа 🎁', x: 1e300 };
    expect(await server.ask('PUT', '/v1/program/draft', { document: odd })).toMatchObject({
      status: 200,
      json: { document: { name: 'Программа 🎁' } },
    });
  });

  it.each([
    ['/v1/program/versions/99', 404, 'version_not_found'],
    ['/v1/program/versions/99999999', 404, 'version_not_found'],
  ])('%s answers %s', async (url, status, code) => {
    expect(await server.ask('GET', url)).toMatchObject({ status, json: { code } });
  });

  it('R16: forms and the JSON Schema', async () => {
    const kinds = await server.ask('GET', '/v1/program/rule-kinds');
    expect(kinds).toMatchObject({
      status: 200,
      json: { effects: expect.arrayContaining([expect.objectContaining({ code: 'percent_off' })]) as unknown },
    });
    expect(await server.ask('GET', '/v1/program/schema')).toMatchObject({
      status: 200,
      json: { title: 'Kopilka program', required: ['format', 'name'] },
    });
  });
});
