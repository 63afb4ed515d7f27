// The whole product over a database and a clock of its own, spoken to over HTTP as a POS does: for stories, cases and the simulation.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Scope, scopes } from '@kopilka/contract';
import { Temporal } from 'temporal-polyfill';
import { createApiKey } from '#modules/access/index.ts';
import { type AuditProblem, audit } from '#modules/ledger/index.ts';
import type { ProgramDocumentInput } from '#modules/program/index.ts';
import { type VirtualClock, virtualClock } from '#platform/clock.ts';
import { parseConfig } from '#platform/config.ts';
import { openDatabase } from '#platform/db.ts';
import { joinable } from '#platform/db-joined.ts';
import type { Foundation } from '#platform/foundation.ts';
import { createServer } from '#platform/http/server.ts';
import { createLog, type Logger } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { openPorts, type Ports } from '../src/wiring/ports.ts';
import { type Kopilka, mountAll } from '../src/wiring.ts';
import { createTestDatabase } from './database.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into by tests, not by types
export type Json = Readonly<Record<string, any>>;

export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface CallOptions {
  readonly key?: string | null;
  readonly language?: 'ru' | 'en';
  readonly headers?: Readonly<Record<string, string>>;
}

export interface House {
  readonly clock: VirtualClock;
  readonly foundation: Foundation;
  readonly kopilka: Kopilka;
  /** What purchases read from memory. */
  readonly ports: Ports;
  readonly url: string;
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  /** The same, and the answer has to be a success. */
  ok(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Json>;
  /** A file as the body. */
  sendBytes(method: string, path: string, file: string | Uint8Array): Promise<Answer>;
  key(more?: {
    scopes?: readonly Scope[];
    shopIds?: readonly string[];
    test?: boolean;
    integration?: string;
  }): Promise<string>;
  /** Replaces the draft and publishes it; answers the version. */
  publish(document: Omit<ProgramDocumentInput, 'format' | 'name'> & { name?: string }): Promise<number>;
  shop(code: string, more?: Json): Promise<Json>;
  product(sku: string, price: number, more?: Json): Promise<Json>;
  member(phone: string, more?: Json): Promise<string>;
  balance(memberId: string): Promise<Json>;
  /** Everything whose time has come, as the worker does. */
  runDue(): Promise<void>;
  /** To a local time such as 2026-12-18T09:00 in Moscow, running due work on the way at the end of it. */
  goTo(local: string, zone?: string): Promise<void>;
  auditProblems(): Promise<AuditProblem[]>;
  close(): Promise<void>;
}

export const houseZone = 'Europe/Moscow';

function isJson(contentType: unknown): boolean {
  return typeof contentType === 'string' && /^application\/(?:problem\+)?json/.test(contentType);
}

function asPayload(body: string | Uint8Array): string | Buffer {
  return typeof body === 'string' ? body : Buffer.from(body);
}

export function at(local: string, zone: string = houseZone): Temporal.Instant {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant();
}

export interface HouseOptions {
  /** Local Moscow time the story begins at. */
  readonly start?: string;
  readonly seed?: number;
  readonly poolSize?: number;
  /** Silent when left out. */
  readonly log?: Logger;
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'kopilka-house-'));
  const config = parseConfig({ KOPILKA_TIME_ZONE: houseZone, KOPILKA_DATA_DIR: dataDir });
  if (!config.ok) throw new Error(config.refusal.details.problems.join('\n'));
  const clock = virtualClock(at(options.start ?? '2026-03-02T12:00'));
  const random = seededRandom(options.seed ?? 7);
  const db = joinable(openDatabase({ url: database.url, poolSize: options.poolSize ?? 8 }));
  const log = options.log ?? createLog({ level: process.env['KOPILKA_TEST_LOG'] === undefined ? 'silent' : 'error' });
  const foundation: Foundation = {
    config: config.value,
    secret: 'a secret of the tests only, 32 long',
    db,
    clock,
    random,
    newId: idMaker(clock, random),
    log,
    metrics: createMetrics(),
  };
  const ports = await openPorts(foundation);
  const kopilka = mountAll(foundation, ports);
  const server = createServer({
    routes: kopilka.routes,
    authenticate: kopilka.authenticate,
    db,
    clock,
    newId: foundation.newId,
    log,
    metrics: foundation.metrics,
    ready: () => Promise.resolve({ ok: true, checks: {} }),
    bodyLimitBytes: 16 * 1024 * 1024,
    rateLimitPerMinute: 0,
    version: 'test',
  });
  await server.ready();
  const caller = {
    kind: 'cli',
    id: 'test',
    name: 'test',
    integration: 'pos',
    scopes: new Set(scopes),
    shopIds: null,
    test: false,
  } as const;
  const makeKey: House['key'] = async (more = {}) => {
    const asked = {
      name: 'test',
      integration: more.integration ?? 'pos',
      scopes: [...(more.scopes ?? ['admin'])],
      shopIds: more.shopIds ? [...more.shopIds] : null,
      test: more.test ?? false,
    };
    return (await createApiKey(kopilka.access, { ...asked, caller, now: clock.now() })).key;
  };
  const owner = await makeKey();
  const call: House['call'] = async (method, path, body, { key = owner, language = 'en', headers = {} } = {}) => {
    const response = await server.inject({
      method: method as 'POST',
      url: path,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        'accept-language': language,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { payload: typeof body === 'string' || body instanceof Uint8Array ? asPayload(body) : JSON.stringify(body) }),
    });
    return {
      status: response.statusCode,
      // A file (text/csv) is no JSON.
      body: isJson(response.headers['content-type']) ? (JSON.parse(response.body) as Json) : {},
      headers: response.headers,
    };
  };
  const ok: House['ok'] = async (...asked) => {
    const answer = await call(...asked);
    if (answer.status >= 300)
      throw new Error(`${asked[0]} ${asked[1]} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const runDue = async () => {
    for (const work of kopilka.dueWork) {
      // A chunk a call, until there is none.
      while ((await work.runDue(clock.now())) > 0);
    }
  };
  return {
    clock,
    foundation,
    kopilka,
    ports,
    url: database.url,
    call,
    ok,
    sendBytes: (method, path, file) => call(method, path, file, { headers: { 'content-type': 'text/csv' } }),
    key: makeKey,
    publish: async (document) => {
      await ok('PUT', '/v1/program/draft', { document: { format: 1, name: 'story', ...document } });
      const published = await ok('POST', '/v1/program/publish', { comment: 'story' });
      return published['version'] as number;
    },
    shop: (code, more = {}) => ok('PUT', `/v1/shops/${code}`, { name: code, zone: houseZone, channel: 'pos', ...more }),
    product: (sku, price, more = {}) => ok('PUT', `/v1/products/${sku}`, { name: sku, price, ...more }),
    member: async (phone, more = {}) =>
      (await ok('POST', '/v1/members', { identities: [{ kind: 'phone', value: phone }], ...more }))['member']
        .member_id as string,
    balance: (memberId) => ok('GET', `/v1/members/${memberId}/balance`),
    runDue,
    goTo: async (local, zone = houseZone) => {
      clock.set(at(local, zone));
      await runDue();
    },
    auditProblems: async () => {
      const problems: AuditProblem[] = [];
      await audit(db, { onProblem: (problem) => problems.push(problem) });
      return problems;
    },
    close: async () => {
      await server.close();
      ports.stop();
      await db.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
