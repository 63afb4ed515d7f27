import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { virtualClock } from '#platform/clock.ts';
import { type Database, openDatabase, statement } from '#platform/db.ts';
import { idMaker, type Random, seededRandom } from '#platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { testCaller } from '#test/members.ts';
import { codeKey } from './domain/code-key.ts';
import { poolChunk } from './domain/pool.ts';
import { lookUpCodes } from './index.ts';
import { createPool, exportPool, growPools, type PoolDeps, type PoolOrder, readPool } from './service/pools.ts';

const now = Temporal.Instant.from('2026-03-10T12:00:00Z');
const newId = idMaker(virtualClock(now), seededRandom(2));
// The whole million: KOPILKA_TEST_CODES=1000000.
const count = Number(process.env['KOPILKA_TEST_CODES'] ?? 60_000);

let test: TestDatabase;
let db: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 4 });
});
afterAll(async () => {
  await db.close();
  await test.drop();
});

const depsWith = (random: Random): PoolDeps => ({ db, newId, random });

const orderOf = (more: Partial<PoolOrder>): PoolOrder => ({
  name: 'spring',
  promotionCode: 'spring',
  count: 10,
  prefix: 'SPR',
  length: 10,
  usesMax: 1,
  validFrom: null,
  validUntil: null,
  now,
  caller: testCaller,
  ...more,
});

async function ordered(deps: PoolDeps, more: Partial<PoolOrder>): Promise<string> {
  const pool = await createPool(deps, orderOf(more));
  if (!pool.ok) throw new Error(pool.refusal.code);
  return pool.value.poolId;
}

async function csvOf(deps: PoolDeps, poolId: string): Promise<string[]> {
  const exported = await exportPool(deps, poolId);
  if (!exported.ok) throw new Error(exported.refusal.code);
  const parts: Uint8Array[] = [];
  for await (const part of exported.value) parts.push(part);
  return Buffer.concat(parts).toString('utf8').trimEnd().split('\n');
}

it(`R26: ${count} unique codes are made in chunks, resumed by another process, exported, and work`, {
  timeout: 120_000,
}, async () => {
  const poolId = await ordered(depsWith(seededRandom(3)), { count });
  const started = performance.now();
  expect(await growPools(depsWith(seededRandom(4)), now)).toBe(Math.min(poolChunk, count));
  // A new process: other chance, no memory of the first chunk.
  const resumed = depsWith(seededRandom(5));
  expect(await readPool(resumed, poolId)).toMatchObject({
    ok: true,
    value: { state: 'running', generated: poolChunk },
  });
  expect(await exportPool(resumed, poolId)).toMatchObject({ ok: false, refusal: { code: 'pool_not_ready' } });
  while ((await growPools(resumed, now)) > 0);
  const seconds = (performance.now() - started) / 1_000;
  console.log(`${count} promo codes: ${Math.round(count / seconds)} codes/s`);
  expect(await readPool(resumed, poolId)).toMatchObject({
    ok: true,
    value: { state: 'done', generated: count, used: 0n },
  });
  const [head, ...lines] = await csvOf(resumed, poolId);
  expect(head).toBe('code,uses,cancelled');
  expect(new Set(lines.map((line) => codeKey(line.split(',')[0] ?? ''))).size).toBe(count);
  const one = lines[count >> 1]?.split(',')[0] ?? '';
  expect(one).toMatch(/^SPR-[A-Z0-9]{5}-[A-Z0-9]{5}$/);
  const asker = { memberId: null, now, integration: 'pool' };
  expect(await lookUpCodes(db, [one.toLowerCase()], asker)).toMatchObject([
    { state: 'usable', promotionCode: 'spring' },
  ]);
});

it('codes that collide with codes of another pool are made again', async () => {
  // The same chance twice: the second pool's first draw is the first pool's, code by code.
  const first = await ordered(depsWith(seededRandom(9)), { count: 500 });
  while ((await growPools(depsWith(seededRandom(9)), now)) > 0);
  const second = await ordered(depsWith(seededRandom(9)), { count: 500 });
  const again = depsWith(seededRandom(9));
  expect(await growPools(again, now)).toBe(0);
  expect(await growPools(again, now)).toBe(500);
  const [one, other] = [await csvOf(again, first), await csvOf(again, second)];
  expect(new Set([...one.slice(1), ...other.slice(1)]).size).toBe(1_000);
});

it('a pool so dense that guesses would hit is refused', async () => {
  expect(await createPool(depsWith(seededRandom(1)), orderOf({ count: 1_000_000, length: 6 }))).toMatchObject({
    ok: false,
    refusal: { code: 'pool_too_dense', field: '/length' },
  });
});

it('leaving an export in the middle harms nobody', async () => {
  const deps = depsWith(seededRandom(21));
  const poolId = await ordered(deps, { count: 20_000 });
  while ((await growPools(deps, now)) > 0);
  for (let reader = 0; reader < 6; reader += 1) {
    const exported = await exportPool(deps, poolId);
    if (!exported.ok) throw new Error(exported.refusal.code);
    for await (const part of exported.value) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }
  }
  expect((await csvOf(deps, poolId)).length).toBe(20_001);
  const busy = statement<{ busy: bigint }>(
    'test.busy',
    "select count(*) as busy from pg_stat_activity where state = 'active' and query like 'copy%'",
  );
  expect(await db.run(busy, [])).toEqual([{ busy: 0n }]);
});
