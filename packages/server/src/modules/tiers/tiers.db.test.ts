import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { compileProgram, type ProgramPort, programDocument, russia } from '#modules/program/index.ts';
import { createStanding, lockStanding, nextRevision, readStanding, saveStanding } from '#modules/standing/index.ts';
import { virtualClock } from '#platform/clock.ts';
import { commitWith, type Database, inTransaction, openDatabase, statement } from '#platform/db.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { testCaller } from '#test/members.ts';
import { routeServer } from '#test/route-server.ts';
import {
  addCounter,
  earliestDay,
  loadTierProgress,
  loadTierRaise,
  progressAfterPurchase,
  progressAfterReturn,
  readMemberTier,
  saveTierChanges,
  saveTierProgress,
  settleTier,
  type TiersDeps,
  tiersPart,
} from './index.ts';
import { mountTiers } from './mount.ts';
import { setManualTier } from './service/change-tier.ts';
import { reviewWork } from './service/review-tiers.ts';

const zone = 'Europe/Moscow';
const clock = virtualClock(Temporal.Instant.from('2026-01-10T09:00:00Z'));
const newId = idMaker(clock, seededRandom(5));

const condition = (roubles: number) => ({
  any: [{ figure: 'money_paid', at_least: roubles * 100, window: { kind: 'rolling', days: 30 } }],
});
const name = { ru: 'у', en: 't' };
const document = programDocument.parse({
  format: 1,
  name: 'test',
  tiers: {
    list: [
      { code: 'bronze', rank: 0, earn_rate: '1', name },
      { code: 'silver', rank: 1, earn_rate: '2', name, conditions: condition(10_000) },
      {
        code: 'gold',
        rank: 2,
        earn_rate: '3',
        name,
        conditions: { any: [...condition(50_000).any, { figure: 'reviews', at_least: 3 }] },
      },
    ],
    review_days: 90,
    warning_days: 30,
    return_window_days: 14,
  },
});
const { tiers } = document;

let test: TestDatabase;
let db: Database;
let deps: TiersDeps;

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 4 });
  const program = compileProgram(document, { version: 1, legalProfile: russia, zone });
  const port: ProgramPort = {
    current: () => program,
    version: () => program,
    at: () => program,
    refresh: () => Promise.resolve(),
    poll: () => () => undefined,
  };
  const people = {
    resolve: async (memberId: string) => ((await readStanding(db, memberId)) ? memberId : null),
    zones: (_db: unknown, memberIds: readonly string[]) =>
      Promise.resolve(new Map(memberIds.map((memberId) => [memberId, zone]))),
  };
  deps = { db, newId, program: port, people };
});
afterAll(async () => {
  await db.close();
  await test.drop();
});

async function join(): Promise<string> {
  const memberId = newId();
  await inTransaction(db, (tx) => createStanding(tx, { memberId, joinedAt: clock.now(), tierCode: 'bronze' }));
  return memberId;
}

/** A purchase as checkout writes it. */
async function buy(
  memberId: string,
  roubles: number,
): Promise<{ receiptId: string; rated: string | null; tier: string | null }> {
  const receiptId = newId();
  const now = clock.now();
  return inTransaction(db, async (tx) => {
    const stored = await lockStanding(tx, memberId);
    if (!stored) throw new Error('no standing');
    const progress = await loadTierProgress(
      tx,
      memberId,
      earliestDay(tiers, now.toZonedDateTimeISO(zone).toPlainDate().subtract({ days: 400 })),
    );
    const settled = settleTier(tiers, { standing: stored, progress, now, zone });
    const paid = money(BigInt(roubles) * 100n);
    const counted = {
      ...settled.standing,
      receiptsCount: stored.receiptsCount + 1,
      paidTotal: money(stored.paidTotal + paid),
    };
    const after = progressAfterPurchase(tiers, { standing: counted, progress, at: now, now, zone, paid });
    const changes = [
      ...settled.changes.map((change) => ({ change, causeId: null })),
      ...(after.change ? [{ change: after.change, causeId: receiptId }] : []),
    ];
    return commitWith({ receiptId, rated: settled.standing.tierCode, tier: after.standing.tierCode }, [
      saveTierChanges(tx, changes, { tiers, now, newId }),
      saveTierProgress(tx, [{ memberId, unsaved: after.progress?.unsaved ?? [] }]),
      saveStanding(tx, nextRevision(after.standing)),
    ]);
  });
}

async function tierOf(memberId: string): Promise<string | null> {
  const view = await readMemberTier(deps, memberId, clock.now());
  if (!view.ok) throw new Error(view.refusal.code);
  return view.value.standing.tierCode;
}

const factsOf = async (memberId: string) => {
  const facts = statement<{ kind: string; data: Record<string, unknown> }>(
    'test.facts',
    'select kind, data from platform.fact where member_id = $1 order by fact_no',
  );
  return (await db.run(facts, [memberId])).map(
    ({ kind, data }) => `${kind} ${String(data['from'])} → ${String(data['to'])}`,
  );
};

/** All due work, as the worker runs it. */
async function runDue(): Promise<void> {
  const work = reviewWork(deps);
  while ((await work.runDue(clock.now())) > 0);
}

it('R27: rises with a purchase, warns before the review, and falls by time alone whether or not a job ran', async () => {
  clock.set(Temporal.Instant.from('2026-01-10T09:00:00Z'));
  const memberId = await join();
  expect(await buy(memberId, 10_000)).toMatchObject({ rated: 'bronze', tier: 'silver' });
  await runDue();
  expect(await factsOf(memberId)).toEqual([]);
  // The review is at the end of 10 April in Moscow; the warning thirty days before.
  clock.set(Temporal.Instant.from('2026-03-11T21:00:00Z'));
  await runDue();
  expect(await factsOf(memberId)).toEqual(['tier_will_fall silver → bronze']);
  clock.set(Temporal.Instant.from('2026-04-10T20:59:59Z'));
  expect(await tierOf(memberId)).toBe('silver');
  clock.set(Temporal.Instant.from('2026-04-10T21:00:00Z'));
  expect(await tierOf(memberId)).toBe('bronze');
  expect((await readStanding(db, memberId))?.tierCode).toBe('silver');
  await runDue();
  expect((await readStanding(db, memberId))?.tierCode).toBe('bronze');
  await runDue();
  expect(await factsOf(memberId)).toEqual(['tier_will_fall silver → bronze', 'tier_changed silver → bronze']);
});

it('R27: whoever has bought enough by the warning hears nothing, and the review renews the tier', async () => {
  clock.set(Temporal.Instant.from('2026-01-10T09:00:00Z'));
  const memberId = await join();
  await buy(memberId, 10_000);
  clock.set(Temporal.Instant.from('2026-04-01T09:00:00Z'));
  await buy(memberId, 10_000);
  await runDue();
  clock.set(Temporal.Instant.from('2026-04-11T09:00:00Z'));
  await runDue();
  expect(await factsOf(memberId)).toEqual([]);
  expect((await readStanding(db, memberId))?.tierReviewAt?.toString()).toBe('2026-07-09T21:00:00Z');
});

it('R27: the return of the receipt that raised the tier finds its change and goes back', async () => {
  clock.set(Temporal.Instant.from('2026-01-10T09:00:00Z'));
  const memberId = await join();
  await buy(memberId, 9_000);
  const { receiptId } = await buy(memberId, 5_000);
  expect(await loadTierRaise(db, memberId, newId())).toBeNull();
  const raise = await loadTierRaise(db, memberId, receiptId);
  expect(raise).toMatchObject({ toTier: 'silver', from: { tierCode: 'bronze' } });
  const standing = await readStanding(db, memberId);
  if (!standing) throw new Error('no standing');
  const now = clock.now().add({ hours: 24 });
  const progress = await loadTierProgress(db, memberId, Temporal.PlainDate.from('2026-01-01'));
  const returned = { ...standing, paidTotal: money(900_000), receiptsCount: 1 };
  const after = progressAfterReturn(tiers, {
    standing: returned,
    progress,
    at: clock.now(),
    now,
    zone,
    paid: money(500_000),
    wholeReceipt: true,
    raise,
  });
  expect(after.standing.tierCode).toBe('bronze');
  await inTransaction(db, (tx) => saveTierProgress(tx, [{ memberId, unsaved: after.progress?.unsaved ?? [] }]));
  const days = (await loadTierProgress(db, memberId, Temporal.PlainDate.from('2026-01-01'))).days;
  expect(days).toEqual([{ day: Temporal.PlainDate.from('2026-01-10'), paid: 900_000n, receipts: 1, counters: {} }]);
});

it('R27: counters rise a tier at once, are kept by day, and never go below zero', async () => {
  clock.set(Temporal.Instant.from('2026-01-10T09:00:00Z'));
  const memberId = await join();
  const count = (add: number) =>
    inTransaction(db, (tx) =>
      addCounter(tx, deps, { memberId, counter: 'reviews', add, now: clock.now(), origin: 'live' }),
    );
  await count(2);
  expect(await tierOf(memberId)).toBe('bronze');
  await count(1);
  expect(await tierOf(memberId)).toBe('gold');
  expect(await factsOf(memberId)).toEqual(['tier_changed bronze → gold']);
  expect(await count(-4)).toMatchObject({ ok: false, refusal: { code: 'counter_negative' } });
  const { days } = await loadTierProgress(db, memberId, Temporal.PlainDate.from('2026-01-10'));
  expect(days.map(({ counters }) => counters)).toEqual([{ reviews: 3 }]);
});

it('R27: a manual tier holds until its end, which is true by time alone; taking it away falls back at once', async () => {
  clock.set(Temporal.Instant.from('2026-01-10T09:00:00Z'));
  const memberId = await join();
  const until = Temporal.Instant.from('2026-02-01T00:00:00Z');
  const give = (tier: { code: string; until: Temporal.Instant | null; reason: string } | null) =>
    setManualTier(deps, { memberId, tier, now: clock.now(), caller: testCaller });
  expect(await give({ code: 'nobody', until, reason: 'r' })).toMatchObject({ refusal: { code: 'tier_unknown' } });
  expect(await give({ code: 'gold', until: clock.now(), reason: 'r' })).toMatchObject({
    refusal: { code: 'until_passed' },
  });
  expect(await give({ code: 'gold', until, reason: 'friend of the house' })).toMatchObject({ ok: true });
  expect(await tierOf(memberId)).toBe('gold');
  expect((await readStanding(db, memberId))?.changesAt).toEqual(until);
  clock.set(until);
  expect(await tierOf(memberId)).toBe('bronze');
  await give({ code: 'silver', until: null, reason: 'r' });
  expect(await tierOf(memberId)).toBe('silver');
  await give(null);
  expect(await tierOf(memberId)).toBe('bronze');
  expect((await readMemberTier(deps, newId(), clock.now())).ok).toBe(false);
});

it('the way to the next tier is shown by condition', async () => {
  clock.set(Temporal.Instant.from('2026-01-10T09:00:00Z'));
  const memberId = await join();
  await buy(memberId, 12_000);
  const view = await readMemberTier(deps, memberId, clock.now());
  expect(view).toMatchObject({
    ok: true,
    value: {
      next: {
        tierCode: 'gold',
        rule: 'any',
        conditions: [
          { value: 1_200_000n, reached: false },
          { value: 0n, reached: false },
        ],
      },
    },
  });
});

it('R32: a merge keeps the higher tier and adds progress; undoing it takes away what came', async () => {
  clock.set(Temporal.Instant.from('2026-01-10T09:00:00Z'));
  const [survivorId, absorbedId] = [await join(), await join()];
  await buy(survivorId, 10_000);
  await buy(absorbedId, 50_000);
  const pair = { survivorId, absorbedId };
  const part = tiersPart(deps);
  const context = { now: clock.now(), newId };
  const memento = await inTransaction(db, (tx) => part.merge(tx, pair, context));
  expect(await tierOf(survivorId)).toBe('gold');
  const paidBy = async (memberId: string) =>
    (await loadTierProgress(db, memberId, Temporal.PlainDate.from('2026-01-01'))).days.map(({ paid }) => paid);
  expect(await paidBy(survivorId)).toEqual([6_000_000n]);
  const stored = JSON.parse(JSON.stringify(memento)) as Record<string, unknown>;
  await inTransaction(db, (tx) => part.unmerge(tx, pair, stored, context));
  expect([await tierOf(survivorId), await tierOf(absorbedId)]).toEqual(['silver', 'gold']);
  expect(await paidBy(survivorId)).toEqual([1_000_000n]);
});

it('R34: history is exported; an erasure leaves no reason and no receipt behind', async () => {
  clock.set(Temporal.Instant.from('2026-01-10T09:00:00Z'));
  const memberId = await join();
  await buy(memberId, 10_000);
  clock.advance({ hours: 1 });
  await setManualTier(deps, {
    memberId,
    tier: { code: 'gold', until: null, reason: 'Anna is a friend' },
    now: clock.now(),
    caller: testCaller,
  });
  const part = tiersPart(deps);
  expect(await part.exportData(db, [memberId])).toMatchObject({
    history: [{ to: 'gold' }, { to: 'silver' }],
    manual: [{ tier: 'gold' }],
    days: [{ paid: 1_000_000 }],
  });
  await inTransaction(db, (tx) => part.erase(tx, memberId, { now: clock.now(), newId }));
  expect(await part.exportData(db, [memberId])).toMatchObject({ manual: [], days: [] });
});

it('over HTTP: a tier is read, given, taken away, and a review is counted', async () => {
  clock.set(Temporal.Instant.from('2026-01-10T09:00:00Z'));
  const memberId = await join();
  const server = routeServer(mountTiers(deps).routes, { db, clock });
  const url = `/v1/members/${memberId}`;
  expect(await server.ask('GET', `${url}/tier`)).toMatchObject({
    status: 200,
    json: {
      tier: 'bronze',
      next: { tier: 'silver', conditions: [{ window: 'rolling:30', value: 0, left: 1_000_000 }] },
    },
  });
  const given = await server.ask('PUT', `${url}/tier/manual`, { tier: 'gold', reason: 'friend' });
  expect(given).toMatchObject({
    status: 200,
    json: { tier: 'gold', manual: { tier: 'gold', until: null }, next: null },
  });
  const unknown = await server.ask('PUT', `${url}/tier/manual`, { tier: 'nobody', reason: 'x' });
  expect(unknown).toMatchObject({ status: 422, json: { code: 'tier_unknown' } });
  expect(await server.ask('DELETE', `${url}/tier/manual`)).toMatchObject({
    status: 200,
    json: { tier: 'bronze', manual: null },
  });
  await server.ask('POST', `${url}/counters`, { counter: 'reviews', add: 3 });
  expect((await server.ask('GET', `${url}/tier`)).json).toMatchObject({ tier: 'gold' });
  const less = await server.ask('POST', `${url}/counters`, { counter: 'reviews', add: -9 });
  expect(less).toMatchObject({ status: 422, json: { code: 'counter_negative' } });
  expect((await server.ask('GET', `/v1/members/${newId()}/tier`)).status).toBe(404);
  await server.close();
});
