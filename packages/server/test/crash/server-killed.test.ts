// The server and PostgreSQL are killed without warning while tills sell. What a till was told is true afterwards; what it was not told is
// either whole or not there, and asking again says which.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#platform/random.ts';
import { DurableCluster, KillableServer } from './killable.ts';
import { type Asked, ask, type Connection, Tills, type Told } from './load.ts';

const tills = 8;
const loadMs = 700;
const phones = ['+79160000001', '+79160000002', '+79160000003', '+79160000004', '+79160000005'];

describe('killed without warning', () => {
  const cluster = new DurableCluster();
  let server: KillableServer;
  let connection: Connection;
  let load: Tills;

  beforeAll(async () => {
    await cluster.start();
    server = await KillableServer.of(cluster);
    const made = await server.run('apikey', 'create', 'till', '--scopes', 'admin', '--integration', 'pos');
    connection = { url: server.url, key: String(made['key']) };
    await server.start();
    await openShop(connection);
    load = new Tills(connection, { random: seededRandom(20), phones });
  }, 60_000);
  afterAll(async () => {
    await server.kill();
    await cluster.remove();
  });

  it.each([1, 2, 3])('the server, time %i: it starts again and sells on', async () => {
    const before = acknowledged(load.asked).length;
    const selling = load.open(tills);
    await pause(loadMs);
    await server.kill();
    await selling;
    expect(acknowledged(load.asked).length).toBeGreaterThan(before);
    await server.start();
  });

  it('postgreSQL itself: the server lives through it', async () => {
    const before = acknowledged(load.asked).length;
    const selling = load.open(tills);
    await pause(loadMs);
    await cluster.kill();
    await selling;
    expect(acknowledged(load.asked).length).toBeGreaterThan(before);
    await cluster.start();
    await server.untilReady();
  });

  it('R20: every call asked again answers the same, whether or not it was answered before', async () => {
    const wrong: string[] = [];
    for (const asked of load.asked) {
      const again = await ask(connection, asked.method, asked.path, asked.body);
      const third = await ask(connection, asked.method, asked.path, asked.body);
      const told = asked.answer ?? again;
      const fields = [...different(asked, told, again), ...different(asked, told, third)];
      if (fields.length > 0) wrong.push(`${asked.path} ${asked.body.id}: ${fields.join(', ')}`);
      asked.answer ??= again;
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(load.asked.length).toBeGreaterThan(50);
  });

  it('every receipt that was answered exists exactly once', async () => {
    const kept = await cluster.rows<{ external_id: string; state: string; receipts: string }>(
      'select external_id, min(state) as state, count(*) as receipts from checkout.receipt group by external_id',
    );
    const states = new Map(kept.map((row) => [row.external_id, `${row.state} ${row.receipts}`]));
    const lost = acknowledged(load.asked, '/v1/checkout/confirm').filter(
      ({ body }) => states.get(body.id) !== 'confirmed 1',
    );
    expect(lost).toEqual([]);
    expect(kept.filter(({ receipts }) => Number(receipts) !== 1)).toEqual([]);
    const sent = new Set(load.asked.map(({ body }) => body.id));
    expect(kept.filter(({ external_id: id }) => !sent.has(id))).toEqual([]);
  });

  it('no receipt is half there: its lines, points, key, fact and figures came with it', async () => {
    const halves = await cluster.rows(halfReceipts);
    expect(halves).toEqual([]);
    expect(await cluster.rows(halfReturns)).toEqual([]);
    expect(await cluster.rows(wrongFigures)).toEqual([]);
  });

  it('kopilka audit is clean', async () => {
    const report = await server.run('audit');
    expect(report).toMatchObject({ problems: 0, found: [], members: phones.length });
  });
});

function acknowledged(asked: readonly Asked[], path?: string): Asked[] {
  return asked.filter(({ answer, ...each }) => answer?.status === 200 && (path === undefined || each.path === path));
}

/** Of a refusal its code: its request id is another one each time. A hold that was confirmed or cancelled since answers what became of it. */
function different({ path }: Asked, first: Told, second: Told): string[] {
  if (first.status !== second.status) return [`status ${first.status} and ${second.status}`];
  const ofHold = ['id', 'receipt_id', 'shop', 'totals', 'lines'];
  const ofSuccess = path === '/v1/checkout/hold' ? ofHold : Object.keys(first.body);
  const fields = first.status === 200 ? ofSuccess : ['code'];
  return fields.filter((field) => JSON.stringify(first.body[field]) !== JSON.stringify(second.body[field]));
}

async function openShop(connection: Connection): Promise<void> {
  const calls: [string, string, unknown][] = [
    ['PUT', '/v1/shops/main', { name: 'main', zone: 'Europe/Moscow', channel: 'pos' }],
    ['PUT', '/v1/products/SOAP', { name: 'SOAP', price: 5_000 }],
    ['PUT', '/v1/program/draft', { document: { format: 1, name: 'crash', tiers: { list: [tier] } } }],
    ['POST', '/v1/program/publish', {}],
    ...phones.map((value): [string, string, unknown] => [
      'POST',
      '/v1/members',
      { identities: [{ kind: 'phone', value }] },
    ]),
  ];
  for (const [method, path, body] of calls) {
    const told = await ask(connection, method, path, body);
    if (told.status >= 300) throw new Error(`${path}: ${JSON.stringify(told.body)}`);
  }
}

const tier = { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '10', redeem_rate: '50' };

/** Receipts whose lines do not add up to them, whose points have no entries, or whose key leads elsewhere. */
const halfReceipts = `
  select r.external_id, r.state from checkout.receipt r
  left join lateral (select count(*) as lines, sum(shelf_sum) as shelf, sum(paid) as paid, sum(redeemed_points) as redeemed from checkout.receipt_line l
    where l.member_id = r.member_id and l.receipt_id = r.receipt_id) l on true
  left join lateral (select coalesce(sum(change) filter (where kind = 'earn'), 0) as earned, -coalesce(sum(change) filter (where kind = 'redeem'), 0) as redeemed
    from ledger.entry e where e.member_id = r.member_id and e.cause_id = r.receipt_id) e on true
  left join lateral (select count(*) as holds from ledger.hold h where h.member_id = r.member_id and h.hold_id = r.receipt_id) h on true
  where l.lines = 0 or l.shelf <> r.shelf or l.paid <> r.paid or l.redeemed <> r.redeemed_points
    or (r.state = 'confirmed' and (e.earned <> r.earned_points or e.redeemed <> r.redeemed_points or h.holds > 0))
    or (r.state in ('held', 'cancelled') and (e.earned <> 0 or e.redeemed <> 0))
    or (r.state = 'held' and r.redeemed_points > 0 and h.holds = 0)
    or (select count(*) from checkout.receipt_key k where k.object_id = r.receipt_id and k.member_id = r.member_id) = 0`;

/** Returns that took back or gave back other points than their entries say. */
const halfReturns = `
  select b.external_id from checkout.return b
  left join lateral (select coalesce(sum(change) filter (where kind in ('refund', 'revive')), 0) as given from ledger.entry e
    where e.member_id = b.member_id and e.cause_id = b.return_id) e on true
  where not exists (select 1 from checkout.receipt r where r.member_id = b.member_id and r.receipt_id = b.receipt_id and r.returned_money > 0)
    or e.given <> b.points_given_back`;

/** Members whose purchases are counted otherwise than their receipts say. */
const wrongFigures = `
  select s.member_id, s.receipts_count from standing.standing s
  left join lateral (select count(*) as receipts from checkout.receipt r where r.member_id = s.member_id and r.state = 'confirmed' and not r.returned_wholly) r on true
  where s.receipts_count <> r.receipts`;
