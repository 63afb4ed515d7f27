import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { done, refused } from '#kernel/outcome.ts';
import { readPhone } from '#kernel/phone.ts';
import { virtualClock } from '#platform/clock.ts';
import { type Database, inTransaction, openDatabase } from '#platform/db.ts';
import type { MemberPart } from '#platform/member-parts.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { membersDeps, testCaller } from '#test/members.ts';
import { isAllowed } from '../domain/consent.ts';
import { readIdentity } from '../domain/identity.ts';
import type { ConsentWord } from '../domain/registration.ts';
import { findMemberIdByIdentity } from '../store/identities.ts';
import { addConsents, readConsents } from './consents.ts';
import type { MembersDeps } from './deps.ts';
import { eraseMember, exportMember } from './erase.ts';
import { addIdentity } from './identities.ts';
import { mergeMembers, previewMerge, unmergeMembers } from './merge.ts';
import { type RegisterCommand, registerMember } from './register.ts';
import { searchMembers } from './search.ts';
import { phoneHash } from './secrets.ts';
import { blockMember, updateMember } from './update.ts';
import { viewMember } from './view.ts';
import { welcomeOnce } from './welcome.ts';

const start = Temporal.Instant.from('2026-11-22T12:00:00Z');
const clock = virtualClock(start);
let test: TestDatabase;
let db: Database;
let deps: MembersDeps;
let parts: MemberPart[] = [];
let serial = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 4 });
  deps = membersDeps(db, clock, { parts: () => parts });
});
afterAll(async () => {
  await db.close();
  await test.drop();
});
beforeEach(() => {
  parts = [];
  clock.set(start);
});

interface Person {
  readonly memberId: string;
  readonly phone: string;
}

async function person(more: Partial<RegisterCommand> = {}): Promise<Person> {
  serial += 1;
  const phone = `+7912${String(serial).padStart(7, '0')}`;
  const command: RegisterCommand = {
    ...{ identities: [{ kind: 'phone', value: phone }], origin: 'live', source: 'till', registeredBy: 'tests' },
    ...{ onExisting: 'refuse', ...more },
  };
  const outcome = await inTransaction(db, (tx) => registerMember(tx, deps, { ...command, now: clock.now() }));
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  return { memberId: outcome.value.memberId, phone };
}

function now() {
  return { by: testCaller, now: clock.now() };
}
function merge(survivor: Person, absorbed: Person) {
  return mergeMembers(deps, { survivorId: survivor.memberId, absorbedId: absorbed.memberId, reason: null, ...now() });
}
async function merged(survivor: Person, absorbed: Person): Promise<string> {
  const outcome = await merge(survivor, absorbed);
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  return outcome.value.mergeId;
}
function unmerge(survivor: Person, mergeId: string) {
  return unmergeMembers(deps, { survivorId: survivor.memberId, mergeId, ...now() });
}
async function ownerOf({ phone }: Person) {
  const reading = readIdentity('phone', phone, deps.settings);
  return reading.ok ? (await findMemberIdByIdentity(db, reading.identity))?.memberId : undefined;
}
async function memberOf({ memberId }: Person) {
  const view = await viewMember(db, memberId);
  if (!view.ok) throw new Error(view.refusal.code);
  return view.value;
}
async function row({ memberId }: Person) {
  const rows = await db.pool.query<Record<string, unknown>>('select * from members.member where member_id = $1', [
    memberId,
  ]);
  return rows.rows[0] ?? {};
}
function sms(given: boolean, reference = 'message 1'): ConsentWord {
  const shown = given ? { textShown: 'Согласен на рассылку', proof: { kind: 'sms_code', reference } } : {};
  return { channel: 'sms', purpose: 'advertising', given, source: 'till', ...shown };
}
async function says({ memberId }: Person, given: boolean, reference?: string) {
  clock.advance({ minutes: 1 });
  const outcome = await addConsents(deps, { memberId, consents: [sms(given, reference)], ...now() });
  expect(outcome.ok).toBe(true);
}
async function allows({ memberId }: Person): Promise<boolean> {
  const consents = await readConsents(db, memberId);
  return consents.ok && isAllowed(consents.value.current, 'sms', 'advertising');
}

describe('R32: merging', () => {
  it('makes the absorbed member an alias whose identities find the survivor', async () => {
    const survivor = await person({ profile: { firstName: 'Анна' } });
    const absorbed = await person({
      profile: { firstName: 'Аня', lastName: 'Кривцова', gender: 'female' },
      staff: true,
    });
    await merged(survivor, absorbed);
    expect(await ownerOf(absorbed)).toBe(survivor.memberId);
    const view = await memberOf(absorbed);
    expect(view).toMatchObject({
      member: { memberId: survivor.memberId, firstName: 'Анна', lastName: 'Кривцова', gender: 'female', staff: true },
      aliases: [absorbed.memberId],
    });
    expect(view.identities.map(({ value }) => value).sort()).toEqual([survivor.phone, absorbed.phone]);
    expect(await row(absorbed)).toMatchObject({ status: 'merged', merged_into: survivor.memberId, first_name: 'Аня' });
    const found = await searchMembers(db, deps.settings, { text: 'аня кривцова', offset: 0, limit: 10 });
    expect(found.ok && found.value.items.map(({ member }) => member.memberId)).toEqual([survivor.memberId]);
  });

  it('can be undone for 30 days, and everything is as before', async () => {
    const survivor = await person({ profile: { firstName: 'Борис' } });
    const absorbed = await person({ profile: { firstName: 'Боря', birthday: Temporal.PlainDate.from('1980-01-02') } });
    const before = await Promise.all([row(survivor), row(absorbed), memberOf(survivor), memberOf(absorbed)]);
    const mergeId = await merged(survivor, absorbed);
    clock.advance({ days: 29 });
    expect(await unmerge(survivor, mergeId)).toMatchObject({ ok: true });
    const after = await Promise.all([row(survivor), row(absorbed), memberOf(survivor), memberOf(absorbed)]);
    const timeless = (value: unknown) =>
      JSON.parse(JSON.stringify(value, (key, part: unknown) => (/updated/i.test(key) ? null : part)));
    expect(timeless(after)).toEqual(timeless(before));
    expect(await ownerOf(absorbed)).toBe(absorbed.memberId);
    expect(await unmerge(survivor, mergeId)).toMatchObject({ refusal: { code: 'already_undone' } });
  });

  it('is not undone after 30 days', async () => {
    const [survivor, absorbed] = [await person(), await person()];
    const mergeId = await merged(survivor, absorbed);
    clock.advance({ days: 30 });
    expect(await unmerge(survivor, mergeId)).toMatchObject({ refusal: { code: 'undo_too_late' } });
    expect(await ownerOf(absorbed)).toBe(survivor.memberId);
  });

  it('is undone in the reverse order, over chains of members', async () => {
    const [a, b, c, d] = [await person(), await person(), await person(), await person()];
    const first = await merged(b, a);
    const second = await merged(b, d);
    const third = await merged(c, b);
    expect((await row(a))['merged_into']).toBe(c.memberId);
    expect(await ownerOf(a)).toBe(c.memberId);
    expect((await memberOf(a)).aliases).toEqual([a.memberId, b.memberId, d.memberId].sort());
    expect(await unmerge(b, first)).toMatchObject({ refusal: { code: 'undo_out_of_order' } });
    expect((await unmerge(c, third)).ok).toBe(true);
    expect((await row(a))['merged_into']).toBe(b.memberId);
    expect(await unmerge(b, first)).toMatchObject({
      refusal: { code: 'undo_out_of_order', details: { undo_first: second } },
    });
    expect((await unmerge(b, second)).ok).toBe(true);
    expect((await unmerge(b, first)).ok).toBe(true);
    expect(await Promise.all([a, b, c, d].map(ownerOf))).toEqual([a, b, c, d].map(({ memberId }) => memberId));
  });

  it('what came while they were one stays with the survivor', async () => {
    const [survivor, absorbed] = [await person(), await person()];
    const mergeId = await merged(survivor, absorbed);
    const mail = { memberId: absorbed.memberId, kind: 'email', value: 'one@mail.ru', source: 'site', ...now() };
    expect(await addIdentity(deps, mail)).toMatchObject({ ok: true, value: { memberId: survivor.memberId } });
    await updateMember(deps, { memberId: absorbed.memberId, changes: { firstName: 'Единая' }, ...now() });
    await unmerge(survivor, mergeId);
    expect((await memberOf(survivor)).member.firstName).toBe('Единая');
    expect((await memberOf(survivor)).identities.map(({ kind }) => kind)).toEqual(['email', 'phone']);
    expect((await memberOf(absorbed)).identities.map(({ value }) => value)).toEqual([absorbed.phone]);
  });

  it.each([
    //  survivor, absorbed, together, [survivor, absorbed] after the undo
    ['yes', 'yes', true, [true, true]],
    ['yes', 'no', false, [true, false]],
    ['no', 'yes', false, [false, true]],
    ['', 'yes', true, [false, true]],
    ['yes', '', true, [true, false]],
  ])('the stricter consent wins: "%s" and "%s" together %s', async (first, second, together, afterwards) => {
    const [survivor, absorbed] = [await person(), await person()];
    if (first !== '') await says(survivor, first === 'yes');
    if (second !== '') await says(absorbed, second === 'yes');
    clock.advance({ minutes: 1 });
    const mergeId = await merged(survivor, absorbed);
    expect(await allows(absorbed)).toBe(together);
    clock.advance({ minutes: 1 });
    await unmerge(survivor, mergeId);
    expect([await allows(survivor), await allows(absorbed)]).toEqual(afterwards);
  });

  it('whoever says no while they are one has said it for both', async () => {
    const [survivor, absorbed] = [await person(), await person()];
    await says(survivor, true);
    await says(absorbed, true);
    const mergeId = await merged(survivor, absorbed);
    await says(absorbed, false);
    clock.advance({ minutes: 1 });
    await unmerge(survivor, mergeId);
    expect([await allows(survivor), await allows(absorbed)]).toEqual([false, false]);
  });

  it('R30: is no way out of a block', async () => {
    const [survivor, absorbed] = [await person(), await person()];
    await inTransaction(db, (tx) => blockMember(tx, deps, { memberId: absorbed.memberId, reason: 'fraud', ...now() }));
    const mergeId = await merged(survivor, absorbed);
    const blocked = async () => {
      const sql = 'select blocked from standing.standing where member_id = $1';
      return [(await memberOf(survivor)).member.status, (await db.pool.query(sql, [survivor.memberId])).rows[0]];
    };
    expect(await blocked()).toEqual(['blocked', { blocked: true }]);
    await unmerge(survivor, mergeId);
    expect(await blocked()).toEqual(['active', { blocked: false }]);
    expect((await memberOf(absorbed)).member.status).toBe('blocked');
  });

  it('is refused where it makes no sense', async () => {
    const [a, b, c, test1] = [await person(), await person(), await person(), await person({ test: true })];
    expect(await merge(a, a)).toMatchObject({ refusal: { code: 'same_member' } });
    expect(await merge(a, test1)).toMatchObject({ refusal: { code: 'test_differs' } });
    await merged(a, b);
    expect(await merge(c, b)).toMatchObject({ refusal: { code: 'already_merged' } });
    expect(await merge(b, c)).toMatchObject({
      refusal: { code: 'already_merged', details: { merged_into: a.memberId } },
    });
    await eraseMember(deps, { memberId: c.memberId, ...now() });
    expect(await merge(a, c)).toMatchObject({ refusal: { code: 'member_erased' } });
    const unknown = { memberId: '018f0000-0000-7000-8000-000000000000', phone: '' };
    expect(await merge(a, unknown)).toMatchObject({ refusal: { code: 'member_not_found', field: '/absorbed_id' } });
    expect(await unmerge(a, unknown.memberId)).toMatchObject({ refusal: { code: 'merge_not_found' } });
  });

  it('two at once, either way round, merge once', async () => {
    const [a, b] = [await person(), await person()];
    const outcomes = await Promise.all([merge(a, b), merge(b, a), merge(a, b), merge(b, a)]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('a preview shows it and changes nothing', async () => {
    const [survivor, absorbed] = [await person(), await person({ profile: { lastName: 'Одинцова' } })];
    const pair = { survivorId: survivor.memberId, absorbedId: absorbed.memberId, reason: null, ...now() };
    const preview = await previewMerge(deps, pair);
    expect(preview).toMatchObject({ ok: true, value: { merged: { member: { lastName: 'Одинцова' } } } });
    expect((await memberOf(survivor)).member.lastName).toBeNull();
    expect(await ownerOf(absorbed)).toBe(absorbed.memberId);
  });

  it('every module’s part takes part, and gets its own memento back in the reverse order', async () => {
    const calls: string[] = [];
    parts = ['lots', 'receipts'].map((module) => recordingPart(module, calls));
    const [survivor, absorbed] = [await person(), await person()];
    const mergeId = await merged(survivor, absorbed);
    await unmerge(survivor, mergeId);
    expect(calls).toEqual([
      'merge lots',
      'merge receipts',
      'unmerge receipts "moved by receipts"',
      'unmerge lots "moved by lots"',
    ]);
  });
});

function recordingPart(module: string, calls: string[], refuses?: string): MemberPart {
  return {
    module,
    tables: [],
    exportData: async (_db, memberIds) => ({ asked: memberIds.length, sum: 10n }),
    erase: async (_tx, memberId) => {
      calls.push(`erase ${module} ${memberId}`);
      return refuses === undefined ? done(null) : refused({ code: refuses });
    },
    merge: async () => {
      calls.push(`merge ${module}`);
      return { note: `moved by ${module}` };
    },
    unmerge: async (_tx, _pair, memento) => {
      calls.push(`unmerge ${module} ${JSON.stringify(memento['note'])}`);
    },
  };
}

const personalTables = ['member', 'identity', 'identity_history', 'consent', 'search', 'merge', 'welcome_key'];

async function everything(): Promise<string> {
  const tables = await Promise.all(
    personalTables.map((table) => db.pool.query<{ row: string }>(`select t::text as row from members.${table} as t`)),
  );
  const outside = await db.pool.query<{ row: string }>(
    'select f::text as row from platform.fact as f union all select a::text from access.audit_entry as a',
  );
  return [...tables, outside].flatMap(({ rows }) => rows.map(({ row: text }) => text)).join('\n');
}

describe('R34: erasure and export', () => {
  it('takes everything personal, of aliases too, and leaves the proofs of consent without it', async () => {
    const survivor = await person({
      profile: { firstName: 'Евлампия', birthday: Temporal.PlainDate.from('1971-03-04') },
    });
    const absorbed = await person({ profile: { lastName: 'Стираемая' } });
    await says(survivor, true, 'sent to 79990000000');
    const change = {
      memberId: survivor.memberId,
      kind: 'phone',
      value: '+79168887766',
      confirmed: true,
      source: 'site',
      ...now(),
    };
    await addIdentity(deps, change);
    await merged(survivor, absorbed);
    expect(await everything()).toMatch(/Евлампия/);

    expect(await eraseMember(deps, { memberId: absorbed.memberId, ...now() })).toEqual({
      ok: true,
      value: survivor.memberId,
    });
    const left = await everything();
    const personal = ['Евлампия', 'евлампия', 'Стираемая', '1971-03-04', '79168887766', '79990000000'];
    const traces = [...personal, survivor.phone, absorbed.phone].filter((trace) => left.includes(trace));
    expect(traces).toEqual([]);
    expect(await row(survivor)).toMatchObject({ status: 'erased', first_name: null });
    const consents = await readConsents(db, survivor.memberId);
    expect(consents).toMatchObject({
      value: { log: [{ given: true, textShown: 'Согласен на рассылку', proof: { kind: 'sms_code' } }] },
    });
    expect(await ownerOf(survivor)).toBeUndefined();
    expect(await eraseMember(deps, { memberId: survivor.memberId, ...now() })).toMatchObject({
      refusal: { code: 'member_erased' },
    });
    expect(await addConsents(deps, { memberId: survivor.memberId, consents: [sms(false)], ...now() })).toMatchObject({
      refusal: { code: 'member_erased' },
    });
  });

  it('R30: the phone is free for a new member, but a welcome gift was had', async () => {
    const former = await person();
    await eraseMember(deps, { memberId: former.memberId, ...now() });
    const again = await inTransaction(db, (tx) =>
      registerMember(tx, deps, {
        ...{
          identities: [{ kind: 'phone', value: former.phone }],
          origin: 'live',
          source: 'till',
          registeredBy: 'tests',
        },
        ...{ onExisting: 'refuse', now: clock.now() },
      }),
    );
    expect(again).toMatchObject({ ok: true, value: { created: true } });
    expect(again.ok && again.value.memberId).not.toBe(former.memberId);
    expect(await claims(former.phone, 'welcome')).toEqual([false]);
  });

  it('R30: of many who claim a phone’s gift at once one gets it, and nobody later', async () => {
    const fresh = await person();
    const claimed = await Promise.all(Array.from({ length: 8 }, () => claims(fresh.phone, 'referral')));
    expect(claimed.flat().filter(Boolean)).toHaveLength(1);
    expect(await claims(fresh.phone, 'referral')).toEqual([false]);
    expect(await claims(fresh.phone, 'welcome')).toEqual([true]);
  });

  async function claims(phone: string, gift: string): Promise<boolean[]> {
    const reading = readPhone(phone, deps.settings.region);
    if (!reading.ok) throw new Error(reading.problem);
    const hash = phoneHash(deps.secret, reading.phone);
    return [await db.begin((tx) => welcomeOnce(tx, hash, { gift, now: clock.now() }))];
  }

  it('waits for another module’s unfinished business: nothing is erased', async () => {
    const calls: string[] = [];
    parts = [recordingPart('lots', calls), recordingPart('checkout', calls, 'open_orders')];
    const member = await person({ profile: { firstName: 'Ждущая' } });
    expect(await eraseMember(deps, { memberId: member.memberId, ...now() })).toEqual({
      ok: false,
      refusal: { code: 'erasure_waits', details: { module: 'checkout', reason: 'open_orders' } },
    });
    expect((await memberOf(member)).member.firstName).toBe('Ждущая');
    expect(await ownerOf(member)).toBe(member.memberId);
  });

  it('exports a person over all modules as one document, and says who asked', async () => {
    parts = [recordingPart('ledger', [])];
    const [survivor, absorbed] = [await person({ profile: { firstName: 'Экспорт' } }), await person()];
    await says(survivor, true);
    await merged(survivor, absorbed);
    const exported = await exportMember(deps, { memberId: absorbed.memberId, ...now() });
    if (!exported.ok) throw new Error(exported.refusal.code);
    expect(exported.value).toMatchObject({
      memberIds: [survivor.memberId, absorbed.memberId],
      modules: {
        members: {
          members: [{ firstName: 'Экспорт' }, { status: 'merged' }],
          identities: [{ value: survivor.phone }, { value: absorbed.phone }],
        },
        ledger: { asked: 2, sum: 10 },
      },
    });
    expect(JSON.parse(JSON.stringify(exported.value.modules))).toEqual(exported.value.modules);
    const audit = await db.pool.query(
      "select 1 from access.audit_entry where action = 'member.export' and subject_id = $1",
      [survivor.memberId],
    );
    expect(audit.rowCount).toBe(1);
  });
});

describe('R33: the log of consents', () => {
  it('only grows', async () => {
    const member = await person();
    for (const given of [true, false, true, false]) await says(member, given);
    const consents = await readConsents(db, member.memberId);
    expect(consents.ok && consents.value.log.map(({ given }) => given)).toEqual([true, false, true, false]);
    expect(consents.ok && consents.value.current).toMatchObject([{ given: false }]);
  });
});
