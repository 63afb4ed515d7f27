import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { virtualClock } from '#platform/clock.ts';
import { type Database, openDatabase } from '#platform/db.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { type RouteServer, routeServer } from '#test/route-server.ts';
import { mountSegments } from './mount.ts';

let test: TestDatabase;
let db: Database;
let server: RouteServer;

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 2 });
  const clock = virtualClock(Temporal.Instant.from('2026-03-10T12:00:00Z'));
  server = routeServer(mountSegments({ db, zone: 'Europe/Moscow' }).routes, { db, clock });
});
afterAll(async () => {
  await server.close();
  await db.close();
  await test.drop();
});

it('a rule is previewed, a wrong one is refused with every problem', async () => {
  const rule = { any: [{ field: 'balance', at_least: 1 }, { not: { field: 'birthday', days_before: 14 } }] };
  const good = await server.ask('POST', '/v1/segments/preview', { rule });
  expect(good).toMatchObject({ status: 200, json: { count: 0, sample_member_ids: [] } });
  const bad = await server.ask('POST', '/v1/segments/preview', {
    rule: { all: [{ field: 'balance' }, { field: 'x' }] },
  });
  expect(bad).toMatchObject({ status: 422, json: { code: 'segment_invalid', field: '/rule/all/0' } });
  expect((bad.json as { details: { problems: string[] } }).details.problems).toHaveLength(2);
});

it('the questions are listed with the schema of their arguments', async () => {
  const fields = await server.ask('GET', '/v1/segments/fields');
  expect(fields.status).toBe(200);
  const { items } = fields.json as { items: { code: string; args: { type?: string } }[] };
  expect(items.length).toBeGreaterThanOrEqual(15);
  expect(new Set(items.map(({ args }) => args.type))).toEqual(new Set(['object']));
});
