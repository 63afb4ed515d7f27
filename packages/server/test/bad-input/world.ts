// A small chain in which every route has something to work on, and one good call of each route.
import type { RouteContract } from '@kopilka/contract';
import { type Answer, type CallOptions, type House, type HouseOptions, openHouse } from '../house.ts';
import {
  accessCalls,
  catalogCalls,
  type GoodCall,
  membersCalls,
  type People,
  type PeopleThings,
  pointsCalls,
} from './good-calls.ts';
import { checkoutCalls, importCalls, programCalls, programDocument, sale } from './good-calls-at-work.ts';

export interface World {
  readonly house: House;
  /** By route name: "GET /v1/members/:memberId". */
  readonly good: ReadonlyMap<string, GoodCall>;
}

async function fill(house: House): Promise<People> {
  await house.shop('main', { inn: '7707083893' });
  await house.shop('old');
  await house.ok('PUT', '/v1/categories/care', { name: 'Уход' });
  await house.ok('PUT', '/v1/categories/empty', { name: 'Пусто' });
  await house.product('CREAM', 100_000, { category_code: 'care', brand: 'Ромашка' });
  await house.product('OLD', 100);
  await house.publish(programDocument);
  const members = {
    anna: await house.member('+79160000001', { test: false }),
    boris: await house.member('+79160000002'),
    vera: await house.member('+79160000003'),
    gleb: await house.member('+79160000004'),
    dina: await house.member('+79160000005'),
    egor: await house.member('+79160000006'),
    zoya: await house.member('+79160000007'),
  };
  await house.ok('POST', `/v1/members/${members.anna}/points`, { kind: 'grant', points: 5000, reason: 'для проверки' });
  return members;
}

export async function openWorld(options: HouseOptions = {}): Promise<World> {
  const house = await openHouse(options);
  const members = await fill(house);
  const phone = { phone: '+79160000001' };
  const sold = async (id: string, more: object = {}) =>
    house.ok('POST', '/v1/checkout/confirm', { ...sale, id, member: phone, ...more });
  for (const id of ['S-RETURN', 'S-EXCHANGE', 'S-FISCAL']) await sold(id);
  await house.ok('POST', '/v1/checkout/confirm', { ...sale, id: 'S-CLAIM' });
  for (const id of ['H-EDIT', 'H-CANCEL', 'H-QUOTE'])
    await house.ok('POST', '/v1/checkout/hold', { ...sale, id, member: phone, redeem: 10 });
  await house.ok('POST', '/v1/checkout/confirm', { ...sale, id: 'S-OLD', at: '2025-12-01T10:00:00Z', paid: true });
  const good = new Map<string, GoodCall>();
  const all = [
    await accessCalls(house),
    membersCalls(members, await peopleThings(house, members)),
    catalogCalls(await feedRun(house)),
    pointsCalls(members.anna),
    await programCalls(house, members.anna),
    checkoutCalls(members.anna),
    await importCalls(house),
  ];
  for (const calls of all) for (const [name, call] of Object.entries(calls)) good.set(name, call);
  return { house, good };
}

async function peopleThings(house: House, people: People): Promise<PeopleThings> {
  const merged = await house.ok('POST', `/v1/members/${people.gleb}/merge`, { absorbed_id: people.dina });
  const batch = await house.ok('POST', '/v1/cards/batches', { count: 3 });
  const card = await house.ok('POST', `/v1/members/${people.anna}/cards`, {});
  const second = await house.ok('POST', `/v1/members/${people.boris}/cards`, {});
  const telegram = { kind: 'telegram', value: '123456789' };
  const identity = await house.ok('POST', `/v1/members/${people.anna}/identities`, telegram);
  return {
    mergeId: merged['merge_id'],
    batchId: batch['batch_id'],
    cardId: card['identity_id'],
    otherCardId: second['identity_id'],
    telegramId: identity['identity_id'],
  };
}

async function feedRun(house: House): Promise<string> {
  await house.ok('PUT', '/v1/feeds/prices', {
    name: 'Цены',
    kind: 'csv',
    source: { kind: 'file', path: 'there-is-no-such-file.csv' },
    options: { columns: { sku: 'sku', name: 'name' } },
  });
  await house.ok('POST', '/v1/feeds/prices/run');
  await house.runDue();
  const runs = await house.ok('GET', '/v1/feeds/prices/runs');
  return runs['items'][0].run_id;
}

/** An id that nothing has. */
export const nobody = '00000000-0000-4000-8000-00000000dead';

/** How a route with its good call is sent; parts may be replaced by bad ones. */
export interface Asked {
  readonly name: string;
  readonly contract: RouteContract;
  readonly good: GoodCall;
}

/** Every route of the wiring with its good call. A route without one is a mistake of this folder. */
export function everyRoute({ house, good }: World): Asked[] {
  return house.kopilka.routes.map(({ contract }) => {
    const name = `${contract.method} ${contract.path}`;
    const call = good.get(name);
    if (call === undefined) throw new Error(`good-calls.ts has no call of ${name}`);
    return { name, contract, good: call };
  });
}

export function pathOf({ contract, good }: Pick<Asked, 'contract' | 'good'>): string {
  const path = contract.path.replaceAll(/:(\w+)/g, (_match, name: string) =>
    encodeURIComponent(good.params?.[name] ?? ''),
  );
  return good.query === undefined ? path : `${path}?${new URLSearchParams(good.query).toString()}`;
}

export async function send(house: House, asked: Asked, options: CallOptions = {}): Promise<Answer> {
  const { contract, good } = asked;
  if (good.file === undefined) return house.call(contract.method, pathOf(asked), good.body, options);
  const headers = { 'content-type': 'text/csv', ...options.headers };
  return house.call(contract.method, pathOf(asked), good.file, { ...options, headers });
}

/** One line per table: how many rows, who wrote them. Any insert, update or delete changes it. */
async function fingerprint(house: House): Promise<ReadonlyMap<string, string>> {
  const { pool } = house.foundation.db;
  const tables = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema', 'pgboss') order by 1`,
  );
  const each = tables.rows.map(({ name }) => `select '${name}' as name, ${rowsOf(name)} as rows from ${name}`);
  const found = await pool.query<{ name: string; rows: string }>(each.join(' union all '));
  return new Map(found.rows.map((row) => [row.name, row.rows]));
}

/** When a key was last used is kept in the background, for refused requests too. */
function rowsOf(table: string): string {
  if (table === 'access.api_key') return `md5(string_agg((to_jsonb(api_key) - 'last_used_at')::text, ' ' order by id))`;
  return `concat_ws(' ', count(*), sum(xmin::text::bigint), max(ctid::text))`;
}

/** What is wrong with an answer that should be this problem; '' when nothing is. */
export function notTheProblem(answer: Answer, status: number, code: string): string {
  const { body, headers } = answer;
  const isProblem =
    String(headers['content-type']).startsWith('application/problem+json') &&
    body['type'] === `https://kopilka.dev/problems/${code}` &&
    typeof body['title'] === 'string' &&
    body['status'] === status &&
    typeof body['request_id'] === 'string';
  if (answer.status === status && body['code'] === code && isProblem) return '';
  return `answered ${answer.status} ${JSON.stringify(body).slice(0, 300)}`;
}

/** A success, a bad_request, or a refusal the contract lists; '' when the answer is one of them. */
export function notByContract(contract: RouteContract, answer: Answer): string {
  if (answer.status < 300) return '';
  const code = String(answer.body['code']);
  const status = code === 'bad_request' ? 400 : contract.refusals[code];
  if (status !== undefined) return notTheProblem(answer, status, code);
  return `answered ${answer.status} ${JSON.stringify(answer.body)}`;
}

const mistakesShown = 20;

/** What the work says was wrong, and every table it wrote to: nothing, when all was refused. */
export async function wrongWith(house: House, work: () => Promise<readonly string[]>): Promise<string[]> {
  const before = await fingerprint(house);
  const mistakes = await work();
  const after = await fingerprint(house);
  const written = [...after].filter(([table, rows]) => before.get(table) !== rows);
  return [...mistakes.slice(0, mistakesShown), ...written.map(([table]) => `${table} was written`)];
}
