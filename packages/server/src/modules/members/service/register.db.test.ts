import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { virtualClock } from '#platform/clock.ts';
import { type Database, inTransaction, openDatabase } from '#platform/db.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { mainShop, membersDeps, testCaller } from '#test/members.ts';
import { isEan13 } from '../domain/card.ts';
import { readIdentity } from '../domain/identity.ts';
import type { IdentityDraft } from '../domain/registration.ts';
import { findMemberIdByIdentity } from '../store/identities.ts';
import { loadMemberForCheckout } from '../store/members.ts';
import { assignCard, issueCardBatch, listBatchCards, setCardState } from './cards.ts';
import type { MembersDeps } from './deps.ts';
import { addIdentity, removeIdentity } from './identities.ts';
import { type RegisterCommand, registerMember, registerMembers } from './register.ts';
import { blockMember, unblockMember, updateMember } from './update.ts';
import { viewMember } from './view.ts';

const clock = virtualClock(Temporal.Instant.from('2026-11-22T12:00:00Z'));
let test: TestDatabase;
let db: Database;
let deps: MembersDeps;

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 8 });
  deps = membersDeps(db, clock);
});
afterAll(async () => {
  await db.close();
  await test.drop();
});

const phone = (value: string): IdentityDraft => ({ kind: 'phone', value });
const by = { by: testCaller };

function command(identities: readonly IdentityDraft[], more: Partial<RegisterCommand> = {}): RegisterCommand {
  return { identities, origin: 'live', source: 'till', registeredBy: 'tests', onExisting: 'refuse', ...more };
}

function register(identities: readonly IdentityDraft[], more: Partial<RegisterCommand> = {}) {
  return inTransaction(db, (tx) => registerMember(tx, deps, { ...command(identities, more), now: clock.now() }));
}

async function registered(identities: readonly IdentityDraft[], more: Partial<RegisterCommand> = {}): Promise<string> {
  const outcome = await register(identities, more);
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  return outcome.value.memberId;
}

async function ownerOf(kind: string, value: string) {
  const reading = readIdentity(kind, value, deps.settings);
  return reading.ok ? findMemberIdByIdentity(db, reading.identity) : null;
}

async function factsOf(memberId: string) {
  const sql = 'select fact_no, kind, origin, data from platform.fact where member_id = $1 order by fact_no';
  return (await db.pool.query<{ fact_no: bigint; kind: string; origin: string; data: unknown }>(sql, [memberId])).rows;
}

async function count(table: string): Promise<number> {
  return Number((await db.pool.query<{ n: bigint }>(`select count(*) as n from ${table}`)).rows[0]?.n);
}

describe('registration', () => {
  it('makes a member, a standing and a fact', async () => {
    const memberId = await registered([phone('8 (912) 000-00-01'), { kind: 'email', value: 'Anna@Mail.ru' }], {
      profile: { firstName: 'Анна', birthday: Temporal.PlainDate.from('1990-02-28'), zone: 'Asia/Yekaterinburg' },
      shopId: mainShop.shopId,
    });
    const view = await viewMember(db, memberId);
    expect(view).toMatchObject({ ok: true, value: { member: { firstName: 'Анна', status: 'active' }, aliases: [] } });
    expect(await ownerOf('phone', '+7 912 000 00 01')).toEqual({ memberId, state: 'active' });
    expect(await ownerOf('email', 'anna@mail.ru')).toEqual({ memberId, state: 'active' });
    expect(await loadMemberForCheckout(db, memberId)).toMatchObject({
      ...{ memberId, status: 'active', mergedInto: null, zone: 'Asia/Yekaterinburg', staff: false },
      joinedShopId: mainShop.shopId,
    });
    const standing = await db.pool.query('select 1 from standing.standing where member_id = $1', [memberId]);
    expect(standing.rowCount).toBe(1);
    const data = { shop_id: mainShop.shopId, source: 'tests', test: false };
    expect(await factsOf(memberId)).toEqual([{ fact_no: 900n, kind: 'member_registered', origin: 'live', data }]);
  });

  it('R31: one identity has one owner: a repeat is refused with a hint, or answered with the first', async () => {
    const memberId = await registered([phone('+79120000002')]);
    const before = await count('members.member');
    expect(await register([phone('8 912 000 00 02')])).toEqual({
      ok: false,
      refusal: {
        code: 'identity_taken',
        field: '/identities/0/value',
        details: { kind: 'phone', member_id: memberId },
      },
    });
    const repeated = await register([phone('89120000002'), { kind: 'telegram', value: '77' }], {
      onExisting: 'return',
    });
    expect(repeated).toEqual({ ok: true, value: { memberId, created: false } });
    expect(await ownerOf('telegram', '77')).toBeNull();
    expect(await count('members.member')).toBe(before);
  });

  it('R31: identities of two members do not make a third', async () => {
    await registered([phone('+79120000003')]);
    await registered([{ kind: 'telegram', value: '78' }]);
    const both = [phone('+79120000003'), { kind: 'telegram', value: '78' }];
    const outcome = await register(both, { onExisting: 'return' });
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'identities_of_several_members' } });
  });

  it('R31: 32 at once with one phone make one member', async () => {
    const identities = [phone('+79120000004'), { kind: 'email', value: 'race@mail.ru' }];
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, place) =>
        register(place % 2 === 0 ? identities : identities.toReversed(), { onExisting: 'return' }),
      ),
    );
    const ids = new Set(outcomes.map((outcome) => outcome.ok && outcome.value.memberId));
    expect(ids.size).toBe(1);
    expect(outcomes.filter((outcome) => outcome.ok && outcome.value.created)).toHaveLength(1);
    const [memberId] = ids;
    const rows = await db.pool.query('select 1 from members.identity where member_id = $1', [memberId]);
    expect(rows.rowCount).toBe(2);
    expect(await factsOf(String(memberId))).toHaveLength(1);
  });

  it('R31: 32 at once with one phone, refusing: one member, 31 refusals', async () => {
    const outcomes = await Promise.all(Array.from({ length: 32 }, () => register([phone('+79120000005')])));
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
    const refusals = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal.code]));
    expect(refusals).toEqual(Array.from({ length: 31 }, () => 'identity_taken'));
  });

  it.each([
    ['no identity', command([]), 'identity_missing'],
    ['an impossible phone', command([phone('+70000000000')]), 'phone_impossible'],
    ['an unknown kind', command([{ kind: 'fax', value: '1' }]), 'identity_kind_unknown'],
    [
      'a birthday to come',
      command([phone('+79120000009')], { profile: { birthday: Temporal.PlainDate.from('2027-01-01') } }),
      'birthday_impossible',
    ],
    [
      'joining tomorrow',
      command([phone('+79120000009')], { joinedAt: Temporal.Instant.from('2026-11-23T00:00:00Z') }),
      'joined_in_future',
    ],
    [
      'a field that is not defined',
      command([phone('+79120000009')], { profile: { fields: { a: 1 } } }),
      'field_unknown',
    ],
  ])('%s writes nothing', async (_name, asked, code) => {
    const before = await count('members.identity');
    expect(await register(asked.identities, asked)).toMatchObject({ ok: false, refusal: { code } });
    expect(await count('members.identity')).toBe(before);
    expect(await ownerOf('phone', '+79120000009')).toBeNull();
  });

  it('R33: a consent without its proof stops the registration', async () => {
    const consents = [{ channel: 'sms' as const, purpose: 'advertising' as const, given: true, source: 'till' }];
    const outcome = await register([phone('+79120000010')], { consents });
    expect(outcome).toMatchObject({
      ok: false,
      refusal: { code: 'consent_without_proof', field: '/consents/0/proof' },
    });
  });

  it('R35: an imported member’s fact carries the import’s origin and the time of joining', async () => {
    const joinedAt = Temporal.Instant.from('2019-05-01T00:00:00Z');
    const memberId = await registered([phone('+79120000011')], { origin: 'import', joinedAt });
    const rows = await db.pool.query('select origin, at from platform.fact where member_id = $1', [memberId]);
    expect(rows.rows).toEqual([{ origin: 'import', at: joinedAt }]);
  });

  it('a file’s lines go in together, each with its own answer', async () => {
    const commands = [
      command([phone('+79120000020')], { virtualCard: true }),
      command([phone('+79120000021')]),
      command([phone('89120000020')]),
      command([phone('wrong')]),
      command([phone('89120000021')], { onExisting: 'return' }),
    ];
    const outcomes = await inTransaction(db, (tx) => registerMembers(tx, deps, { commands, now: clock.now() }));
    const [first, second, third, fourth, fifth] = outcomes;
    expect([first?.ok, second?.ok]).toEqual([true, true]);
    expect(third).toMatchObject({ refusal: { code: 'identity_taken' } });
    expect(fourth).toMatchObject({ refusal: { code: 'phone_not_a_number' } });
    expect(fifth).toEqual({ ok: true, value: { memberId: second?.ok && second.value.memberId, created: false } });
  });
});

describe('R31: identities change hands', () => {
  it('a phone is changed with a confirmation only; the old one finds nobody and stays in the history', async () => {
    const memberId = await registered([phone('+79121000001')]);
    const change = { memberId, kind: 'phone', value: '8 912 100 00 02', source: 'site', now: clock.now(), ...by };
    expect(await addIdentity(deps, change)).toMatchObject({ ok: false, refusal: { code: 'confirmation_required' } });
    const proof = { kind: 'sms_code', reference: 'message 1' };
    expect(await addIdentity(deps, { ...change, proof })).toMatchObject({
      ok: true,
      value: { value: '+79121000002', proof },
    });
    expect(await ownerOf('phone', '+79121000001')).toBeNull();
    expect(await ownerOf('phone', '+79121000002')).toEqual({ memberId, state: 'active' });
    const history = await db.pool.query('select value, reason from members.identity_history where member_id = $1', [
      memberId,
    ]);
    expect(history.rows).toEqual([{ value: '+79121000001', reason: 'changed' }]);
  });

  it('a number reissued by its operator moves alone: the balance stays with its former owner', async () => {
    const former = await registered([phone('+79121000003'), { kind: 'telegram', value: '900' }]);
    await db.pool.query('update standing.standing set available = 500 where member_id = $1', [former]);
    const next = await registered([{ kind: 'telegram', value: '901' }]);
    const claim = {
      memberId: next,
      kind: 'phone',
      value: '+79121000003',
      confirmed: true,
      source: 'site',
      now: clock.now(),
      ...by,
    };
    expect(await addIdentity(deps, claim)).toMatchObject({
      ok: false,
      refusal: { code: 'identity_taken', details: { member_id: former } },
    });
    expect(await addIdentity(deps, { ...claim, takeOver: true })).toMatchObject({ ok: true });
    expect(await ownerOf('phone', '+79121000003')).toEqual({ memberId: next, state: 'active' });
    const balances = await db.pool.query(
      'select available from standing.standing where member_id = any($1) order by available',
      [[former, next]],
    );
    expect(balances.rows).toEqual([{ available: 0n }, { available: 500n }]);
    const search = await db.pool.query<{ words: string }>('select words from members.search where member_id = $1', [
      former,
    ]);
    expect(search.rows[0]?.words).not.toContain('79121000003');
  });

  it('the same identity twice is one; the last one cannot be taken away', async () => {
    const memberId = await registered([phone('+79121000004')]);
    const add = { memberId, kind: 'email', value: 'A@b.ru', source: 'site', now: clock.now(), ...by };
    const first = await addIdentity(deps, add);
    const second = await addIdentity(deps, { ...add, value: 'a@B.ru' });
    expect(first.ok && second.ok && second.value.identityId === first.value.identityId).toBe(true);
    const view = await viewMember(db, memberId);
    const ids = view.ok ? view.value.identities.map(({ identityId }) => identityId) : [];
    expect(ids).toHaveLength(2);
    const remove = (identityId: string) => removeIdentity(deps, { memberId, identityId, now: clock.now(), ...by });
    expect(await remove(ids[0] ?? '')).toEqual({ ok: true, value: null });
    expect(await remove(ids[0] ?? '')).toMatchObject({ refusal: { code: 'identity_not_found' } });
    expect(await remove(ids[1] ?? '')).toMatchObject({ refusal: { code: 'last_identity' } });
  });
});

describe('R31: cards', () => {
  it('a batch is issued without owners; each card is given out once', async () => {
    const batch = await issueCardBatch(deps, { count: 300, note: null, now: clock.now(), ...by });
    const first = await listBatchCards(db, { batchId: batch.batchId, after: null, limit: 200 });
    const rest = await listBatchCards(db, { batchId: batch.batchId, after: first.next, limit: 200 });
    const numbers = [...first.items, ...rest.items].map(({ number }) => number);
    expect(new Set(numbers).size).toBe(300);
    expect(numbers.every((number) => isEan13(number) && number.startsWith('290'))).toBe(true);
    expect(rest.next).toBeNull();

    const [number = '', other = ''] = numbers;
    expect(await ownerOf('card', number)).toBeNull();
    const owner = await registered([{ kind: 'card', value: number }]);
    expect(await ownerOf('card', number)).toEqual({ memberId: owner, state: 'active' });
    const stranger = await registered([phone('+79122000001')]);
    const assign = (memberId: string, card: string | null, replacesId: string | null = null) =>
      assignCard(deps, { memberId, number: card, replacesId, source: 'till', now: clock.now(), ...by });
    expect(await assign(stranger, number)).toMatchObject({ refusal: { code: 'identity_taken' } });
    expect(await assign(stranger, other)).toMatchObject({ ok: true, value: { value: other } });
    const wrong = `${other.slice(0, 12)}${(Number(other[12]) + 1) % 10}`;
    expect(await assign(stranger, wrong)).toMatchObject({ refusal: { code: 'card_check_digit', field: '/number' } });
  });

  it('a lost card still finds its member and says so; a replaced one is replaced for ever', async () => {
    const memberId = await registered([phone('+79122000002')], { virtualCard: true });
    const view = await viewMember(db, memberId);
    const card = view.ok ? view.value.identities.find(({ kind }) => kind === 'card') : undefined;
    expect(card?.value).toMatch(/^290\d{10}$/);
    const identityId = card?.identityId ?? '';
    const set = (state: 'active' | 'lost' | 'replaced') =>
      setCardState(deps, { memberId, identityId, state, now: clock.now(), ...by });
    expect(await set('lost')).toMatchObject({ ok: true, value: { state: 'lost' } });
    expect(await ownerOf('card', card?.value ?? '')).toEqual({ memberId, state: 'lost' });
    expect(await removeIdentity(deps, { memberId, identityId, now: clock.now(), ...by })).toMatchObject({
      refusal: { code: 'card_not_active' },
    });
    const replaced = await assignCard(deps, {
      memberId,
      number: null,
      replacesId: identityId,
      source: 'till',
      now: clock.now(),
      ...by,
    });
    expect(replaced).toMatchObject({ ok: true, value: { state: 'active', source: 'virtual_card' } });
    expect(await set('active')).toMatchObject({ refusal: { code: 'card_state_final', details: { from: 'replaced' } } });
  });
});

describe('changes of a member', () => {
  it('a profile is changed, found by its new name, and recorded without personal data', async () => {
    const memberId = await registered([phone('+79123000001')], { profile: { lastName: 'Девичья' } });
    const changes = { lastName: 'Замужняя', staff: true };
    expect(await updateMember(deps, { memberId, changes, now: clock.now(), ...by })).toEqual({
      ok: true,
      value: memberId,
    });
    const row = await db.pool.query<{ words: string }>('select words from members.search where member_id = $1', [
      memberId,
    ]);
    expect(row.rows[0]?.words).toBe(' замужняя 79123000001 ');
    const audit = await db.pool.query('select * from access.audit_entry where subject_id = $1', [memberId]);
    expect(audit.rowCount).toBe(1);
    const written = JSON.stringify([audit.rows, await factsOf(memberId)], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(written).toContain('lastName');
    expect(written).not.toContain('Замужняя');
  });

  it('R30: blocking reaches the standing, unblocking too; both are told upwards', async () => {
    const memberId = await registered([phone('+79123000002')]);
    const block = { memberId, reason: 'resells points', now: clock.now(), ...by };
    await inTransaction(db, (tx) => blockMember(tx, deps, block));
    await inTransaction(db, (tx) => blockMember(tx, deps, { ...block, reason: 'again' }));
    expect(await viewMember(db, memberId)).toMatchObject({
      value: { member: { status: 'blocked', blockedReason: 'resells points' } },
    });
    const standing = () => db.pool.query('select blocked from standing.standing where member_id = $1', [memberId]);
    expect((await standing()).rows).toEqual([{ blocked: true }]);
    await inTransaction(db, (tx) => unblockMember(tx, deps, block));
    expect((await standing()).rows).toEqual([{ blocked: false }]);
    const kinds = (await factsOf(memberId)).map(({ kind }) => kind);
    expect(kinds).toEqual(['member_registered', 'member_blocked', 'member_unblocked']);
  });
});
