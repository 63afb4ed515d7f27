import type { FastifyInstance } from 'fastify';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { virtualClock } from '#platform/clock.ts';
import { openDatabase } from '#platform/db.ts';
import { type JoinableDatabase, joinable } from '#platform/db-joined.ts';
import type { Caller } from '#platform/http/caller.ts';
import { createServer } from '#platform/http/server.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { mainShop, membersDeps, testCaller } from '#test/members.ts';
import { mountMembers } from '../mount.ts';

const clock = virtualClock(Temporal.Instant.from('2026-11-22T12:00:00Z'));
const nobody = '018f0000-0000-7000-8000-00000000dead';
let test: TestDatabase;
let db: JoinableDatabase;
let server: FastifyInstance;

const callers: Readonly<Record<string, Caller>> = {
  all: testCaller,
  reader: { ...testCaller, scopes: new Set(['members:read']) },
  checkout: { ...testCaller, scopes: new Set(['checkout']) },
  tester: { ...testCaller, test: true },
};

beforeAll(async () => {
  test = await createTestDatabase();
  db = joinable(openDatabase({ url: test.url, poolSize: 4 }));
  const deps = membersDeps(db, clock);
  const log = createLog({ level: 'silent' });
  server = createServer({
    routes: mountMembers(deps).routes,
    authenticate: async (authorization) => callers[authorization?.replace('Bearer ', '') ?? ''] ?? null,
    ...{ db, clock, newId: deps.newId, log, metrics: createMetrics(), ready: async () => ({ ok: true, checks: {} }) },
    ...{ bodyLimitBytes: 1_000_000, rateLimitPerMinute: 0, version: 'test' },
  });
});
afterAll(async () => {
  await server.close();
  await db.close();
  await test.drop();
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** Whatever JSON an answer holds; the expectations say what it is. */
// oxlint-disable-next-line typescript/no-explicit-any
type AnswerBody = any;

interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
}

async function call(method: Method, url: string, body?: unknown, key = 'all'): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}` };
  const payload =
    body === undefined
      ? {}
      : { payload: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } };
  const response = await server.inject({ method, url, headers, ...payload });
  return { status: response.statusCode, body: response.body === '' ? null : response.json() };
}

let serial = 0;
async function registered(
  more: Record<string, unknown> = {},
): Promise<{ id: string; phone: string; member: AnswerBody }> {
  serial += 1;
  const phone = `+7913${String(serial).padStart(7, '0')}`;
  const answer = await call('POST', '/v1/members', { identities: [{ kind: 'phone', value: phone }], ...more });
  expect(answer).toMatchObject({ status: 201, body: { created: true } });
  return { id: answer.body.member.member_id, phone, member: answer.body.member };
}

describe('a member over HTTP', () => {
  it('registers, is found, changed, listed, blocked, exported, erased', async () => {
    const fields = [
      {
        code: 'skin',
        type: 'choice',
        label: { ru: 'Кожа', en: 'Skin' },
        personal: false,
        choices: [{ code: 'dry', label: { ru: 'Сухая', en: 'Dry' } }],
      },
    ];
    expect(await call('PUT', '/v1/member-fields', { fields })).toMatchObject({ status: 200, body: { fields } });
    const consents = [
      {
        channel: 'sms',
        purpose: 'advertising',
        given: true,
        source: 'till',
        shop: mainShop.code,
        text_shown: 'Да',
        proof: { kind: 'checkbox' },
      },
    ];
    const profile = { first_name: 'Вера', birthday: '1988-02-29', zone: 'Asia/Omsk', fields: { skin: 'dry' } };
    const { id, phone, member } = await registered({ ...profile, shop: mainShop.code, consents, virtual_card: true });
    expect(member).toMatchObject({ ...profile, status: 'active', joined_shop_id: mainShop.shopId, test: false });
    expect(member.consents).toEqual([
      { channel: 'sms', purpose: 'advertising', given: true, at: '2026-11-22T12:00:00Z' },
    ]);
    expect(member.identities.map(({ kind }: { kind: string }) => kind)).toEqual(['card', 'phone']);

    expect(await call('GET', `/v1/members/${id}`, undefined, 'reader')).toEqual({ status: 200, body: member });
    const local = encodeURIComponent(`8${phone.slice(2)}`);
    expect(await call('GET', `/v1/members/by-identity?kind=phone&value=${local}`)).toMatchObject({
      ...{ status: 200, body: { member_id: id, identity_state: 'active' } },
    });
    const changed = await call('PATCH', `/v1/members/${id}`, { last_name: 'Щукина', fields: { skin: null } });
    expect(changed).toMatchObject({ status: 200, body: { first_name: 'Вера', last_name: 'Щукина', fields: {} } });
    const found = await call('GET', `/v1/members?query=${encodeURIComponent('щук вер')}`);
    expect(found.body).toMatchObject({ items: [{ member_id: id }], next_cursor: null, truncated: false });
    expect((await call('POST', `/v1/members/${id}/block`, { reason: 'test' })).body.status).toBe('blocked');
    expect((await call('POST', `/v1/members/${id}/unblock`)).body.status).toBe('active');
    const exported = await call('POST', `/v1/members/${id}/export`);
    expect(exported.body.modules.members.members[0]).toMatchObject({ lastName: 'Щукина', birthday: '1988-02-29' });
    expect(await call('POST', `/v1/members/${id}/erase`, { confirm: true })).toEqual({ status: 204, body: null });
    expect((await call('GET', `/v1/members/${id}`)).body).toMatchObject({
      status: 'erased',
      first_name: null,
      identities: [],
    });
    expect(await call('POST', `/v1/members/${id}/erase`, { confirm: true })).toMatchObject({ status: 410 });
  });

  it('pages a list and a search', async () => {
    const people = [];
    for (let n = 0; n < 5; n += 1) people.push(await registered({ last_name: 'Постраничный' }));
    for (const start of [
      '/v1/members?joined_from=2026-01-01T00:00:00Z&limit=2',
      `/v1/members?limit=2&query=${encodeURIComponent('постран')}`,
    ]) {
      const ids: string[] = [];
      for (let cursor = ''; ; ) {
        const page = await call('GET', `${start}${cursor}`);
        ids.push(...page.body.items.map((item: { member_id: string }) => item.member_id));
        if (page.body.next_cursor === null) break;
        cursor = `&cursor=${page.body.next_cursor}`;
      }
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(people.map(({ id }) => id)));
    }
  });

  it('merges with a preview, and undoes it', async () => {
    const [survivor, absorbed] = [await registered(), await registered({ last_name: 'Лишняя' })];
    const body = { absorbed_id: absorbed.id };
    const preview = await call('POST', `/v1/members/${survivor.id}/merge/preview`, body);
    expect(preview).toMatchObject({ status: 200, body: { merged: { last_name: 'Лишняя', aliases: [absorbed.id] } } });
    const merged = await call('POST', `/v1/members/${survivor.id}/merge`, body);
    expect(merged).toMatchObject({ status: 201, body: { undo_until: '2026-12-22T12:00:00Z' } });
    expect((await call('GET', `/v1/members/${absorbed.id}`)).body.member_id).toBe(survivor.id);
    const undone = await call('POST', `/v1/members/${survivor.id}/unmerge`, { merge_id: merged.body.merge_id });
    expect(undone.status).toBe(200);
    expect((await call('GET', `/v1/members/${absorbed.id}`)).body.member_id).toBe(absorbed.id);
  });

  it('R31: keeps identities and cards', async () => {
    const { id, phone } = await registered();
    const other = await registered();
    const path = `/v1/members/${id}/identities`;
    expect(await call('POST', path, { kind: 'phone', value: other.phone, confirmed: true })).toMatchObject({
      ...{ status: 409, body: { code: 'identity_taken', details: { member_id: other.id } } },
    });
    const mail = await call('POST', path, { kind: 'email', value: 'Vera@Mail.ru' });
    expect(mail).toMatchObject({ status: 201, body: { value: 'vera@mail.ru' } });
    expect((await call('DELETE', `${path}/${mail.body.identity_id}`)).status).toBe(204);
    expect((await call('POST', path, { kind: 'phone', value: phone })).body.code).toBe('confirmation_required');
    const batch = await call('POST', '/v1/cards/batches', { count: 3 });
    const numbers = await call('GET', `/v1/cards/batches/${batch.body.batch_id}/cards`);
    expect(numbers.body.items).toHaveLength(3);
    const card = await call('POST', `/v1/members/${id}/cards`, { number: numbers.body.items[0].number });
    expect(card.status).toBe(201);
    const lost = await call('PATCH', `/v1/members/${id}/cards/${card.body.identity_id}`, { state: 'lost' });
    expect(lost.body.state).toBe('lost');
  });

  it('what a test key registers is a test member', async () => {
    const answer = await call('POST', '/v1/members', { identities: [{ kind: 'vk', value: '5001' }] }, 'tester');
    expect(answer.body.member.test).toBe(true);
  });

  it('R33: keeps the log of consents', async () => {
    const { id } = await registered();
    const path = `/v1/members/${id}/consents`;
    const yes = { channel: 'email', purpose: 'advertising', given: true, source: 'site' };
    expect((await call('POST', path, { consents: [yes] })).body.code).toBe('consent_without_proof');
    const proven = { ...yes, text_shown: 'Согласен', proof: { kind: 'checkbox', reference: 'form 5' } };
    expect((await call('POST', path, { consents: [proven] })).status).toBe(201);
    clock.advance({ seconds: 1 });
    await call('POST', path, { consents: [{ ...yes, given: false }] });
    const { body } = await call('GET', path);
    expect(body.current).toMatchObject([{ channel: 'email', given: false }]);
    expect(body.log).toMatchObject([
      { given: true, text_shown: 'Согласен', proof: { reference: 'form 5' } },
      { given: false },
    ]);
  });
});

describe('bad input is refused with a code, and nothing is written', () => {
  const phone = (value: string) => ({ identities: [{ kind: 'phone', value }] });
  const free = '+79139999999';
  const rows: readonly (readonly [Method, string, unknown, number, string])[] = [
    ['POST', '/v1/members', {}, 400, 'bad_request'],
    ['POST', '/v1/members', { identities: 'x' }, 400, 'bad_request'],
    ['POST', '/v1/members', { identities: [] }, 422, 'identity_missing'],
    ['POST', '/v1/members', phone(''), 400, 'bad_request'],
    ['POST', '/v1/members', phone('\u0000'), 400, 'bad_request'],
    ['POST', '/v1/members', phone('🙂'), 422, 'phone_not_a_number'],
    ['POST', '/v1/members', phone('+70000000000'), 422, 'phone_impossible'],
    ['POST', '/v1/members', phone('88005553535'), 422, 'phone_not_personal'],
    ['POST', '/v1/members', { identities: [{ kind: 'fax', value: '1' }] }, 400, 'bad_request'],
    ['POST', '/v1/members', { identities: [{ kind: 'email', value: 'a@b' }] }, 422, 'email_invalid'],
    ['POST', '/v1/members', { identities: [{ kind: 'telegram', value: '@ivan' }] }, 422, 'account_id_invalid'],
    ['POST', '/v1/members', { identities: [{ kind: 'card', value: '2900000000000' }] }, 422, 'card_check_digit'],
    ['POST', '/v1/members', { ...phone(free), birthday: '2026-02-30' }, 400, 'bad_request'],
    ['POST', '/v1/members', { ...phone(free), birthday: '2030-01-01' }, 422, 'birthday_impossible'],
    ['POST', '/v1/members', { ...phone(free), zone: 'Mars/Base' }, 422, 'zone_unknown'],
    ['POST', '/v1/members', { ...phone(free), fields: { nothing: 1 } }, 422, 'field_unknown'],
    ['POST', '/v1/members', { ...phone(free), shop: 'nowhere' }, 422, 'shop_unknown'],
    ['POST', '/v1/members', { ...phone(free), joined_at: '2030-01-01T00:00:00Z' }, 422, 'joined_in_future'],
    ['POST', '/v1/members', { ...phone(free), first_name: 'я'.repeat(201) }, 400, 'bad_request'],
    ['POST', '/v1/members', { ...phone(free), nickname: 'x' }, 400, 'bad_request'],
    ['GET', '/v1/members/1', undefined, 400, 'bad_request'],
    ['GET', `/v1/members/${nobody}`, undefined, 404, 'member_not_found'],
    ['GET', '/v1/members/by-identity?kind=phone&value=1', undefined, 422, 'phone_too_short'],
    ['GET', `/v1/members/by-identity?kind=phone&value=${encodeURIComponent(free)}`, undefined, 404, 'member_not_found'],
    ['GET', '/v1/members?query=x', undefined, 422, 'query_too_short'],
    ['GET', '/v1/members?query=ivan&staff=true', undefined, 422, 'query_with_filters'],
    ['GET', '/v1/members?shop=nowhere', undefined, 422, 'shop_unknown'],
    ['GET', '/v1/members?cursor=abc', undefined, 400, 'bad_request'],
    ['GET', '/v1/members?limit=0', undefined, 400, 'bad_request'],
    ['PATCH', `/v1/members/${nobody}`, {}, 404, 'member_not_found'],
    ['PATCH', `/v1/members/${nobody}`, { status: 'active' }, 400, 'bad_request'],
    ['POST', `/v1/members/${nobody}/identities`, { kind: 'vk', value: '1' }, 404, 'member_not_found'],
    ['POST', `/v1/members/${nobody}/identities`, { kind: 'card', value: '1' }, 422, 'card_needs_its_own_route'],
    ['DELETE', `/v1/members/${nobody}/identities/${nobody}`, undefined, 404, 'member_not_found'],
    ['POST', `/v1/members/${nobody}/cards`, {}, 404, 'member_not_found'],
    ['PATCH', `/v1/members/${nobody}/cards/${nobody}`, { state: 'lost' }, 404, 'member_not_found'],
    ['POST', '/v1/cards/batches', { count: 0 }, 400, 'bad_request'],
    ['POST', '/v1/cards/batches', { count: 1e9 }, 400, 'bad_request'],
    ['GET', `/v1/members/${nobody}/consents`, undefined, 404, 'member_not_found'],
    ['POST', `/v1/members/${nobody}/consents`, { consents: [] }, 400, 'bad_request'],
    ['POST', `/v1/members/${nobody}/merge`, { absorbed_id: nobody }, 404, 'member_not_found'],
    ['POST', `/v1/members/${nobody}/merge/preview`, { absorbed_id: nobody }, 404, 'member_not_found'],
    ['POST', `/v1/members/${nobody}/unmerge`, { merge_id: nobody }, 404, 'merge_not_found'],
    ['POST', `/v1/members/${nobody}/export`, undefined, 404, 'member_not_found'],
    ['POST', `/v1/members/${nobody}/erase`, { confirm: false }, 400, 'bad_request'],
    ['POST', `/v1/members/${nobody}/erase`, { confirm: true }, 404, 'member_not_found'],
    ['POST', `/v1/members/${nobody}/block`, {}, 400, 'bad_request'],
    ['POST', `/v1/members/${nobody}/unblock`, undefined, 404, 'member_not_found'],
    [
      'PUT',
      '/v1/member-fields',
      { fields: [{ code: 'Ж', type: 'text', label: { ru: 'а', en: 'a' }, personal: true }] },
      400,
      'bad_request',
    ],
    [
      'PUT',
      '/v1/member-fields',
      { fields: [{ code: 'a', type: 'list', label: { ru: 'а', en: 'a' }, personal: true }] },
      422,
      'field_choices_missing',
    ],
  ];

  it.each(rows)('%s %s %j is %s %s', async (...row) => {
    const [method, url, body, status, code] = row;
    const count = async () =>
      (await db.pool.query('select count(*) from platform.fact union all select count(*) from members.identity')).rows;
    const before = await count();
    expect(await call(method, url, body)).toMatchObject({ status, body: { code } });
    expect(await count()).toEqual(before);
  });

  it('every route asks for a key and for its scope', async () => {
    for (const { contract } of mountMembers(membersDeps(db, clock)).routes) {
      const url = contract.path.replaceAll(/:\w+/g, nobody);
      const body = contract.body === undefined ? undefined : {};
      expect(await call(contract.method, url, body, 'stranger')).toMatchObject({ status: 401 });
      expect(await call(contract.method, url, body, 'checkout')).toMatchObject({ status: 403 });
      if (contract.scope === 'members:read') continue;
      expect(await call(contract.method, url, body, 'reader')).toMatchObject({ status: 403 });
    }
  });
});
