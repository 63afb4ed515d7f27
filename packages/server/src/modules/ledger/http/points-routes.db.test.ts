import type { RouteContract } from '@kopilka/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { required } from '#kernel/assert.ts';
import { points } from '#kernel/points.ts';
import type { Call } from '#platform/http/handler.ts';
import { type Ground, makeGround, system } from '#test/ledger/ground.ts';
import { takeBack } from '../domain/take-back.ts';
import { pointsRoutes } from './points-routes.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await makeGround();
});
afterAll(async () => {
  await ground.close();
});

/** As the server does: parsed by the contract on the way in, encoded by it on the way out. */
async function call(method: string, path: string, input: { memberId: string; query?: object; body?: object }) {
  const route = required(
    pointsRoutes(ground.deps).find((any) => any.contract.method === method && any.contract.path === path),
    'route',
  );
  const { contract } = route;
  const parsed = (schema: z.ZodType | undefined, value: unknown) => schema?.parse(value);
  const answer = await route.handle({
    params: parsed(contract.params, { memberId: input.memberId }),
    query: parsed(contract.query, input.query ?? {}),
    body: parsed(contract.body, input.body),
    caller: system,
    now: ground.clock.now(),
    requestId: 'test',
    language: 'en',
  } as unknown as Call<RouteContract>);
  return answer.ok ? (contract.response.encode(answer.value) as Record<string, unknown>) : answer.refusal;
}

const balancePath = '/v1/members/:memberId/balance';
const pointsPath = '/v1/members/:memberId/points';
const lotsPath = '/v1/members/:memberId/lots';

describe('points over HTTP', () => {
  it('R6 R7: the balance, what burns and what starts', async () => {
    const memberId = await ground.member();
    const now = ground.clock.now();
    await ground.give(memberId, 100, { burnsAt: now.add({ hours: 48 }) });
    await ground.give(memberId, 50, { startsAt: now.add({ hours: 24 }) });
    expect(await call('GET', balancePath, { memberId })).toEqual({
      member_id: memberId,
      available: 100,
      pending: 50,
      reserved: 0,
      debt: 0,
      total: 150,
      at: now.toString(),
      changes_at: now.add({ hours: 24 }).toString(),
      burns: [{ at: now.add({ hours: 48 }).toString(), points: 100 }],
      starts: [{ at: now.add({ hours: 24 }).toString(), points: 50 }],
    });
  });

  it('R5: lots and entries, a page at a time, newest first, each once', async () => {
    const memberId = await ground.member();
    for (const amount of [1, 2, 3, 4, 5]) {
      ground.clock.advance({ minutes: 1 });
      await ground.give(memberId, amount);
    }
    const pages = async (path: string) => {
      const changes: unknown[] = [];
      let cursor: string | null = null;
      do {
        const query: object = cursor === null ? { limit: '2' } : { limit: '2', cursor };
        const page = (await call('GET', path, { memberId, query })) as {
          items: Record<string, unknown>[];
          next_cursor: string | null;
        };
        changes.push(...page.items.map((item) => item['change'] ?? item['amount']));
        cursor = page.next_cursor;
      } while (cursor !== null);
      return changes;
    };
    expect(await pages(pointsPath)).toEqual([5, 4, 3, 2, 1]);
    expect(await pages(lotsPath)).toEqual([5, 4, 3, 2, 1]);
  });

  it('R7: a lot that time has burned is closed in the list though nothing was written', async () => {
    const memberId = await ground.member();
    await ground.give(memberId, 9, { burnsAt: ground.clock.now().add({ hours: 1 }) });
    ground.clock.advance({ hours: 1 });
    const page = (await call('GET', lotsPath, { memberId, query: { state: 'all' } })) as { items: unknown[] };
    expect(page.items).toMatchObject([{ state: 'closed', amount: 9, remaining: 0 }]);
  });

  it('R10: gives, takes, refuses what is not there, forgives', async () => {
    const memberId = await ground.member();
    const grant = {
      kind: 'grant',
      points: 40,
      reason: 'apology',
      days: 30,
      restriction: { shops: ['arbat'] },
      funder: 'brand',
    };
    expect(await call('POST', pointsPath, { memberId, body: grant })).toMatchObject({
      member_id: memberId,
      balance: { available: 40 },
    });
    const take = { kind: 'take', points: 41, reason: 'mistake' };
    expect(await call('POST', pointsPath, { memberId, body: take })).toMatchObject({
      code: 'not_enough_points',
      field: '/points',
    });
    expect(await call('POST', pointsPath, { memberId, body: { ...take, points: 40 } })).toMatchObject({
      lot_id: null,
      balance: { available: 0 },
    });
    const twoTerms = { ...grant, burns_at: '2027-01-01T00:00:00Z' };
    expect(await call('POST', pointsPath, { memberId, body: twoTerms })).toMatchObject({ code: 'two_terms' });
    await ground.change(memberId, (state, context) =>
      takeBack(state, { receiptId: ground.newId(), points: points(7), lots: [] }, context),
    );
    const forgiven = await call('DELETE', '/v1/members/:memberId/debt', { memberId, body: { reason: 'our mistake' } });
    expect(forgiven).toMatchObject({ forgiven: 7, balance: { debt: 0 } });
  });

  it('answers that a member is unknown', async () => {
    const memberId = ground.newId();
    for (const path of [balancePath, pointsPath, lotsPath]) {
      expect(await call('GET', path, { memberId })).toEqual({ code: 'member_not_found' });
    }
  });
});
