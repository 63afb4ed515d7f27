import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { required } from '#kernel/assert.ts';
import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import { inTransaction, statement } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import { type Ground, makeGround } from '#test/ledger/ground.ts';
import { nextRevision, type Standing } from './index.ts';
import { standingHooks } from './service/hooks.ts';
import { standingPart } from './service/part.ts';
import {
  lockStanding,
  lockStandings,
  pageDueMembers,
  readStanding,
  saveStanding,
  saveStandings,
} from './store/standing-store.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await makeGround();
});
afterAll(async () => {
  await ground.close();
});

const instant = (text: string) => Temporal.Instant.from(text);
const plain = (value: unknown): unknown => JSON.parse(toJson(value));
const read = async (memberId: string) => required(await readStanding(ground.db, memberId), 'standing');

/** Every column set to something of its own. */
async function full(memberId: string): Promise<Standing> {
  return {
    ...(await read(memberId)),
    revision: 7n,
    blocked: true,
    available: points(1),
    pending: points(2),
    reserved: points(3),
    debt: points(4),
    changesAt: instant('2026-03-05T00:00:00Z'),
    inactivityDeadline: instant('2027-03-05T00:00:00Z'),
    receiptsCount: 5,
    paidTotal: money(123_456),
    firstPurchaseAt: instant('2026-01-05T10:00:00Z'),
    lastPurchaseAt: instant('2026-02-05T10:00:00Z'),
    lastShopId: 'arbat',
    tierCode: 'gold',
    tierSince: instant('2026-02-05T11:00:00Z'),
    tierReviewAt: instant('2027-02-05T11:00:00Z'),
    day: Temporal.PlainDate.from('2026-02-28'),
    dayEarned: points(11),
    dayRedeemed: points(12),
    counters: { reviews: 2 },
  };
}

describe('the standing row', () => {
  it('is read as it was saved, alone and in a batch', async () => {
    const [anna, boris] = [await ground.member(), await ground.member()];
    const [one, two] = [await full(anna), await full(boris)];
    await inTransaction(ground.db, (tx) => saveStanding(tx, one));
    expect(plain(await read(anna))).toEqual(plain(one));
    const changed = [
      { ...one, counters: { reviews: 3 } },
      { ...two, day: null, changesAt: null },
    ];
    await inTransaction(ground.db, (tx) => saveStandings(tx, changed));
    expect(plain([await read(anna), await read(boris)])).toEqual(plain(changed));
  });

  it('R44: a purchase updates it in place: HOT, with no index to touch', async () => {
    const vera = await ground.member();
    const standing = await full(vera);
    const updates = statement<{ all: bigint; hot: bigint }>(
      'test.updates_of_standing',
      "select pg_stat_get_xact_tuples_updated(r) as all, pg_stat_get_xact_tuples_hot_updated(r) as hot from (select 'standing.standing'::regclass as r) t",
    );
    const counted = await inTransaction(ground.db, async (tx) => {
      const [before] = await tx.run(updates, []);
      for (let purchase = 0; purchase < 5; purchase += 1) {
        const changesAt = instant(`2026-03-05T00:00:1${purchase}Z`);
        await saveStanding(tx, { ...standing, changesAt, available: points(purchase), revision: BigInt(purchase) });
      }
      const [after] = await tx.run(updates, []);
      return { all: (after?.all ?? 0n) - (before?.all ?? 0n), hot: (after?.hot ?? 0n) - (before?.hot ?? 0n) };
    });
    expect(counted).toEqual({ all: 5n, hot: 5n });
  });

  it('locks a batch in the order of ids, so that two batches never wait for each other in a circle', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => ground.member()));
    const count = (order: readonly string[]) =>
      inTransaction(ground.db, async (tx) => {
        const locked = await lockStandings(tx, order);
        await saveStandings(tx, [...locked.values()].map(nextRevision));
      });
    await Promise.all(Array.from({ length: 20 }, (_, round) => count(round % 2 === 0 ? ids : [...ids].reverse())));
    const rows = await Promise.all(ids.map(read));
    expect(rows.map((row) => row.revision)).toEqual(ids.map(() => 20n));
  });

  it('R7: finds those whose time has come, page by page', async () => {
    const due = (await Promise.all([ground.member(), ground.member(), ground.member()])).sort();
    const at = instant('2020-01-01T00:00:00Z');
    for (const memberId of due)
      await inTransaction(ground.db, async (tx) => saveStanding(tx, { ...(await read(memberId)), changesAt: at }));
    const first = await pageDueMembers(ground.db, at, null, 2);
    const second = await pageDueMembers(ground.db, at, first.at(-1) ?? null, 2);
    expect([...first, ...second]).toEqual(due);
  });
});

describe('what members calls', () => {
  it('makes the row in the first tier, blocks it, counts its revision', async () => {
    const hooks = standingHooks(() => 'bronze');
    const memberId = ground.newId();
    const at = ground.clock.now();
    await inTransaction(ground.db, (tx) => hooks.registered(tx, { memberId, at }));
    expect(await inTransaction(ground.db, (tx) => hooks.nextRevision(tx, memberId))).toBe(1n);
    expect(await inTransaction(ground.db, (tx) => hooks.blocked(tx, { memberId, blocked: true }))).toEqual({
      revision: 2n,
    });
    expect(plain(await read(memberId))).toMatchObject({
      tierCode: 'bronze',
      tierSince: at.toString(),
      blocked: true,
      revision: 2,
    });
  });
});

describe('R32: totals of a merge', () => {
  it('add up, leave nothing behind, and come apart again', async () => {
    const [anna, boris] = [await ground.member(), await ground.member()];
    await inTransaction(ground.db, async (tx) => {
      await saveStandings(tx, [
        {
          ...(await full(anna)),
          lastPurchaseAt: instant('2026-02-20T10:00:00Z'),
          lastShopId: 'site',
          counters: { reviews: 1, quizzes: 4 },
        },
        await full(boris),
      ]);
    });
    const before = plain([await read(anna), await read(boris)]) as Record<string, unknown>[];
    const pair = { survivorId: anna, absorbedId: boris };
    const context = { now: ground.clock.now(), newId: ground.newId };
    const memento = await inTransaction(ground.db, (tx) => standingPart().merge(tx, pair, context));
    expect(plain(await read(anna))).toMatchObject({
      receiptsCount: 10,
      paidTotal: 246_912,
      firstPurchaseAt: '2026-01-05T10:00:00Z',
      lastPurchaseAt: '2026-02-20T10:00:00Z',
      lastShopId: 'site',
      dayEarned: 22,
      dayRedeemed: 24,
      counters: { reviews: 3, quizzes: 4 },
    });
    expect(plain(await read(boris))).toMatchObject({
      receiptsCount: 0,
      paidTotal: 0,
      lastPurchaseAt: null,
      counters: {},
    });
    await inTransaction(ground.db, (tx) => standingPart().unmerge(tx, pair, memento, context));
    const after = plain([await read(anna), await read(boris)]) as Record<string, unknown>[];
    const lasting = ({
      revision: _revision,
      dayEarned: _earned,
      dayRedeemed: _redeemed,
      ...rest
    }: Record<string, unknown>) => rest;
    expect(after.map(lasting)).toEqual(before.map(lasting));
  });

  it('R34: an erased member keeps sums, not places and habits', async () => {
    const kira = await ground.member();
    await inTransaction(ground.db, async (tx) => saveStanding(tx, await full(kira)));
    await inTransaction(ground.db, (tx) =>
      standingPart().erase(tx, kira, { now: ground.clock.now(), newId: ground.newId }),
    );
    expect(plain(await read(kira))).toMatchObject({
      paidTotal: 123_456,
      receiptsCount: 5,
      lastShopId: null,
      day: null,
      counters: {},
    });
    expect(await inTransaction(ground.db, (tx) => lockStanding(tx, ground.newId()))).toBeNull();
    expect(
      await ground.db.run(
        statement<{ count: bigint }>('test.count', 'select count(*) from standing.standing where member_id = $1'),
        [kira],
      ),
    ).toEqual([{ count: 1n }]);
  });
});
