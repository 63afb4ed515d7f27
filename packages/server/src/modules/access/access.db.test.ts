import type { FastifyInstance } from 'fastify';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { virtualClock } from '#platform/clock.ts';
import { inTransaction, openDatabase, statement } from '#platform/db.ts';
import { type JoinableDatabase, joinable } from '#platform/db-joined.ts';
import type { Caller } from '#platform/http/caller.ts';
import { createServer } from '#platform/http/server.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { idMaker, systemRandom } from '#platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { createApiKey, recordAudit, revokeApiKey } from './index.ts';
import { mountAccess } from './mount.ts';

const clock = virtualClock(Temporal.Instant.from('2026-03-01T10:00:00Z'));
const newId = idMaker(clock, systemRandom());
const random = systemRandom();
const owner: Caller = {
  kind: 'cli',
  id: 'root',
  name: 'root',
  integration: 'cli',
  scopes: new Set(),
  shopIds: null,
  test: false,
};
const stored = statement<{ row: string }>('test.stored_keys', 'select t::text as row from access.api_key as t');

let test: TestDatabase;
let db: JoinableDatabase;
let server: FastifyInstance;
let access: ReturnType<typeof mountAccess>['access'];
let ownerKey: string;

function mount(on: JoinableDatabase) {
  return mountAccess({ db: on, clock, newId, random, log: createLog({ level: 'silent' }) });
}

beforeAll(async () => {
  test = await createTestDatabase();
  db = joinable(openDatabase({ url: test.url, poolSize: 4 }));
  const mounted = mount(db);
  access = mounted.access;
  server = createServer({
    routes: mounted.routes,
    authenticate: (authorization, now) => access.keyring.authenticate(authorization, now),
    db,
    clock,
    newId,
    log: createLog({ level: 'silent' }),
    metrics: createMetrics(),
    ready: async () => ({ ok: true, checks: {} }),
    bodyLimitBytes: 100_000,
    rateLimitPerMinute: 0,
    version: '0.0.0',
  });
  ownerKey = (await make({ name: 'owner', scopes: ['admin'] })).key;
});

afterAll(async () => {
  await server.close();
  await db.close();
  await test.drop();
});

function make(part: { name: string; scopes: string[]; shopIds?: string[]; test?: boolean }) {
  const { name, scopes, shopIds = null, test: isTest = false } = part;
  return createApiKey(access, {
    name,
    scopes,
    shopIds,
    test: isTest,
    integration: 'main',
    caller: owner,
    now: clock.now(),
  });
}

function call(method: 'GET' | 'POST' | 'DELETE', url: string, sent: { key?: string; body?: object } = {}) {
  const headers = { authorization: `Bearer ${sent.key ?? ownerKey}` };
  return server.inject({ method, url, headers, ...(sent.body === undefined ? {} : { payload: sent.body }) });
}

describe('an API key', () => {
  it('is shown once, kept as a hash, and opens what its scopes name', async () => {
    const made = await call('POST', '/v1/api-keys', {
      body: { name: 'касса', scopes: ['checkout'], integration: 'pos' },
    });
    expect(made.statusCode).toBe(201);
    const { key, api_key: shown } = made.json<{ key: string; api_key: { id: string } }>();
    expect(key).toMatch(/^kpk_[0-9a-f]{32}_[\w-]{43}$/);
    expect(shown).toMatchObject({
      name: 'касса',
      integration: 'pos',
      scopes: ['checkout'],
      shop_ids: null,
      test: false,
    });
    const secret = key.slice(37);
    const rows = (await db.run(stored, [])).map((row) => row.row).join('\n');
    expect(rows).toContain('касса');
    expect(rows).not.toContain(secret);
    expect((await call('GET', '/v1/api-keys')).body).not.toContain(secret);
    expect((await call('GET', '/v1/audit-log')).body).not.toContain(secret);
    expect((await call('GET', '/v1/api-keys', { key })).json()).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('tells the shops it may act for and whether it is for tests', async () => {
    const shopIds = [newId(), newId()];
    const { key } = await make({ name: 'shop', scopes: ['checkout'], shopIds, test: true });
    const caller = await access.keyring.authenticate(`bearer ${key}`, clock.now());
    expect(caller).toMatchObject({ kind: 'api_key', integration: 'main', test: true, shopIds: new Set(shopIds) });
  });

  it.each([
    ['nothing', undefined],
    ['another scheme', 'Basic abc'],
    ['no key of ours', 'Bearer abc'],
    ['a wrong secret', (key: string) => `Bearer ${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`],
    ['an unknown id', (key: string) => `Bearer ${key.replace(/_[0-9a-f]{32}_/, `_${'0'.repeat(32)}_`)}`],
    ['a key and more', (key: string) => `Bearer ${key} ${key}`],
  ])('is not %s', async (_what, header) => {
    const authorization = typeof header === 'function' ? header(ownerKey) : header;
    expect(await access.keyring.authenticate(authorization, clock.now())).toBeNull();
  });

  it('stops at once where it was revoked, within five seconds elsewhere', async () => {
    const made = await make({ name: 'lost', scopes: ['admin'] });
    const elsewhere = mount(db).access.keyring;
    expect(await elsewhere.authenticate(`Bearer ${made.key}`, clock.now())).not.toBeNull();
    const answer = await call('DELETE', `/v1/api-keys/${made.apiKey.id}`);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect((await call('GET', '/v1/api-keys', { key: made.key })).statusCode).toBe(401);
    clock.advance({ seconds: 5 });
    expect(await elsewhere.authenticate(`Bearer ${made.key}`, clock.now())).toBeNull();
    expect((await call('DELETE', `/v1/api-keys/${made.apiKey.id}`)).statusCode).toBe(204);
    expect((await call('DELETE', `/v1/api-keys/${newId()}`)).json()).toMatchObject({
      code: 'api_key_not_found',
      status: 404,
    });
  });

  it('that another process made works within a second', async () => {
    const elsewhere = mount(db).access.keyring;
    expect(await elsewhere.authenticate(`Bearer ${ownerKey}`, clock.now())).not.toBeNull();
    const { key } = await make({ name: 'new', scopes: ['checkout'] });
    clock.advance({ seconds: 1 });
    expect(await elsewhere.authenticate(`Bearer ${key}`, clock.now())).not.toBeNull();
  });

  it('costs no query per request, and strangers at most one a second', async () => {
    let queries = 0;
    const counting: JoinableDatabase = { ...db, run: (query, values) => ((queries += 1), db.run(query, values)) };
    const { keyring } = mount(counting).access;
    for (let request = 0; request < 100; request += 1) await keyring.authenticate(`Bearer ${ownerKey}`, clock.now());
    expect(queries).toBe(1);
    for (let request = 0; request < 100; request += 1) {
      clock.set(clock.now().add({ milliseconds: 10 }));
      const guessed = `kpk_${String(request).padStart(32, '0')}_${'x'.repeat(43)}`;
      expect(await keyring.authenticate(`Bearer ${guessed}`, clock.now())).toBeNull();
    }
    // One more reading after a second; the other is when the owner's key was last used.
    expect(queries).toBeLessThanOrEqual(3);
  });

  it('remembers to the minute when it was last used', async () => {
    const { key, apiKey } = await make({ name: 'used', scopes: ['checkout'] });
    const { keyring } = mount(db).access;
    const usedAt = clock.now();
    await keyring.authenticate(`Bearer ${key}`, usedAt);
    clock.advance({ seconds: 6 });
    await keyring.authenticate(`Bearer ${key}`, clock.now());
    const lastUsed = async () => {
      const { items } = (await call('GET', '/v1/api-keys')).json<{
        items: { id: string; last_used_at: string | null }[];
      }>();
      return items.find((item) => item.id === apiKey.id)?.last_used_at;
    };
    await expect.poll(lastUsed).toBe(clock.now().toString());
  });

  it('lists in pages, newest first', async () => {
    const first = (await call('GET', '/v1/api-keys?limit=2')).json<{ items: { id: string }[]; next_cursor: string }>();
    const second = (await call('GET', `/v1/api-keys?limit=2&cursor=${first.next_cursor}`)).json<{
      items: { id: string }[];
    }>();
    const ids = [...first.items, ...second.items].map((item) => item.id);
    expect(ids).toHaveLength(4);
    expect(ids).toEqual(ids.toSorted().toReversed());
    const bad = await call('GET', '/v1/api-keys?cursor=abc');
    expect(bad.json()).toMatchObject({ code: 'bad_request', field: 'query/cursor' });
  });
});

describe('the audit log', () => {
  it('tells who changed what, when, from what to what', async () => {
    const subject = { kind: 'setting', id: 'point_value' };
    await inTransaction(db, async (tx) => {
      const change = { now: clock.now(), newId, caller: owner, action: 'setting.change', subject };
      await recordAudit(tx, { ...change, before: { value: 100n }, after: { value: 50n } });
    });
    const found = (await call('GET', '/v1/audit-log?subject_kind=setting&subject_id=point_value')).json();
    expect(found).toMatchObject({
      items: [
        {
          at: clock.now().toString(),
          actor: { kind: 'cli', id: 'root', name: 'root' },
          action: 'setting.change',
          subject,
          before: { value: 100 },
          after: { value: 50 },
        },
      ],
      next_cursor: null,
    });
  });

  it('has making and revoking a key, each with its change or not at all', async () => {
    const { apiKey } = await make({ name: 'audited', scopes: ['reports:read'] });
    clock.advance({ seconds: 1 });
    await revokeApiKey(access, { keyId: apiKey.id, caller: owner, now: clock.now() });
    await revokeApiKey(access, { keyId: apiKey.id, caller: owner, now: clock.now() });
    const { items } = (await call('GET', `/v1/audit-log?subject_id=${apiKey.id}`)).json<{
      items: { action: string }[];
    }>();
    expect(items.map((item) => item.action)).toEqual(['api_key.revoke', 'api_key.create']);
  });

  it('keeps no entry of a change that was rolled back', async () => {
    const subject = { kind: 'setting', id: 'undone' };
    const work = inTransaction(db, async (tx) => {
      await recordAudit(tx, {
        now: clock.now(),
        newId,
        caller: owner,
        action: 'setting.change',
        subject,
        before: null,
        after: {},
      });
      throw new Error('the change failed');
    });
    await expect(work).rejects.toThrow('the change failed');
    expect((await call('GET', '/v1/audit-log?subject_id=undone')).json()).toEqual({ items: [], next_cursor: null });
  });

  it('is narrowed by time and action', async () => {
    const from = clock.now().add({ seconds: 1 });
    clock.advance({ seconds: 2 });
    await make({ name: 'late', scopes: ['checkout'] });
    const query = new URLSearchParams({ action: 'api_key.create', from: from.toString() });
    const found = (await call('GET', `/v1/audit-log?${query.toString()}`)).json<{
      items: { after: { name: string } }[];
    }>();
    expect(found.items.map((item) => item.after.name)).toEqual(['late']);
    const until = new URLSearchParams({ from: from.toString(), until: from.toString() });
    expect((await call('GET', `/v1/audit-log?${until.toString()}`)).json()).toMatchObject({ items: [] });
  });
});
