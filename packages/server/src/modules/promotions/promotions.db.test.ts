import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import type { PromotionUse, TotalLimit } from '#modules/program/index.ts';
import { programDocument } from '#modules/program/index.ts';
import { virtualClock } from '#platform/clock.ts';
import { commitWith, type Database, inTransaction, openDatabase, statement } from '#platform/db.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { testCaller } from '#test/members.ts';
import {
  addImportedCode,
  brokenLimit,
  budgetReader,
  cancelIssuedCodes,
  ensureCounters,
  giveBackLimits,
  giveBackPart,
  grantWindows,
  issueCode,
  loadForQuote,
  lockBudgets,
  lookUpCodes,
  promotionsPart,
  removeImportedCode,
  takeLimits,
} from './index.ts';
import { createCode } from './service/codes.ts';

const start = Temporal.Instant.from('2026-03-10T12:00:00Z');
const day = Temporal.PlainDate.from('2026-03-10');
const clock = virtualClock(start);
const random = seededRandom(1);
const newId = idMaker(clock, random);

let test: TestDatabase;
let db: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 16 });
});
afterAll(async () => {
  await db.close();
  await test.drop();
});
beforeEach(() => clock.set(start));

const none: TotalLimit = { uses: null, points: null, money: null };

function useOf(promotionCode: string, more: Partial<PromotionUse> = {}): PromotionUse {
  const limits = { perMember: null, perDay: null, total: null };
  return { promotionCode, promoCodeId: null, windowId: null, discount: money(100), points: points(0), limits, ...more };
}

const total = (limit: Partial<TotalLimit>) => ({ perMember: null, perDay: null, total: { ...none, ...limit } });

async function publish(promotions: { code: string; limits: Record<string, number> }[]): Promise<void> {
  const document = programDocument.parse({
    format: 1,
    name: 'test',
    promotions: promotions.map((promotion) => ({
      name: promotion.code,
      effects: [{ kind: 'percent_off', percent: '10' }],
      ...promotion,
    })),
  });
  await inTransaction(db, (tx) => ensureCounters(tx, document));
}

interface Sale {
  readonly laned?: ReadonlySet<string>;
  readonly memberId?: string;
  readonly receiptId?: string;
  readonly forced?: boolean;
}

/** One sale's taking, committed as checkout does it: with COMMIT on its way before the answer. */
async function sell(uses: readonly PromotionUse[], sale: Sale = {}): Promise<'sold' | ReturnType<typeof brokenLimit>> {
  const { memberId = newId(), receiptId = newId(), forced = false, laned } = sale;
  try {
    return await inTransaction(db, (tx) => {
      const taking = takeLimits(tx, uses, {
        memberId,
        receiptId,
        at: clock.now(),
        day,
        forced,
        newId,
        ...(laned && { laned }),
      });
      return Promise.resolve(commitWith('sold' as const, [taking]));
    });
  } catch (error) {
    const broken = brokenLimit(error);
    if (broken === null) throw error;
    return broken;
  }
}

function giveBack(memberId: string, receiptId: string): Promise<void> {
  return inTransaction(db, (tx) => giveBackLimits(tx, { memberId, receiptId, at: clock.now() }));
}

async function budget(code: string) {
  const { uses, points: left, money: sum } = (await budgetReader(db, clock).read([code])).get(code) ?? none;
  return { uses, points: left, money: sum };
}

describe('R25: a total limit is never exceeded and all of it is usable', () => {
  it('64 parallel sales of a promotion with 10 uses: exactly 10 take one', async () => {
    await publish([{ code: 'ten', limits: { total_uses: 10 } }]);
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => sell([useOf('ten', { limits: total({ uses: 10n }) })])),
    );
    expect(answers.filter((answer) => answer === 'sold')).toHaveLength(10);
    expect(answers.filter((answer) => answer !== 'sold')).toEqual(
      Array.from({ length: 54 }, () => ({ kind: 'promotion', promotionCode: 'ten' })),
    );
    expect(await budget('ten')).toEqual({ uses: 0n, points: null, money: null });
  });

  it('64 parallel uses of one code limited to 10: exactly 10 succeed', async () => {
    await createCode(
      { db, newId, resolveMember: () => Promise.resolve(null) },
      {
        text: 'TEN-TIMES',
        promotionCode: 'coded',
        memberId: null,
        usesMax: 10,
        validFrom: null,
        validUntil: null,
        now: start,
        caller: testCaller,
      },
    );
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => sell([useOf('coded', { promoCodeId: 'TENTIMES' })])),
    );
    expect(answers.filter((answer) => answer === 'sold')).toHaveLength(10);
    expect(answers).toContainEqual({ kind: 'promo_code', promoCodeId: 'TENTIMES' });
  });

  it('a unique code is used once under 64 parallel sales', async () => {
    const code = await inTransaction(db, (tx) =>
      issueCode(
        tx,
        { promotionCode: 'once', memberId: null, receiptId: null, validFrom: null, validUntil: null },
        { now: start, random },
      ),
    );
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => sell([useOf('once', { promoCodeId: code.codeKey })])),
    );
    expect(answers.filter((answer) => answer === 'sold')).toHaveLength(1);
  });

  it('the last points of a budget are usable: whoever was refused locks what is left and takes exactly that', async () => {
    await publish([{ code: 'points', limits: { total_points: 1_000 } }]);
    // 64 sales want 37 points each; 27 fit whole, and the 28th takes the last one.
    const wanted = 37n;
    const take = async (): Promise<bigint> => {
      const limits = total({ points: 1_000n });
      const first = await sell([useOf('points', { points: points(wanted), limits })]);
      if (first === 'sold') return wanted;
      return inTransaction(db, async (tx) => {
        const left = (await lockBudgets(tx, ['points'])).get('points')?.points ?? 0n;
        const fits = left < wanted ? left : wanted;
        if (fits > 0n) {
          const context = { memberId: newId(), receiptId: newId(), at: start, day, forced: false, newId };
          await takeLimits(tx, [useOf('points', { points: points(fits), limits })], context);
        }
        return fits;
      });
    };
    const taken = await Promise.all(Array.from({ length: 64 }, take));
    expect(taken.reduce((sum, one) => sum + one, 0n)).toBe(1_000n);
    expect((await budget('points'))?.points).toBe(0n);
  });

  it('two limits and a code in many sales at once never deadlock', async () => {
    await publish([
      { code: 'a', limits: { total_uses: 1_000 } },
      { code: 'b', limits: { total_uses: 1_000 } },
    ]);
    const limits = total({ uses: 1_000n });
    const both = [useOf('a', { limits }), useOf('b', { limits })];
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => sell(index % 2 === 0 ? both : both.toReversed())),
    );
    expect(new Set(answers)).toEqual(new Set(['sold']));
    expect((await budget('a'))?.uses).toBe(960n);
  });

  it('cancel and time-out give back, once', async () => {
    await publish([{ code: 'back', limits: { total_uses: 1 } }]);
    const [memberId, receiptId] = [newId(), newId()];
    const use = useOf('back', { limits: { perMember: 1, perDay: null, total: { ...none, uses: 1n } } });
    expect(await sell([use], { memberId, receiptId })).toBe('sold');
    expect(await sell([use])).toEqual({ kind: 'promotion', promotionCode: 'back' });
    await giveBack(memberId, receiptId);
    await giveBack(memberId, receiptId);
    expect((await budget('back'))?.uses).toBe(1n);
    const { uses } = await loadForQuote(db, memberId, { windows: true, uses: true, at: start, day });
    expect(uses.get('back')).toEqual({ uses: 0, usesToday: 0 });
    expect(await sell([use])).toBe('sold');
  });

  it('R22: a return in part gives back money and points of the budget, the use only with the whole receipt', async () => {
    await publish([{ code: 'part', limits: { total_uses: 5, total_money: 10_000 } }]);
    const [memberId, receiptId] = [newId(), newId()];
    const use = useOf('part', { discount: money(3_000), limits: total({ uses: 5n, money: 10_000n }) });
    await sell([use], { memberId, receiptId });
    const part = { promotionCode: 'part', discount: money(1_000), points: points(0) };
    await inTransaction(db, (tx) => giveBackPart(tx, [part], { memberId, receiptId, at: start }));
    expect(await budget('part')).toEqual({ uses: 4n, points: null, money: 8_000n });
    await giveBack(memberId, receiptId);
    expect(await budget('part')).toEqual({ uses: 5n, points: null, money: 10_000n });
  });

  it('R19: a forced sale goes over the limit, the excess is kept apart, and nobody else gets in', async () => {
    await publish([{ code: 'forced', limits: { total_uses: 1 } }]);
    const use = useOf('forced', { limits: total({ uses: 1n }) });
    const [memberId, receiptId] = [newId(), newId()];
    expect(await sell([use])).toBe('sold');
    expect(await sell([use], { memberId, receiptId, forced: true })).toBe('sold');
    expect(await sell([use])).toEqual({ kind: 'promotion', promotionCode: 'forced' });
    expect((await budget('forced'))?.uses).toBe(0n);
    await giveBack(memberId, receiptId);
    expect(await sell([use])).toEqual({ kind: 'promotion', promotionCode: 'forced' });
  });

  it('a limit whose row was never made is a limit all the same', async () => {
    const use = useOf('unpublished', { limits: total({ uses: 1n }) });
    expect(await sell([use])).toBe('sold');
    expect(await sell([use])).toEqual({ kind: 'promotion', promotionCode: 'unpublished' });
  });

  it('publishing a lower limit stops further uses and keeps what was taken; a higher one opens it again', async () => {
    await publish([{ code: 'moved', limits: { total_uses: 3 } }]);
    const use = useOf('moved', { limits: total({ uses: 3n }) });
    await sell([use]);
    await sell([use]);
    await publish([{ code: 'moved', limits: { total_uses: 1 } }]);
    expect(await sell([use])).toEqual({ kind: 'promotion', promotionCode: 'moved' });
    await publish([{ code: 'moved', limits: { total_uses: 3 } }]);
    expect(await sell([use])).toBe('sold');
    expect(await sell([use])).toEqual({ kind: 'promotion', promotionCode: 'moved' });
    await publish([{ code: 'moved', limits: {} }]);
    expect(await sell([use])).toBe('sold');
  });

  it('budgets are remembered for a second at most', async () => {
    await publish([{ code: 'cached', limits: { total_uses: 9 } }]);
    const reader = budgetReader(db, clock);
    const left = async () => (await reader.read(['cached'])).get('cached')?.uses;
    expect(await left()).toBe(9n);
    await sell([useOf('cached', { limits: total({ uses: 9n }) })]);
    expect(await left()).toBe(9n);
    clock.advance({ seconds: 1 });
    expect(await left()).toBe(8n);
  });
});

describe('R26: promo codes at the till', () => {
  const codeDeps = () => ({ db, newId, resolveMember: (id: string) => Promise.resolve(id) });
  const make = (text: string, more: Partial<Parameters<typeof createCode>[1]> = {}) =>
    createCode(codeDeps(), {
      text,
      promotionCode: 'p',
      memberId: null,
      usesMax: null,
      validFrom: null,
      validUntil: null,
      now: start,
      caller: testCaller,
      ...more,
    });

  it('says of each code what it is worth', async () => {
    const [anna, boris] = [newId(), newId()];
    const hours = (count: number) => start.add({ hours: count });
    await make('Лето-2026');
    await make('early', { validFrom: hours(1) });
    await make('late', { validUntil: start });
    await make('once', { usesMax: 1 });
    await make('annas', { memberId: anna });
    await sell([useOf('p', { promoCodeId: 'ONCE' })]);
    const states = async (memberId: string | null, integration: string) => {
      const codes = await lookUpCodes(db, ['лето 2026', 'EARLY', 'late', 'once', 'Annas', 'nothing', ' - '], {
        memberId,
        now: start,
        integration,
      });
      return codes.map(({ state }) => state);
    };
    expect(await states(anna, 'k1')).toEqual(['usable', 'not_yet', 'ended', 'used_up', 'usable', 'unknown', 'unknown']);
    expect(await states(boris, 'k2')).toEqual([
      'usable',
      'not_yet',
      'ended',
      'used_up',
      'not_yours',
      'unknown',
      'unknown',
    ]);
    expect(await states(null, 'k3')).toEqual([
      'usable',
      'not_yet',
      'ended',
      'used_up',
      'not_yours',
      'unknown',
      'unknown',
    ]);
  });

  it('the same code in another spelling is taken already', async () => {
    expect(await make('КОСМОС')).toMatchObject({ ok: true });
    expect(await make('kocмoc')).toMatchObject({ ok: false, refusal: { code: 'promo_code_taken' } });
    expect(await make(' - ')).toMatchObject({ ok: false, refusal: { code: 'promo_code_unreadable' } });
  });

  it('wrong tries are limited per member, and the limit ends with its hour', async () => {
    await make('secret');
    const memberId = newId();
    const ask = async (text: string) =>
      (await lookUpCodes(db, [text], { memberId, now: clock.now(), integration: 'pos' }))[0]?.state;
    // The same wrong code, scanned with every line of the receipt, is one try.
    for (let scan = 0; scan < 30; scan += 1) expect(await ask('secrat')).toBe('unknown');
    for (let guess = 0; guess < 9; guess += 1) expect(await ask(`guess${guess}`)).toBe('unknown');
    expect(await ask('secret')).toBe('too_many_tries');
    const other = await lookUpCodes(db, ['secret'], { memberId: newId(), now: clock.now(), integration: 'pos' });
    expect(other[0]?.state).toBe('usable');
    clock.advance({ minutes: 60 });
    expect(await ask('secret')).toBe('usable');
  });

  it('a code used in another system is used up here; undoing the import stops at one used since', async () => {
    const imported = { promotionCode: 'old', memberId: null, validUntil: null, now: start };
    const add = (text: string, used: boolean) =>
      inTransaction(db, (tx) => addImportedCode(tx, { ...imported, text, used }));
    await add('OLD-USED', true);
    await add('OLD-FRESH', false);
    expect(await add('old used', false)).toMatchObject({ ok: false, refusal: { code: 'promo_code_taken' } });
    const found = await lookUpCodes(db, ['old-used', 'old-fresh'], { memberId: null, now: start, integration: 'i' });
    expect(found.map(({ state }) => state)).toEqual(['used_up', 'usable']);
    await sell([useOf('old', { promoCodeId: 'OLDFRESH' })]);
    const remove = (key: string) => inTransaction(db, (tx) => removeImportedCode(tx, key));
    expect([await remove('OLDUSED'), await remove('OLDFRESH')]).toEqual([true, false]);
  });

  it('a use is taken with the sale and given back with its return; R22: an unused code for next time is cancelled', async () => {
    const [memberId, receiptId] = [newId(), newId()];
    const issue = {
      promotionCode: 'next',
      memberId,
      receiptId,
      validFrom: null,
      validUntil: start.add({ hours: 240 }),
    };
    const code = await inTransaction(db, (tx) => issueCode(tx, issue, { now: start, random }));
    const state = async () =>
      (await lookUpCodes(db, [code.text], { memberId, now: start, integration: 'x' }))[0]?.state;
    const later = newId();
    expect(await sell([useOf('next', { promoCodeId: code.codeKey })], { memberId, receiptId: later })).toBe('sold');
    expect(await state()).toBe('used_up');
    const cancel = () => inTransaction(db, (tx) => cancelIssuedCodes(tx, { memberId, receiptId, at: start }));
    expect(await cancel()).toEqual([]);
    await giveBack(memberId, later);
    expect(await state()).toBe('usable');
    expect(await cancel()).toEqual([code.codeKey]);
    expect(await state()).toBe('unknown');
  });
});

describe('R16: limits per member and personal windows', () => {
  it('counts uses in all and of the day', async () => {
    const memberId = newId();
    const use = useOf('daily', { limits: { perMember: 5, perDay: 1, total: null } });
    await sell([use], { memberId });
    await sell([use], { memberId });
    const on = async (date: string) =>
      (
        await loadForQuote(db, memberId, { windows: false, uses: true, at: start, day: Temporal.PlainDate.from(date) })
      ).uses.get('daily');
    expect(await on('2026-03-10')).toEqual({ uses: 2, usesToday: 2 });
    expect(await on('2026-03-11')).toEqual({ uses: 2, usesToday: 0 });
  });

  it('a window is granted once per cause, used up, given back, and over at its end', async () => {
    const memberId = newId();
    const grant = {
      memberId,
      windowId: newId(),
      promotionCode: 'double',
      from: start,
      until: start.add({ hours: 240 }),
      usesMax: 1,
      causeKind: 'campaign',
      causeId: 'c1',
    };
    const open = async (at = start) =>
      (await loadForQuote(db, memberId, { windows: true, uses: false, at, day })).windows;
    await inTransaction(db, (tx) => grantWindows(tx, [grant, { ...grant, windowId: newId() }], start));
    expect(await open()).toEqual([
      { windowId: grant.windowId, promotionCode: 'double', from: start, until: grant.until, usesLeft: 1 },
    ]);
    const receiptId = newId();
    await sell([useOf('double', { windowId: grant.windowId })], { memberId, receiptId });
    expect(await open()).toEqual([]);
    await giveBack(memberId, receiptId);
    expect(await open()).toHaveLength(1);
    expect(await open(grant.until)).toEqual([]);
  });

  it('R32: a merge adds uses, copies windows and passes codes on; undoing it takes them back', async () => {
    const [survivorId, absorbedId] = [newId(), newId()];
    const pair = { survivorId, absorbedId };
    const limits = { perMember: 5, perDay: null, total: null };
    await sell([useOf('merged', { limits })], { memberId: survivorId });
    await sell([useOf('merged', { limits })], { memberId: absorbedId });
    const window = {
      memberId: absorbedId,
      windowId: newId(),
      promotionCode: 'w',
      from: start,
      until: start.add({ hours: 9 }),
      usesMax: 2,
      causeKind: 'campaign',
      causeId: 'm',
    };
    const code = await inTransaction(db, async (tx) => {
      await grantWindows(tx, [window], start);
      return issueCode(
        tx,
        { promotionCode: 'p', memberId: absorbedId, receiptId: null, validFrom: null, validUntil: null },
        { now: start, random },
      );
    });
    const seen = async (memberId: string) => {
      const { windows, uses } = await loadForQuote(db, memberId, { windows: true, uses: true, at: start, day });
      const [found] = await lookUpCodes(db, [code.text], { memberId, now: start, integration: 'm' });
      return {
        windows: windows.map(({ usesLeft }) => usesLeft),
        uses: uses.get('merged')?.uses ?? 0,
        code: found?.state,
      };
    };
    const memento = await inTransaction(db, (tx) => promotionsPart.merge(tx, pair, { now: start, newId }));
    expect(await seen(survivorId)).toEqual({ windows: [2], uses: 2, code: 'usable' });
    const [copy] = (await loadForQuote(db, survivorId, { windows: true, uses: false, at: start, day })).windows;
    await sell([useOf('w', { windowId: copy?.windowId ?? null })], { memberId: survivorId });
    const stored = JSON.parse(JSON.stringify(memento)) as Record<string, unknown>;
    await inTransaction(db, (tx) => promotionsPart.unmerge(tx, pair, stored, { now: start, newId }));
    expect(await seen(survivorId)).toEqual({ windows: [], uses: 1, code: 'not_yours' });
    expect(await seen(absorbedId)).toEqual({ windows: [1], uses: 1, code: 'usable' });
  });

  it('R34: what a person had is exported and ends with them', async () => {
    const memberId = newId();
    const window = {
      memberId,
      windowId: newId(),
      promotionCode: 'w',
      from: start,
      until: start.add({ hours: 9 }),
      usesMax: null,
      causeKind: 'campaign',
      causeId: 'e',
    };
    await inTransaction(db, (tx) => grantWindows(tx, [window], start));
    expect(await promotionsPart.exportData(db, [memberId])).toMatchObject({
      windows: [{ promotion: 'w' }],
      promo_codes: [],
      uses: [],
    });
    await inTransaction(db, (tx) => promotionsPart.erase(tx, memberId, { now: start, newId }));
    expect(
      (await loadForQuote(db, memberId, { windows: true, uses: true, at: start.add({ seconds: 1 }), day })).windows,
    ).toEqual([]);
  });
});

it('counters are updated in place: no index entry is written by a sale (HOT)', async () => {
  await publish([{ code: 'hot', limits: { total_uses: 100_000 } }]);
  for (let sale = 0; sale < 50; sale += 1) await sell([useOf('hot', { limits: total({ uses: 100_000n }) })]);
  const stats = statement<{ updates: bigint; hot: bigint }>(
    'test.counter_stats',
    `select pg_stat_get_tuples_updated('promotions.limit_counter'::regclass) as updates,
       pg_stat_get_tuples_hot_updated('promotions.limit_counter'::regclass) as hot`,
  );
  await expect.poll(async () => (await db.run(stats, []))[0]?.updates, { timeout: 15_000 }).toBeGreaterThan(50n);
  const [row] = await db.run(stats, []);
  expect(Number(row?.hot) / Number(row?.updates)).toBeGreaterThan(0.95);
});
