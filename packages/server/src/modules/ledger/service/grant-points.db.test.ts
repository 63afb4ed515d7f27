import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { points } from '#kernel/points.ts';
import { inTransaction } from '#platform/db.ts';
import { type Ground, makeGround } from '#test/ledger/ground.ts';
import type { GrantTerms } from '../domain/grant-dates.ts';
import { readBalance } from './balance.ts';
import { type GrantOrder, grantPoints } from './grant-points.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await makeGround();
});
afterAll(() => ground.close());

const noTerms: GrantTerms = {
  startsAt: null,
  startsOn: null,
  burnsAt: null,
  burnsOn: null,
  days: null,
  restriction: null,
  funder: null,
  paysDebt: true,
};

function give(order: Partial<GrantOrder> & Pick<GrantOrder, 'to' | 'terms'>) {
  const cause = { kind: 'campaign', id: ground.newId() } as const;
  const now = ground.clock.now();
  return inTransaction(ground.db, (tx) =>
    grantPoints(tx, ground.deps, { source: 'campaign', rule: 'new-year', cause, origin: 'live', now, ...order }),
  );
}

async function availableAt(memberId: string, at: string): Promise<bigint | undefined> {
  const asked = { now: Temporal.Instant.from(at), settings: ground.deps.settings() };
  return (await readBalance(ground.db, memberId, asked))?.available;
}

describe('points given outside of receipts', () => {
  it('R3: "from 18 to 22 December" is each member’s own 18 and 22 December', async () => {
    const [east, west] = [await ground.member(), await ground.member()];
    const granted = await give({
      to: [
        { memberId: east, zone: 'Asia/Vladivostok', points: points(3_000) },
        { memberId: west, zone: 'Europe/Kaliningrad', points: points(3_000) },
      ],
      terms: {
        ...noTerms,
        startsOn: Temporal.PlainDate.from('2026-12-18'),
        burnsOn: Temporal.PlainDate.from('2026-12-22'),
      },
    });
    expect(
      granted.map(({ memberId, startsAt, burnsAt }) => [memberId, startsAt.toString(), burnsAt?.toString()]),
    ).toEqual([
      [east, '2026-12-17T14:00:00Z', '2026-12-22T14:00:00Z'],
      [west, '2026-12-17T22:00:00Z', '2026-12-22T22:00:00Z'],
    ]);
    expect(granted.map(({ figures }) => [figures.available, figures.pending])).toEqual([
      [0n, 3_000n],
      [0n, 3_000n],
    ]);
    expect(await availableAt(east, '2026-12-17T13:59:59Z')).toBe(0n);
    expect(await availableAt(east, '2026-12-17T14:00:00Z')).toBe(3_000n);
    expect(await availableAt(west, '2026-12-17T14:00:00Z')).toBe(0n);
    expect(await availableAt(east, '2026-12-22T14:00:00Z')).toBe(0n);
    expect(await availableAt(west, '2026-12-22T21:59:59Z')).toBe(3_000n);
  });

  it('a first day that has begun means from now on; a last day that is over leaves the member out', async () => {
    const [today, over] = [await ground.member(), await ground.member()];
    ground.clock.advance({ hours: 3 });
    const now = ground.clock.now();
    const date = now.toZonedDateTimeISO('Europe/Moscow').toPlainDate();
    const terms = { ...noTerms, startsOn: date, burnsOn: date };
    const [granted] = await give({
      to: [
        { memberId: today, zone: null, points: points(5) },
        // Already the next day there.
        { memberId: over, zone: 'Pacific/Kiritimati', points: points(5) },
      ],
      terms,
    });
    expect(granted).toMatchObject({ memberId: today, startsAt: now });
    expect(await availableAt(today, now.toString())).toBe(5n);
    expect(await availableAt(over, now.toString())).toBe(0n);
  });

  it('R44: a thousand members and one fact for all of them', async () => {
    const before = await factsGranted();
    const members: string[] = [];
    for (let count = 0; count < 200; count += 1) members.push(await ground.member());
    const granted = await give({
      to: members.map((memberId) => ({ memberId, zone: null, points: points(250) })),
      terms: { ...noTerms, days: 10 },
    });
    expect(granted).toHaveLength(200);
    expect(await factsGranted()).toBe(before + 1);
    await expect(
      give({
        to: Array.from({ length: 1_001 }, () => ({ memberId: '', zone: null, points: points(1) })),
        terms: noTerms,
      }),
    ).rejects.toThrow('at most 1000');
  });
});

async function factsGranted(): Promise<number> {
  const found = await ground.db.pool.query("select from platform.fact where kind = 'points_granted'");
  return found.rowCount ?? 0;
}
