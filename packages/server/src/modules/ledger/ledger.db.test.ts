import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { required } from '#kernel/assert.ts';
import { done, refused } from '#kernel/outcome.ts';
import { points } from '#kernel/points.ts';
import { listAudit } from '#modules/access/index.ts';
import {
  isTrueAt,
  lockStanding,
  nextRevision,
  readStanding,
  saveStanding,
  withFigures,
} from '#modules/standing/index.ts';
import { commitWith, inTransaction, rollBack, statement } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import { type Ground, makeGround, system } from '#test/ledger/ground.ts';
import type { AccountState } from './domain/account.ts';
import type { AuditProblem } from './domain/audit.ts';
import { figuresAfter } from './domain/figures.ts';
import { giveBack } from './domain/give-back.ts';
import { hold, releaseHold } from './domain/hold.ts';
import { spendable, spendOrder } from './domain/order.ts';
import { spend } from './domain/spend.ts';
import { takeBack } from './domain/take-back.ts';
import { adjustPoints, forgiveDebtByHand } from './service/adjust.ts';
import { audit } from './service/audit.ts';
import { readBalance, readBurnSchedule } from './service/balance.ts';
import { loadAccount } from './service/load-account.ts';
import { ledgerPart } from './service/part.ts';
import { settlingWork } from './service/settle-members.ts';
import { loadAccountOf, loadLotsOfCause, loadSpendableLots, saveMovements } from './store/account-store.ts';
import { loadLots } from './store/lot-store.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await makeGround();
});
afterAll(async () => {
  await ground.close();
});

const noTerms = {
  startsAt: null,
  startsOn: null,
  burnsAt: null,
  burnsOn: null,
  days: null,
  restriction: null,
  funder: null,
  paysDebt: true,
};
const settings = () => ground.deps.settings();
const inDays = (days: number) => ground.clock.now().add({ hours: days * 24 });

async function figuresNow(memberId: string) {
  const balance = required(
    await readBalance(ground.db, memberId, { now: ground.clock.now(), settings: settings() }),
    'balance',
  );
  const { available, pending, reserved, debt } = balance;
  return [available, pending, reserved, debt].map(Number);
}

/** Instants compare by their text. */
const plain = (value: unknown): unknown => JSON.parse(toJson(value));
const sorted = (state: AccountState) => ({
  ...state,
  lots: [...state.lots].sort((a, b) => (a.lotId < b.lotId ? -1 : 1)),
});

async function differences(): Promise<AuditProblem[]> {
  const found: AuditProblem[] = [];
  await audit(ground.db, { onProblem: (problem) => found.push(problem) });
  return found;
}

describe('saving and loading', () => {
  it('R5: an account is loaded as it was decided: lots, holds, debts, every column', async () => {
    const anna = await ground.member();
    await ground.give(anna, 100, {
      burnsAt: inDays(30),
      restriction: { shops: ['arbat'], products: { brands: ['ours'], except: { skus: ['1'] } }, least_receipt: 50_000 },
      funder: 'brand',
      paysDebt: false,
      source: 'promotion',
      rule: 'spring',
    });
    await ground.give(anna, 40, { startsAt: inDays(1), burnsAt: inDays(365), inactivityDays: 365 });
    const holdId = ground.newId();
    const decided = await ground.change(anna, (state, context) => {
      const parts = [{ lotId: required(spendable(state, context.now)[0], 'lot').lotId, points: points(30) }];
      return hold(state, { holdId, parts, expiresAt: inDays(14) }, context);
    });
    const owing = await ground.change(anna, (state, context) =>
      takeBack(state, { receiptId: ground.newId(), points: points(80), lots: [] }, context),
    );
    const standing = required(await readStanding(ground.db, anna), 'standing');
    expect(plain(sorted(await loadAccount(ground.db, anna)))).toEqual(plain(sorted(owing)));
    expect(plain(sorted(await loadAccountOf(ground.db, standing)))).toEqual(plain(sorted(owing)));
    expect(decided.holds).toHaveLength(1);
    expect(await figuresNow(anna)).toEqual([0, 40, 30, 10]);
  });

  it('R8: the database offers lots in the order of the domain, and no more than the sum needs', async () => {
    const boris = await ground.member();
    const restriction = { shops: ['arbat'] };
    await ground.give(boris, 10);
    await ground.give(boris, 10, { burnsAt: inDays(20) });
    await ground.give(boris, 10, { burnsAt: inDays(10) });
    await ground.give(boris, 10, { burnsAt: inDays(10), restriction });
    await ground.give(boris, 10, { burnsAt: inDays(10), restriction: { ...restriction, least_receipt: 1 } });
    await ground.give(boris, 10, { burnsAt: inDays(15), inactivityDays: 15 });
    await ground.give(boris, 10, { startsAt: inDays(1), burnsAt: inDays(2) });
    const standing = { ...required(await readStanding(ground.db, boris), 'standing'), inactivityDeadline: inDays(40) };
    const now = ground.clock.now();
    const all = await loadAccountOf(ground.db, standing);
    const order = spendOrder(all.lots, standing.inactivityDeadline, now).map((lot) => lot.lotId);
    expect(order).toHaveLength(6);
    const enough = await loadSpendableLots(ground.db, standing, { need: points(1_000), now });
    expect(spendOrder(enough.lots, standing.inactivityDeadline, now).map((lot) => lot.lotId)).toEqual(order);
    // 15 of unrestricted points: two restricted lots come first and do not count, then two unrestricted ones.
    const some = await loadSpendableLots(ground.db, standing, { need: points(15), now });
    expect(spendOrder(some.lots, standing.inactivityDeadline, now).map((lot) => lot.lotId)).toEqual(order.slice(0, 4));
  });

  it('R44: spending a part of a lot updates it in place: HOT, its index stays as it is', async () => {
    const ivan = await ground.member();
    const { lots } = await ground.give(ivan, 100);
    const lot = required(lots[0], 'lot');
    const updates = statement<{ all: bigint; hot: bigint }>(
      'test.updates_of_lots',
      "select pg_stat_get_xact_tuples_updated(r) as all, pg_stat_get_xact_tuples_hot_updated(r) as hot from (select 'ledger.lot'::regclass as r) t",
    );
    const counted = await inTransaction(ground.db, async (tx) => {
      const account = await loadAccount(tx, ivan);
      const [before] = await tx.run(updates, []);
      const now = ground.clock.now();
      const context = {
        now,
        recordedAt: now,
        newId: ground.newId,
        settings: settings(),
        zone: 'UTC',
        causeKind: 'receipt',
        causeId: ground.newId(),
      } as const;
      await saveMovements(tx, [spend(account, [{ lotId: lot.lotId, points: points(30) }], context).movements]);
      const [after] = await tx.run(updates, []);
      return rollBack({ all: (after?.all ?? 0n) - (before?.all ?? 0n), hot: (after?.hot ?? 0n) - (before?.hot ?? 0n) });
    });
    expect(counted).toEqual({ all: 1n, hot: 1n });
  });

  it('R22: the history of a receipt finds its lots when they are closed', async () => {
    const olga = await ground.member();
    const made = await ground.give(olga, 10);
    const lot = required(made.lots[0], 'lot');
    await ground.change(olga, (state, context) => spend(state, [{ lotId: lot.lotId, points: points(10) }], context));
    const [found] = await loadLotsOfCause(ground.db, olga, 'receipt', lot.causeId);
    expect(found?.entries.map((entry) => [entry.kind, Number(entry.change)]).sort()).toEqual([
      ['earn', 10],
      ['redeem', -10],
    ]);
    const closed = await loadLots(ground.db, olga, [lot.lotId]);
    await ground.change(olga, (state, context) =>
      giveBack(
        state,
        { receiptId: ground.newId(), spends: [{ lotId: lot.lotId, points: points(4) }], lots: closed },
        context,
      ),
    );
    expect(await figuresNow(olga)).toEqual([4, 0, 0, 0]);
  });
});

describe('R7: true by time alone', () => {
  it('reads starts, burns and time-outs with no job having run, and the job changes nothing but entries', async () => {
    const vera = await ground.member();
    await ground.give(vera, 100, { burnsAt: inDays(3) });
    await ground.give(vera, 50, { startsAt: inDays(1) });
    await ground.change(vera, (state, context) => {
      const parts = [{ lotId: required(spendable(state, context.now)[0], 'lot').lotId, points: points(20) }];
      return hold(state, { holdId: ground.newId(), parts, expiresAt: inDays(2) }, context);
    });
    expect(await figuresNow(vera)).toEqual([80, 50, 20, 0]);
    const start = ground.clock.now();
    const seen: unknown[] = [];
    for (const hours of [24, 48, 72]) {
      ground.clock.set(start.add({ hours }).subtract({ seconds: 1 }));
      seen.push(await figuresNow(vera));
      ground.clock.set(start.add({ hours }));
      seen.push(await figuresNow(vera));
    }
    expect(seen).toEqual([
      [80, 50, 20, 0],
      [130, 0, 20, 0],
      [130, 0, 20, 0],
      [150, 0, 0, 0],
      [150, 0, 0, 0],
      [50, 0, 0, 0],
    ]);
    const work = settlingWork(ground.deps);
    while ((await work.runDue(ground.clock.now())) > 0);
    const standing = required(await readStanding(ground.db, vera), 'standing');
    expect([standing.available, standing.pending, standing.reserved, isTrueAt(standing, ground.clock.now())]).toEqual([
      50n,
      0n,
      0n,
      true,
    ]);
    expect(await readBurnSchedule(ground.db, vera, { now: ground.clock.now(), settings: settings() })).toEqual([]);
    expect(await differences()).toEqual([]);
  });

  it('R44: the job leaves members alone whom a till has locked, tells once per chunk, and ends', async () => {
    const members = [await ground.member(), await ground.member(), await ground.member()];
    for (const memberId of members) await ground.give(memberId, 5, { burnsAt: inDays(1) });
    ground.clock.advance({ days: 2 });
    const [locked = ''] = members;
    const facts = statement<{ kind: string; count: bigint }>(
      'test.count_facts',
      "select kind, count(*) from platform.fact where kind = 'points_expired' group by kind",
    );
    const before = (await ground.db.run(facts, []))[0]?.count ?? 0n;
    await inTransaction(ground.db, async (tx) => {
      await lockStanding(tx, locked);
      const work = settlingWork(ground.deps);
      while ((await work.runDue(ground.clock.now())) > 0);
    });
    const after = await Promise.all(
      members.map(async (memberId) => (await readStanding(ground.db, memberId))?.available),
    );
    expect(after).toEqual([5n, 0n, 0n]);
    expect((await ground.db.run(facts, []))[0]?.count).toBe(before + 1n);
    expect(await figuresNow(locked)).toEqual([0, 0, 0, 0]);
  });
});

describe('concurrency', () => {
  it('R10: of 64 parallel redemptions of one balance exactly what fits succeeds', async () => {
    const dina = await ground.member();
    for (const amount of [50, 30, 23]) await ground.give(dina, amount, { burnsAt: inDays(amount) });
    const redeem = () =>
      inTransaction(ground.db, async (tx) => {
        const now = ground.clock.now();
        const standing = required(await lockStanding(tx, dina), 'standing');
        const account = await loadSpendableLots(tx, standing, { need: points(10), now });
        let left = 10n;
        const parts = spendable(account, now).flatMap(({ lotId, spendable: offered }) => {
          const part = offered < left ? offered : left;
          left -= part;
          return part > 0n ? [{ lotId, points: points(part) }] : [];
        });
        if (left > 0n) return refused({ code: 'not_enough_points' });
        const context = {
          now,
          recordedAt: now,
          newId: ground.newId,
          settings: settings(),
          zone: 'UTC',
          causeKind: 'receipt',
          causeId: ground.newId(),
        } as const;
        const { movements } = spend(account, parts, context);
        const saved = nextRevision(withFigures(standing, figuresAfter(standing, movements, now)));
        return commitWith(done(null), [saveMovements(tx, [movements]), saveStanding(tx, saved)]);
      });
    const answers = await Promise.all(Array.from({ length: 64 }, redeem));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(10);
    expect(await figuresNow(dina)).toEqual([3, 0, 0, 0]);
    expect(await differences()).toEqual([]);
  });
});

describe('points by hand', () => {
  const adjust = (memberId: string, kind: 'grant' | 'take', amount: number, terms = {}) =>
    adjustPoints(ground.deps, {
      memberId,
      kind,
      points: points(amount),
      reason: 'late delivery',
      terms: { ...noTerms, ...terms },
      by: system,
      now: ground.clock.now(),
    });

  it('R3 R10: gives with a term in whole local days, takes no more than there is, and is on record', async () => {
    const eva = await ground.member();
    const granted = await adjust(eva, 'grant', 100, { days: 10 });
    const [burn] = await readBurnSchedule(ground.db, eva, { now: ground.clock.now(), settings: settings() });
    const lastDay = ground.clock.now().toZonedDateTimeISO('Europe/Moscow').toPlainDate().add({ days: 11 });
    expect(burn?.at.toString()).toBe(lastDay.toZonedDateTime('Europe/Moscow').toInstant().toString());
    expect(granted.ok && granted.value.figures.available).toBe(100n);
    expect(await adjust(eva, 'take', 101)).toMatchObject({
      ok: false,
      refusal: { code: 'not_enough_points', details: { available: 100 } },
    });
    expect(await adjust(eva, 'grant', 10_001)).toMatchObject({ ok: false, refusal: { code: 'adjustment_too_large' } });
    expect(await adjust(eva, 'grant', 5, { burnsAt: ground.clock.now() })).toMatchObject({
      ok: false,
      refusal: { code: 'term_impossible' },
    });
    expect(await adjust(ground.newId(), 'grant', 5)).toMatchObject({
      ok: false,
      refusal: { code: 'member_not_found' },
    });
    expect((await adjust(eva, 'take', 30)).ok).toBe(true);
    expect(await figuresNow(eva)).toEqual([70, 0, 0, 0]);
    const asked = {
      beforeId: null,
      action: 'points.adjust',
      subjectKind: 'member',
      subjectId: eva,
      actorId: null,
      from: null,
      until: null,
      limit: 10,
    };
    expect(await listAudit(ground.db, asked)).toHaveLength(2);
  });

  it('R10: a debt is forgiven by hand', async () => {
    const fedor = await ground.member();
    await ground.change(fedor, (state, context) =>
      takeBack(state, { receiptId: ground.newId(), points: points(25), lots: [] }, context),
    );
    expect(await figuresNow(fedor)).toEqual([0, 0, 0, 25]);
    const forgiven = await forgiveDebtByHand(ground.deps, {
      memberId: fedor,
      reason: 'our mistake',
      by: system,
      now: ground.clock.now(),
    });
    expect(forgiven.ok && forgiven.value.forgiven).toBe(25n);
    expect(await figuresNow(fedor)).toEqual([0, 0, 0, 0]);
    expect(await differences()).toEqual([]);
  });
});

describe('merging, erasing, exporting', () => {
  const part = () => ledgerPart(ground.deps);
  const partContext = () => ({ now: ground.clock.now(), newId: ground.newId });

  it('R32: lots, holds and debts move along, spent points come back to the survivor, and what remains returns', async () => {
    const [gleb, gala] = [await ground.member(), await ground.member()];
    await ground.give(gleb, 10);
    const made = await ground.give(gala, 100, { burnsAt: inDays(30) });
    const spent = await ground.give(gala, 7, { burnsAt: inDays(1) });
    const lotId = required(made.lots[0], 'lot').lotId;
    const closedId = required(
      spent.lots.find((lot) => lot.amount === 7n),
      'lot',
    ).lotId;
    await ground.change(gala, (state, context) => spend(state, [{ lotId: closedId, points: points(7) }], context));
    const holdId = ground.newId();
    await ground.change(gala, (state, context) =>
      hold(state, { holdId, parts: [{ lotId, points: points(40) }], expiresAt: inDays(14) }, context),
    );
    const pair = { survivorId: gleb, absorbedId: gala };
    const memento = await inTransaction(ground.db, (tx) => part().merge(tx, pair, partContext()));
    expect([await figuresNow(gleb), await figuresNow(gala)]).toEqual([
      [70, 0, 40, 0],
      [0, 0, 0, 0],
    ]);
    const closed = await loadLots(ground.db, gala, [closedId]);
    await ground.change(gleb, (state, context) =>
      giveBack(
        state,
        { receiptId: ground.newId(), spends: [{ lotId: closedId, points: points(7) }], lots: closed },
        context,
      ),
    );
    await ground.change(gleb, (state, context) => spend(state, [{ lotId, points: points(25) }], context));
    expect(await figuresNow(gleb)).toEqual([52, 0, 40, 0]);
    await inTransaction(ground.db, (tx) =>
      part().unmerge(tx, pair, JSON.parse(toJson(memento)) as Record<string, unknown>, partContext()),
    );
    expect([await figuresNow(gleb), await figuresNow(gala)]).toEqual([
      [17, 0, 0, 0],
      [35, 0, 40, 0],
    ]);
    await ground.change(gala, (state, context) => releaseHold(state, holdId, context));
    expect(await figuresNow(gala)).toEqual([75, 0, 0, 0]);
    // Merged anew: the rows of the first time are there already.
    await inTransaction(ground.db, (tx) => part().merge(tx, pair, partContext()));
    expect([await figuresNow(gleb), await figuresNow(gala)]).toEqual([
      [92, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(await differences()).toEqual([]);
  });

  it('R32: debts add up, come back, and a merge pays none', async () => {
    const [igor, inna] = [await ground.member(), await ground.member()];
    await ground.give(igor, 10);
    for (const [memberId, owed] of [
      [igor, 15],
      [inna, 30],
    ] as const) {
      ground.clock.advance({ minutes: 1 });
      await ground.change(memberId, (state, context) =>
        takeBack(state, { receiptId: ground.newId(), points: points(owed), lots: [] }, context),
      );
    }
    await ground.give(inna, 50, { paysDebt: false });
    const pair = { survivorId: igor, absorbedId: inna };
    const memento = await inTransaction(ground.db, (tx) => part().merge(tx, pair, partContext()));
    expect(await figuresNow(igor)).toEqual([50, 0, 0, 35]);
    await ground.give(igor, 8);
    expect(await figuresNow(igor)).toEqual([50, 0, 0, 27]);
    await inTransaction(ground.db, (tx) => part().unmerge(tx, pair, memento, partContext()));
    expect([await figuresNow(igor), await figuresNow(inna)]).toEqual([
      [0, 0, 0, 0],
      [50, 0, 0, 27],
    ]);
    expect(await differences()).toEqual([]);
  });

  it('R34: erasing burns by entry, forgives debt, keeps sums, and waits for open orders', async () => {
    const kira = await ground.member();
    await ground.give(kira, 30);
    const made = await ground.give(kira, 20, { startsAt: inDays(2) });
    const holdId = ground.newId();
    const lotId = required(
      made.lots.find((lot) => lot.started),
      'lot',
    ).lotId;
    await ground.change(kira, (state, context) =>
      hold(state, { holdId, parts: [{ lotId, points: points(5) }], expiresAt: inDays(14) }, context),
    );
    const erase = () => inTransaction(ground.db, (tx) => part().erase(tx, kira, partContext()));
    expect(await erase()).toMatchObject({ ok: false, refusal: { code: 'open_orders' } });
    await ground.change(kira, (state, context) => releaseHold(state, holdId, context));
    expect((await erase()).ok).toBe(true);
    expect(await figuresNow(kira)).toEqual([0, 0, 0, 0]);
    const exported = plain(await part().exportData(ground.db, [kira])) as {
      lots: { amount: number }[];
      entries: { kind: string; change: number }[];
    };
    expect(exported.lots.map((lot) => `${lot.amount}`).sort()).toEqual(['20', '30']);
    expect(
      exported.entries
        .filter((entry) => entry.kind === 'expire')
        .map((entry) => `${entry.change}`)
        .sort(),
    ).toEqual(['-20', '-30']);
    expect(await differences()).toEqual([]);
  });
});

describe('R5: audit', () => {
  it.each([
    ['lot_differs_from_entries', 'update ledger.lot set remaining = remaining - 1 where member_id = $1'],
    ['held_differs_from_holds', 'update ledger.lot set held = 1 where member_id = $1'],
    ['entries_without_lot', 'delete from ledger.lot where member_id = $1'],
    ['debt_differs_from_payments', 'update ledger.debt set remaining = remaining - 1 where member_id = $1'],
    ['figure_differs', 'update standing.standing set available = available + 1 where member_id = $1'],
    ['figures_valid_too_long', 'update standing.standing set changes_at = null where member_id = $1'],
    ['member_without_standing', 'delete from standing.standing where member_id = $1'],
    [
      'hold_without_lot',
      `insert into ledger.hold values ($1, $1, '[{"lot": "00000000-0000-0000-0000-000000000001", "points": 1}]', now())`,
    ],
  ])('finds %s and nothing before it was planted', async (code, fault) => {
    const lena = await ground.member();
    await ground.change(lena, (state, context) =>
      takeBack(state, { receiptId: ground.newId(), points: points(3), lots: [] }, context),
    );
    await ground.give(lena, 10, { burnsAt: Temporal.Instant.from('2030-01-01T00:00:00Z'), paysDebt: false });
    const ofLena = async () =>
      (await differences()).filter((problem) => problem.memberId === lena).map((problem) => problem.code);
    expect(await ofLena()).toEqual([]);
    await ground.db.run(statement(`test.plant_${code}`, fault), [lena]);
    expect(await ofLena()).toContain(code);
    for (const table of ['ledger.lot', 'ledger.entry', 'ledger.hold', 'ledger.debt', 'standing.standing']) {
      await ground.db.run(statement(`test.clean_${table}`, `delete from ${table} where member_id = $1`), [lena]);
    }
  });
});
