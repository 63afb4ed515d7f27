import { Temporal } from 'temporal-polyfill';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Database, inTransaction, openDatabase, statement } from '#platform/db.ts';
import { factNo, recordFacts } from '#platform/facts.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import type { FactListener } from '#platform/module.ts';
import { idMaker, systemRandom } from '#platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { systemClock } from './clock.ts';
import { listParkedFacts, retryParkedFacts } from './parked-facts.ts';
import { failuresMax, relay } from './relay.ts';

const at = Temporal.Instant.from('2026-03-01T10:00:00Z');
const newId = idMaker(systemClock, systemRandom());
const heard = statement<never>(
  'test.heard',
  'insert into public.heard (listener, member_id, fact_no) values ($1, $2, $3)',
);
const readHeard = statement<{ listener: string; member_id: string; fact_no: bigint }>(
  'test.read_heard',
  'select listener, member_id, fact_no from public.heard order by place',
);
const left = statement<{ count: bigint }>('test.facts_left', 'select count(*) as count from platform.fact');

let test: TestDatabase;
let db: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 12 });
  await db.pool.query(
    'create table public.heard (place bigint generated always as identity, listener text, member_id uuid, fact_no bigint, primary key (listener, member_id, fact_no))',
  );
});

afterEach(async () => {
  await db.pool.query('truncate public.heard, platform.fact');
});

afterAll(async () => {
  await db.close();
  await test.drop();
});

function writing(name: string, kinds: readonly string[]): FactListener {
  return { name, kinds, handle: (tx, fact) => tx.run(heard, [name, fact.memberId, fact.factNo]).then(() => undefined) };
}

function relayOf(listeners: readonly FactListener[]) {
  return relay({ db, listeners, log: createLog({ level: 'silent' }), metrics: createMetrics(), now: () => at });
}

async function happen(memberId: string, kind: string, revisions: readonly number[]): Promise<void> {
  const facts = revisions.map((revision) => ({
    memberId,
    factNo: factNo(BigInt(revision), 0),
    kind,
    at,
    origin: 'live' as const,
    data: { revision },
  }));
  await inTransaction(db, (tx) => recordFacts(tx, facts));
}

const heardNos = async (memberId: string) =>
  (await db.run(readHeard, [])).filter((row) => row.member_id === memberId).map((row) => row.fact_no / 1000n);
const factsLeft = async () => (await db.run(left, []))[0]?.count;

describe('the relay of facts', () => {
  it('hands each member’s facts to every listener in their order and removes them', async () => {
    const [anna, boris] = [newId(), newId()];
    await happen(anna, 'points_earned', [3, 1]);
    await happen(boris, 'points_earned', [7]);
    await happen(anna, 'points_earned', [2]);
    const delivered = await relayOf([
      writing('tiers', ['points_earned']),
      writing('webhooks', ['points_earned']),
    ]).drain();
    expect(delivered).toBe(4);
    expect(await heardNos(anna)).toEqual([1n, 1n, 2n, 2n, 3n, 3n]);
    expect(await heardNos(boris)).toEqual([7n, 7n]);
    expect(await factsLeft()).toBe(0n);
  });

  it('removes facts nobody listens to, in chunks, and keeps the others', async () => {
    const anna = newId();
    await happen(
      anna,
      'nobody_cares',
      Array.from({ length: 2_500 }, (_, index) => index),
    );
    await happen(anna, 'points_earned', [9_000]);
    expect(await relayOf([writing('tiers', ['points_earned'])]).drain()).toBe(2_501);
    expect(await heardNos(anna)).toEqual([9_000n]);
    expect(await factsLeft()).toBe(0n);
  });

  it('removes everything when there is no listener at all', async () => {
    await happen(newId(), 'points_earned', [1, 2]);
    expect(await relayOf([]).drain()).toBe(2);
    expect(await factsLeft()).toBe(0n);
  });

  it('undoes a failed delivery whole, and parks the fact after its last failure while later ones go on', async () => {
    const [anna, boris] = [newId(), newId()];
    const picky: FactListener = {
      name: 'picky',
      kinds: ['points_earned'],
      handle: (_tx, fact) => (fact.data['revision'] === 2 ? Promise.reject(new Error('cannot')) : Promise.resolve()),
    };
    await happen(anna, 'points_earned', [1, 2, 3]);
    await happen(boris, 'points_earned', [1]);
    const listeners = [writing('tiers', ['points_earned']), picky];
    expect(await relayOf(listeners).drain()).toBe(1);
    // Nothing of anna's is written or removed: 1 waits with 2, because they were one transaction.
    expect([await heardNos(anna), await heardNos(boris), await factsLeft()]).toEqual([[], [1n], 3n]);

    // A new relay does not remember the pause of the old one.
    for (let tries = 1; tries < failuresMax; tries += 1) await relayOf(listeners).drain();
    expect((await listParkedFacts(db)).map((fact) => [fact.memberId, fact.factNo, fact.failures])).toEqual([
      [anna, 2000n, failuresMax],
    ]);
    await relayOf(listeners).drain();
    expect([await heardNos(anna), await factsLeft()]).toEqual([[1n, 3n], 1n]);

    expect(await retryParkedFacts(db)).toBe(1);
    await relayOf([writing('tiers', ['points_earned'])]).drain();
    expect([await heardNos(anna), await factsLeft()]).toEqual([[1n, 3n, 2n], 0n]);
  });

  it('delivers each fact once and in order when several relays work at the same time', async () => {
    const members = Array.from({ length: 30 }, newId);
    for (const member of members)
      await happen(
        member,
        'points_earned',
        Array.from({ length: 8 }, (_, index) => index + 1),
      );
    const relays = [1, 2, 3].map(() => relayOf([writing('tiers', ['points_earned'])]));
    const counts = await Promise.all(relays.map((each) => each.drain()));
    // One that met only members of the others may have stopped early: what is left is delivered by anybody.
    const rest = await relays[0]?.drain();
    expect(counts.reduce((sum, count) => sum + count, rest ?? 0)).toBe(240);
    for (const member of members) expect(await heardNos(member)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
  });

  it('works by itself until it is stopped', async () => {
    const running = relayOf([writing('tiers', ['points_earned'])]);
    running.start();
    const anna = newId();
    await happen(anna, 'points_earned', [1]);
    await expect.poll(() => heardNos(anna), { timeout: 5_000 }).toEqual([1n]);
    await running.stop();
    await happen(anna, 'points_earned', [2]);
    expect(await factsLeft()).toBe(1n);
  });
});
