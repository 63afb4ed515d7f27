import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { virtualClock } from '#platform/clock.ts';
import { type Database, openDatabase } from '#platform/db.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { type RouteServer, routeServer } from '#test/route-server.ts';
import { mountPromotions } from './mount.ts';

const clock = virtualClock(Temporal.Instant.from('2026-03-10T12:00:00Z'));
const random = seededRandom(31);
const newId = idMaker(clock, random);
const anna = newId();

let test: TestDatabase;
let db: Database;
let server: RouteServer;
let runDue: (now: Temporal.Instant) => Promise<number>;

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 4 });
  const resolveMember = (memberId: string) => Promise.resolve(memberId === anna ? anna : null);
  const mount = mountPromotions({ db, newId, random, resolveMember });
  server = routeServer(mount.routes, { db, clock });
  runDue = async (now) => (await mount.dueWork?.[0]?.runDue(now)) ?? 0;
});
afterAll(async () => {
  await server.close();
  await db.close();
  await test.drop();
});

it('a common code is made, read in another spelling, refused twice, cancelled', async () => {
  const made = await server.ask('POST', '/v1/promo-codes', { code: 'Весна-26', promotion: 'spring', uses_max: 100 });
  expect(made).toMatchObject({ status: 201, json: { code: 'Весна-26', kind: 'common', state: 'usable', uses: 0 } });
  const url = `/v1/promo-codes/${encodeURIComponent('BECHA 26')}`;
  expect((await server.ask('GET', `/v1/promo-codes/${encodeURIComponent('весна 26')}`)).status).toBe(200);
  expect((await server.ask('GET', url)).json).toMatchObject({ code: 'Весна-26' });
  const again = await server.ask('POST', '/v1/promo-codes', { code: 'весна26', promotion: 'other' });
  expect(again).toMatchObject({ status: 409, json: { code: 'promo_code_taken', field: '/code' } });
  expect((await server.ask('DELETE', url)).status).toBe(204);
  expect((await server.ask('GET', url)).json).toMatchObject({ state: 'cancelled' });
  expect((await server.ask('DELETE', '/v1/promo-codes/nothing')).status).toBe(404);
});

it('a personal code needs a member; a term has its order', async () => {
  const code = { code: 'ANNAS', promotion: 'p', member_id: anna };
  expect((await server.ask('POST', '/v1/promo-codes', code)).json).toMatchObject({ kind: 'personal', member_id: anna });
  const nobody = await server.ask('POST', '/v1/promo-codes', { ...code, code: 'NOBODYS', member_id: newId() });
  expect(nobody).toMatchObject({ status: 404, json: { code: 'member_not_found' } });
  const term = { valid_from: '2026-04-01T00:00:00Z', valid_until: '2026-03-01T00:00:00Z' };
  const reversed = await server.ask('POST', '/v1/promo-codes', { code: 'REVERSED', promotion: 'p', ...term });
  expect(reversed).toMatchObject({ status: 422, json: { code: 'term_reversed', field: '/valid_until' } });
});

it('a pool is ordered, grows in the background, and comes out as CSV', async () => {
  const ordered = await server.ask('POST', '/v1/promo-codes/pools', {
    name: 'flyers',
    promotion: 'p',
    count: 1_500,
    prefix: 'FL',
  });
  expect(ordered).toMatchObject({ status: 202, json: { state: 'running', generated: 0, count: 1_500 } });
  const { id } = ordered.json as { id: string };
  const url = `/v1/promo-codes/pools/${id}`;
  expect(await server.ask('GET', `${url}/export`)).toMatchObject({ status: 409, json: { code: 'pool_not_ready' } });
  while ((await runDue(clock.now())) > 0);
  expect((await server.ask('GET', url)).json).toMatchObject({ state: 'done', generated: 1_500, used: 0 });
  const csv = await server.ask('GET', `${url}/export`);
  expect(csv).toMatchObject({ status: 200, type: 'text/csv; charset=utf-8' });
  expect(csv.body.trimEnd().split('\n')).toHaveLength(1_501);
  expect((await server.ask('GET', `/v1/promo-codes/pools/${newId()}/export`)).status).toBe(404);
  const dense = { name: 'dense', promotion: 'p', count: 1_000_000, length: 6 };
  expect(await server.ask('POST', '/v1/promo-codes/pools', dense)).toMatchObject({
    status: 422,
    json: { code: 'pool_too_dense' },
  });
});

it('a window is granted by hand, once per cause', async () => {
  const url = `/v1/members/${anna}/windows`;
  const grant = { promotion: 'double', until: '2026-03-20T00:00:00Z', uses_max: 2, cause: 'apology' };
  const granted = await server.ask('POST', url, grant);
  expect(granted).toMatchObject({
    status: 201,
    json: { items: [{ promotion: 'double', from: '2026-03-10T12:00:00Z', uses_left: 2 }] },
  });
  expect((await server.ask('POST', url, grant)).json).toEqual(granted.json);
  const past = await server.ask('POST', url, { ...grant, until: '2026-03-01T00:00:00Z' });
  expect(past).toMatchObject({ status: 422, json: { code: 'term_reversed' } });
  expect((await server.ask('POST', `/v1/members/${newId()}/windows`, grant)).status).toBe(404);
});

it('limits are listed', async () => {
  expect(await server.ask('GET', '/v1/promotions/limits')).toMatchObject({ status: 200, json: { items: [] } });
});
