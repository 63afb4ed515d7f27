import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '#modules/access/index.ts';
import { loadSnapshot } from '#modules/catalog/index.ts';
import { virtualClock } from '#platform/clock.ts';
import { type Database, openDatabase } from '#platform/db.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { createTestDatabase } from '#test/database.ts';
import { russia } from '../domain/legal/russia.ts';
import type { ProgramDeps } from './deps.ts';
import { readDraft, saveDraft } from './draft.ts';
import { loadProgram } from './load-program.ts';
import { publishDraft, rollBackProgram } from './publish.ts';
import { listProgramVersions, readCurrent, readVersion } from './read-versions.ts';

const clock = virtualClock(Temporal.Instant.from('2026-03-01T09:00:00Z'));
const caller = { kind: 'cli' as const, id: 'me', name: 'Marina' };
const opened: { db: Database; drop: () => Promise<void> }[] = [];

async function aHouse(pointsExist = false): Promise<ProgramDeps> {
  const database = await createTestDatabase();
  const db = openDatabase({ url: database.url, poolSize: 4 });
  opened.push({ db, drop: database.drop });
  const options = { legalProfile: russia, zone: 'Europe/Moscow' };
  return {
    db,
    newId: idMaker(clock, seededRandom(1)),
    port: await loadProgram(db, options),
    catalog: await loadSnapshot(db),
    pointsExist: () => Promise.resolve(pointsExist),
    segmentsCheck: () => [],
    published: () => Promise.resolve(),
    ...options,
  };
}

const document = (rate: string, rest: Record<string, unknown> = {}) => ({
  format: 1,
  name: 'Program',
  earning: { default_rate: rate },
  ...rest,
});

async function publish(deps: ProgramDeps, json: Record<string, unknown>) {
  await saveDraft(deps, { document: json, caller, now: clock.now() });
  const published = await publishDraft(deps, { comment: 'because', caller, now: clock.now() });
  clock.advance({ hours: 1 });
  return published;
}

afterAll(async () => {
  for (const { db, drop } of opened) {
    await db.close();
    await drop();
  }
});

describe('the life of a program', () => {
  let deps: ProgramDeps;
  beforeAll(async () => {
    deps = await aHouse();
  });

  it('R29: draft, publish, publish again, roll back: every version stays', async () => {
    expect(deps.port.current()).toBeNull();
    expect(await readCurrent(deps.db)).toMatchObject({ ok: false, refusal: { code: 'program_not_published' } });
    const began = clock.now();
    expect(await publish(deps, document('5'))).toMatchObject({ ok: true, value: { number: 1 } });
    expect(await readDraft(deps, clock.now())).toMatchObject({ ok: false, refusal: { code: 'draft_not_found' } });
    expect(deps.port.current()).toMatchObject({ version: 1, defaultEarnRate: 50_000n });
    expect(await publish(deps, document('7'))).toMatchObject({ ok: true, value: { number: 2 } });
    const restored = await rollBackProgram(deps, { to: 1, comment: 'back', caller, now: clock.now() });
    expect(restored).toMatchObject({ ok: true, value: { number: 3, restoredFrom: 1 } });
    expect(deps.port.current()).toMatchObject({ version: 3, defaultEarnRate: 50_000n });
    expect(deps.port.version(2).defaultEarnRate).toBe(70_000n);
    // R21: what was in force then.
    expect(deps.port.at(began)?.version).toBe(1);
    expect(deps.port.at(began.add({ minutes: 90 }))?.version).toBe(2);
    expect(deps.port.at(began.subtract({ hours: 1 }))?.version).toBe(1);
    expect(() => deps.port.version(9)).toThrow('program version 9');
    const list = await listProgramVersions(deps.db, { beforeNumber: null, limit: 2 });
    expect(list.versions.map(({ number }) => number)).toEqual([3, 2]);
    expect(await readVersion(deps.db, 2)).toMatchObject({
      ok: true,
      value: { inForce: false, changes: [{ en: 'Earning without a tier, %: 5 → 7' }] },
    });
  });

  it('R29: a published document has every default filled in, so that no later default changes it', async () => {
    const [row] = await deps.db.run<{ months: number }>(
      {
        name: 'test.months',
        text: "select (document #>> '{debts,write_off_months}')::int as months from program.version where number = 1",
      },
      [],
    );
    expect(row?.months).toBe(12);
  });

  it('R29: who published what is on record', async () => {
    const entries = await listAudit(deps.db, {
      beforeId: null,
      action: null,
      subjectKind: 'program',
      subjectId: null,
      actorId: null,
      from: null,
      until: null,
      limit: 50,
    });
    expect(entries.map(({ action }) => action)).toEqual([
      'program.rolled_back',
      'program.published',
      'program.draft_saved',
      'program.published',
      'program.draft_saved',
    ]);
  });

  it('R29: another process finds what was published here', async () => {
    const other = await loadProgram(deps.db, deps);
    await publish(deps, document('9'));
    expect(other.current()?.version).toBe(3);
    await other.refresh();
    expect(other.current()).toMatchObject({ version: 4, defaultEarnRate: 90_000n });
  });

  it('R29: a draft with errors is kept and not published', async () => {
    await saveDraft(deps, { document: document('five'), caller, now: clock.now() });
    expect(await readDraft(deps, clock.now())).toMatchObject({
      ok: true,
      value: { valid: false, basedOn: 4, problems: [{ path: '/earning/default_rate' }] },
    });
    const refused = await publishDraft(deps, { comment: '', caller, now: clock.now() });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'program_invalid', field: '/earning/default_rate' } });
    expect(deps.port.current()?.version).toBe(4);
  });

  it('R29: two who work on the draft at once do not overwrite each other unknowingly', async () => {
    const saved = await saveDraft(deps, { document: document('1'), caller, now: clock.now() });
    const revision = saved.ok ? saved.value.revision : 0;
    const both = await Promise.all(
      [1, 2].map((rate) => saveDraft(deps, { document: document(`${rate}`), revision, caller, now: clock.now() })),
    );
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await publishDraft(deps, { comment: '', revision, caller, now: clock.now() })).toMatchObject({
      ok: false,
      refusal: { code: 'draft_changed' },
    });
  });

  it('R29: two who publish at once get one version, the other finds no draft', async () => {
    const both = await Promise.all([1, 2].map(() => publishDraft(deps, { comment: '', caller, now: clock.now() })));
    expect(new Set(both.map((one) => (one.ok ? one.value.number : one.refusal.code)))).toEqual(
      new Set([5, 'draft_not_found']),
    );
  });

  it.each([
    [99, 'version_not_found'],
    [5, 'version_in_force'],
  ])('R29: rolling back to %s: %s', async (to, code) => {
    expect(await rollBackProgram(deps, { to, comment: '', caller, now: clock.now() })).toMatchObject({
      ok: false,
      refusal: { code },
    });
  });
});

describe('the value of a point', () => {
  it('R1: free before the first point, fixed after it, for publishing and for a rollback', async () => {
    const before = await aHouse(false);
    await publish(before, document('5', { point_value: 100 }));
    expect(await publish(before, document('5', { point_value: 1 }))).toMatchObject({ ok: true });
    const after: ProgramDeps = { ...before, pointsExist: () => Promise.resolve(true) };
    expect(await publish(after, document('5', { point_value: 50 }))).toMatchObject({
      ok: false,
      refusal: { code: 'program_invalid', field: '/point_value' },
    });
    expect(await rollBackProgram(after, { to: 1, comment: '', caller, now: clock.now() })).toMatchObject({
      ok: false,
      refusal: { code: 'point_value_fixed' },
    });
    expect(await publish(after, document('6', { point_value: 1 }))).toMatchObject({ ok: true });
  });
});
