import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportsDeps, MappingInput } from '#modules/imports/index.ts';
import { type House, openHouse } from '#test/house.ts';
import { importFile, sendFile, work } from '#test/imports.ts';
import { exportFile } from './service/export.ts';
import { problemFile } from './service/problem-file.ts';

let house: House;
let deps: ImportsDeps;

beforeAll(async () => {
  house = await openHouse({ start: '2026-11-22T12:00' });
  await house.publish({
    tiers: { list: [{ code: 'base', name: { ru: 'Все', en: 'All' }, rank: 1, earn_rate: '5', conditions: null }] },
  });
  await house.shop('main');
  const mounted = house.kopilka.modules.find(({ name }) => name === 'imports');
  deps = (mounted as unknown as { imports: ImportsDeps }).imports;
});
afterAll(() => house.close());

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function problemsOf(id: string): Promise<Buffer> {
  const found = await problemFile(deps, id);
  if (!found.ok) throw new Error(found.refusal.code);
  return bytesOf(found.value);
}

const receipts: MappingInput = {
  kind: 'receipts',
  zone: 'Europe/Moscow',
  unknown_member: 'anonymous',
  fields: { receipt_id: 'id', at: 'at', shop: 'shop', phone: 'phone', sku: 'sku', quantity: 'qty', price: 'price' },
};

async function count(table: string): Promise<number> {
  const result = await house.foundation.db.pool.query<{ count: bigint }>(`select count(*) as count from ${table}`);
  return Number(result.rows[0]?.count);
}

describe('rows that are not taken', () => {
  const head = 'id,at,shop,phone,sku,qty,price\n';
  const good = '1,2026-01-05 10:00,main,,A,1,10.00\n';
  const bad = [
    '2,2026-01-05 11:00,main,,"A, large",1,10.00\n',
    '2,2026-01-05 11:00,main,,B,one,10.00\n',
    '3,2026-01-05 12:00,main,112,A,1,10.00\n',
    '4,2026-01-05 12:00,nowhere,,A,1,10.00\n',
  ];

  it('a receipt is taken whole or not at all; its rows come back with reasons, and corrected they are taken', async () => {
    const id = await sendFile(house, { mapping: receipts, file: head + good + bad.join('') });
    const dry = await work(house, id, 'dry-run');
    expect(dry).toMatchObject({
      status: 'ready',
      found: { rows: 5, accepted: 2, problems: 3, receipts: 2, sum: 2_000 },
    });
    expect(await count('checkout.receipt')).toBe(0);
    const one = await work(house, id, 'run');
    expect(one['made']).toEqual({ receipts: 1, receipts_refused: 1, problems: 1 });
    const codes = (one['problems'] as { code: string; first_rows: number[] }[]).map(({ code, first_rows: rows }) => [
      code,
      rows,
    ]);
    expect(codes.toSorted(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
      ['not_a_number', [4]],
      ['phone_too_short', [5]],
      ['receipt_has_problem', [3]],
      ['shop_unknown', [6]],
    ]);
    const file = (await problemsOf(id)).toString('utf8');
    expect(file.split('\n')[0]).toBe('id,at,shop,phone,sku,qty,price,kopilka_row,kopilka_problem,kopilka_detail');
    expect(file).toContain('2,2026-01-05 11:00,main,,"A, large",1,10.00,3,receipt_has_problem,');
    const corrected = file.replace(',one,', ',1,').replace(',112,', ',,').replace('nowhere', 'main');
    expect(await importFile(house, { mapping: receipts, file: corrected })).toMatchObject({
      status: 'done',
      problems: [],
      made: { receipts: 3 },
    });
    expect(await count('checkout.receipt')).toBe(4);
  });

  it('in the encoding and the columns they came in', async () => {
    const mapping: MappingInput = {
      kind: 'members',
      format: { type: 'delimited', delimiter: ';', encoding: 'windows-1251' },
      fields: { phone: 'Телефон', first_name: 'Имя' },
    };
    const text = 'Телефон;Имя\n112;Жанна\n+7 916 000-00-01;Ёлка\n';
    const decoder = new TextDecoder('windows-1251');
    const table = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
    const id = await sendFile(house, { mapping, file: Uint8Array.from(text, (letter) => table.get(letter) ?? 63) });
    expect(await work(house, id, 'run')).toMatchObject({
      status: 'done',
      made: { members_made: 1 },
      found: { problems: 1 },
    });
    const lines = decoder.decode(await problemsOf(id)).split('\n');
    expect(lines[1]).toMatch(/^112;Жанна;2;phone_too_short;/);
    const found = await house.foundation.db.pool.query<{ first_name: string }>('select first_name from members.member');
    expect(found.rows[0]?.first_name).toBe('Ёлка');
  });

  it('exact repetitions are dropped when the mapping says so, and kept when it does not', async () => {
    const file = `${head}11,2026-01-06 10:00,main,,A,1,10.00\n11,2026-01-06 10:00,main,,A,1,10.00\n`;
    const found = async (duplicates: 'keep' | 'drop') =>
      (await work(house, await sendFile(house, { mapping: { ...receipts, duplicates }, file }), 'dry-run'))['found'];
    expect(await found('drop')).toMatchObject({ duplicates: 1, accepted: 1, sum: 1_000 });
    expect(await found('keep')).toMatchObject({ duplicates: 0, accepted: 2, sum: 2_000 });
  });

  it('a file that is not what the mapping says ends with a sentence', async () => {
    const failed = async (mapping: MappingInput, file: string) =>
      (await importFile(house, { mapping, file }))['failure'];
    expect(await failed(receipts, 'a,b\n1,2\n')).toMatch(/^the file has no column “\w+”; it has a, b$/);
    expect(await failed(receipts, `${head}1,"2`)).toBe('the file ends inside a quote');
    expect(await failed(receipts, '')).toBe('the file has no header');
  });
});

describe('opening lots', () => {
  const lots: MappingInput = {
    kind: 'lots',
    fields: { phone: 'phone', points: 'points', starts_at: 'start', burns_at: 'burn', inactivity_days: 'days' },
  };
  const { burns_at: _burn, ...byDays } = lots.fields;
  const { inactivity_days: _days, ...byDate } = lots.fields;

  it('R9: lots of an inactivity term are refused while nobody said when their member last bought', async () => {
    const memberId = await house.member('+79160000011');
    const file = 'phone,points,start,days\n+79160000011,100,2024-01-01,365\n';
    const refused = await importFile(house, { mapping: { ...lots, fields: byDays }, file });
    expect(refused['problems']).toMatchObject([{ code: 'would_burn_at_once' }]);
    const progress: MappingInput = {
      kind: 'progress',
      fields: { phone: 'phone', last_purchase_at: 'last', inactivity_days: 'days' },
    };
    await importFile(house, { mapping: progress, file: 'phone,last,days\n+79160000011,2026-10-01,365\n' });
    expect(await importFile(house, { mapping: { ...lots, fields: byDays }, file })).toMatchObject({
      made: { lots: 1 },
      problems: [],
    });
    expect(await house.balance(memberId)).toMatchObject({ available: 100 });
  });

  it('R5: undone by entry; a lot that was used stays', async () => {
    const [first, second] = [await house.member('+79160000021'), await house.member('+79160000022')];
    const file =
      'phone,points,start,burn\n+79160000021,100,2026-01-01,2030-01-01\n+79160000022,50,2026-01-01,\n+79160000023,5,,\n+79160000021,-5,,\n';
    const id = await sendFile(house, { mapping: { ...lots, fields: byDate }, file });
    const one = await work(house, id, 'run');
    expect(one).toMatchObject({ made: { lots: 2 } });
    expect((one['problems'] as { code: string }[]).map(({ code }) => code).sort()).toEqual([
      'member_unknown',
      'points_not_positive',
    ]);
    await house.ok('POST', `/v1/members/${second}/points`, { kind: 'take', points: 10, reason: 'a complaint' });
    const undone = await work(house, id, 'undo');
    expect(undone).toMatchObject({ status: 'partly_undone', made: { undone: 1, kept_used: 1 } });
    expect(await house.balance(first)).toMatchObject({ available: 0 });
    expect(await house.balance(second)).toMatchObject({ available: 40 });
    expect(await house.auditProblems()).toEqual([]);
    expect(await count(`ledger.entry where cause_kind = 'import' and change < 0`)).toBeGreaterThan(0);
  });
});

describe('over HTTP', () => {
  it.each([
    ['POST', '/v1/imports', { kind: 'recipts', mapping: {} }, 400, 'bad_request'],
    ['POST', '/v1/imports', { kind: 'receipts', mapping: { kind: 'receipts', fields: {} } }, 422, 'mapping_invalid'],
    ['GET', '/v1/imports?cursor=x', undefined, 400, 'bad_cursor'],
    ['GET', '/v1/imports/00000000-0000-4000-8000-000000000000', undefined, 404, 'import_not_found'],
    ['POST', '/v1/imports/00000000-0000-4000-8000-000000000000/run', undefined, 404, 'import_not_found'],
    ['PUT', '/v1/imports/00000000-0000-4000-8000-000000000000/file', {}, 415, 'unsupported_media_type'],
    ['PUT', '/v1/imports/00000000-0000-4000-8000-000000000000/file', undefined, 400, 'bad_request'],
    ['GET', '/v1/exports/secrets', undefined, 400, 'bad_request'],
  ] as const)('%s %s %j is answered %s %s', async (...[method, path, body, status, code]) => {
    expect(await house.call(method, path, body)).toMatchObject({ status, body: { code } });
  });

  it('a file is sent once, runs once, and needs its scope', async () => {
    const id = await sendFile(house, { mapping: receipts, file: 'id,at,shop,phone,sku,qty,price\n' });
    expect((await house.sendBytes('PUT', `/v1/imports/${id}/file`, 'x')).body).toMatchObject({ code: 'file_taken' });
    expect(await house.call('POST', `/v1/imports/${id}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_undo' },
    });
    await work(house, id, 'run');
    expect(await house.call('POST', `/v1/imports/${id}/run`)).toMatchObject({
      status: 409,
      body: { code: 'import_done' },
    });
    const key = await house.key({ scopes: ['checkout'] });
    expect(await house.call('GET', '/v1/imports', undefined, { key })).toMatchObject({ status: 403 });
    const list = await house.ok('GET', '/v1/imports?limit=1');
    expect(list['items']).toHaveLength(1);
    expect(await house.ok('GET', `/v1/imports?limit=1&cursor=${list['next_cursor']}`)).not.toEqual(list);
  });

  it('everything goes out as CSV', async () => {
    const caller = {
      kind: 'cli',
      id: 'test',
      name: 'test',
      integration: 'cli',
      scopes: new Set<never>(),
      shopIds: null,
      test: false,
    } as const;
    for (const kind of ['members', 'receipts', 'entries'] as const) {
      const text = (await bytesOf(await exportFile(deps, kind, { caller, now: house.clock.now() }))).toString('utf8');
      expect(text.split('\n')[0]).toContain('member_id');
      expect(text.split('\n').length).toBeGreaterThan(2);
    }
  });
});
