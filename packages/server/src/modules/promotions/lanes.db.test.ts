import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import { type PromotionUse, programDocument, type TotalLimit } from '#modules/program/index.ts';
import { virtualClock } from '#platform/clock.ts';
import { commitWith, type Database, inTransaction, openDatabase } from '#platform/db.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { brokenLimit, budgetReader, ensureCounters, lockBudgets, takeLimits } from './index.ts';

const start = Temporal.Instant.from('2026-03-10T12:00:00Z');
const day = Temporal.PlainDate.from('2026-03-10');
const newId = idMaker(virtualClock(start), seededRandom(2));

let test: TestDatabase;
let db: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 8 });
});
afterAll(async () => {
  await db.close();
  await test.drop();
});

function total(limit: Partial<TotalLimit>): PromotionUse['limits'] {
  return { perMember: null, perDay: null, total: { uses: null, points: null, money: null, ...limit } };
}

function useOf(promotionCode: string, more: Pick<PromotionUse, 'points' | 'limits'>): PromotionUse {
  return { promotionCode, promoCodeId: null, windowId: null, discount: money(0), ...more };
}

async function publish([{ code, limits }]: [{ code: string; limits: Record<string, number> }]): Promise<void> {
  const effects = [{ kind: 'earn_fixed', points: 1 }];
  const document = programDocument.parse({
    format: 1,
    name: 'test',
    promotions: [{ code, name: code, effects, limits }],
  });
  await inTransaction(db, (tx) => ensureCounters(tx, document));
}

async function sell(uses: readonly PromotionUse[], { laned }: { laned?: ReadonlySet<string> } = {}) {
  const taking = {
    memberId: newId(),
    receiptId: newId(),
    at: start,
    day,
    forced: false,
    newId,
    ...(laned && { laned }),
  };
  try {
    return await inTransaction(db, (tx) =>
      Promise.resolve(commitWith('sold' as const, [takeLimits(tx, uses, taking)])),
    );
  } catch (error) {
    return brokenLimit(error);
  }
}

describe('lanes of a large budget', () => {
  const max = 6_400_000n;
  const limits = total({ points: max });
  const laned: ReadonlySet<string> = new Set(['wide']);

  it('R25: tills take from lanes, and what is left is told as one', async () => {
    await publish([{ code: 'wide', limits: { total_points: Number(max) } }]);
    for (let sale = 0; sale < 20; sale += 1) await sell([useOf('wide', { points: points(10), limits })], { laned });
    const left = await budgetReader(db, virtualClock(start)).read(['wide']);
    expect(left.get('wide')).toEqual({ uses: null, points: max - 200n, money: null, laned: true });
  });

  it('R25: a sale larger than its lane fails as a whole, and under lock all that is left is usable', async () => {
    const large = useOf('wide', { points: points(5_000_000), limits });
    expect(await sell([large], { laned })).toEqual({ kind: 'promotion', promotionCode: 'wide' });
    const left = await inTransaction(db, (tx) => lockBudgets(tx, ['wide'], { keepWhole: true }));
    expect(left.get('wide')?.points).toBe(max - 200n);
    await sell([useOf('wide', { points: points(max - 200n), limits })]);
    expect((await budgetReader(db, virtualClock(start)).read(['wide'])).get('wide')).toMatchObject({
      points: 0n,
      laned: false,
    });
  });

  it('R25: a till that still believes in lanes finds none, and takes nothing', async () => {
    expect(await sell([useOf('wide', { points: points(1), limits })], { laned })).toEqual({ kind: 'lane' });
  });

  it('R25, R29: publishing a smaller maximum counts what was used, not what lies in lanes', async () => {
    await publish([{ code: 'shrunk', limits: { total_points: Number(max) } }]);
    await sell([useOf('shrunk', { points: points(100), limits })], { laned: new Set(['shrunk']) });
    await publish([{ code: 'shrunk', limits: { total_points: 150 } }]);
    const left = await inTransaction(db, (tx) => lockBudgets(tx, ['shrunk']));
    expect(left.get('shrunk')).toEqual({ uses: null, points: 50n, money: null, laned: false });
  });
});

it('a failure that is no limit stays a failure', () => {
  expect(brokenLimit(new Error('no'))).toBeNull();
});
