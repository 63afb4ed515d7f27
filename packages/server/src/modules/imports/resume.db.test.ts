// An import that is stopped, repeated, and undone.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { generatedMapping, generateReceipts } from '#test/generate-receipts.ts';
import { type House, openHouse } from '#test/house.ts';
import { importFile, sendFile, work } from '#test/imports.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ start: '2026-11-22T12:00' });
  await house.publish({
    tiers: { list: [{ code: 'base', name: { ru: 'Все', en: 'All' }, rank: 1, earn_rate: '5', conditions: null }] },
  });
  await house.shop('site');
});
afterEach(() => house.close());

async function rows<Row extends object>(sql: string): Promise<Row[]> {
  return (await house.foundation.db.pool.query<Row>(sql)).rows;
}

async function figures(): Promise<Record<string, number>> {
  const [row] = await rows<Record<string, bigint>>(
    `select (select count(*) from checkout.receipt where origin = 'replay') as receipts, (select sum(shelf)::bigint from checkout.receipt) as sum,
       (select count(distinct split_part(external_id, '#', 1)) from checkout.return) as returns,
       (select count(*) from members.member) as members, (select count(*) from standing.standing) as standings,
       (select count(*) from imports.touched) as touched`,
  );
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
}

it('stopped by its button it goes on when asked again, and the same file a second time changes nothing', async () => {
  const generated = generateReceipts(1_200, 12);
  const id = await sendFile(house, { mapping: generatedMapping, file: generated.file });
  await house.ok('POST', `/v1/imports/${id}/run`);
  await house.ok('POST', `/v1/imports/${id}/stop`);
  await house.runDue();
  expect(await house.ok('GET', `/v1/imports/${id}`)).toMatchObject({ status: 'stopped' });
  expect((await figures())['receipts']).toBe(0);
  expect(await work(house, id, 'run')).toMatchObject({ status: 'done' });
  const again = await importFile(house, { mapping: generatedMapping, file: generated.file });
  expect(again).toMatchObject({ status: 'done', made: { repeated: 1_200 } });
}, 60_000);

it('one at a time: a second import waits for the first', async () => {
  const first = await sendFile(house, { mapping: generatedMapping, file: generateReceipts(200, 13).file });
  const second = await sendFile(house, { mapping: generatedMapping, file: generateReceipts(200, 14).file });
  for (const id of [first, second]) await house.ok('POST', `/v1/imports/${id}/run`);
  const imports = house.kopilka.modules.find(({ name }) => name === 'imports');
  const poke = () => imports?.dueWork?.[0]?.runDue(house.clock.now());
  const did = await Promise.all([poke(), poke()]);
  expect(did.toSorted((a = 0, b = 0) => a - b)).toEqual([0, 1]);
});

it('undone, every table is as it was', async () => {
  await importFile(house, { mapping: generatedMapping, file: generateReceipts(300, 15).file, mode: 'replay' });
  const before = await wholeDatabase();
  const later = await sendFile(house, {
    mapping: {
      ...generatedMapping,
      fields: { ...generatedMapping.fields, receipt_id: { columns: ['receipt', 'at'], join: ' ' } },
    },
    file: generateReceipts(400, 16).file,
    mode: 'replay',
  });
  expect(await work(house, later, 'run')).toMatchObject({ status: 'done', problems: [] });
  expect(await wholeDatabase()).not.toEqual(before);
  const undone = await work(house, later, 'undo');
  expect(undone).toMatchObject({ status: 'undone' });
  expect(await wholeDatabase()).toEqual(before);
  expect(await house.auditProblems()).toEqual([]);
}, 60_000);

it('who has bought since is kept, with the reason counted', async () => {
  const generated = generateReceipts(60, 17);
  const id = await sendFile(house, { mapping: generatedMapping, file: generated.file });
  await work(house, id, 'run');
  house.clock.advance({ minutes: 5 });
  const [one] = await rows<{ value: string }>(
    "select value from members.identity where kind = 'external:old' order by value limit 1",
  );
  const member = { identity: { kind: 'external:old', value: one?.value } };
  const lines = [{ sku: 'A', quantity: 1_000, sum: 10_000 }];
  await house.ok('POST', '/v1/checkout/confirm', { id: 'live-1', shop: 'site', member, lines });
  const undone = await work(house, id, 'undo');
  expect(undone).toMatchObject({ status: 'partly_undone', made: { kept_bought_since: 1 } });
  expect(await rows('select member_id from members.member')).toHaveLength(1);
  expect(await house.auditProblems()).toEqual([]);
});

/** Every member's rows, in every table that a module's part names. Facts on their way and the imports' own notes are not part of it. */
async function wholeDatabase(): Promise<Record<string, unknown>> {
  const tables = house.kopilka.modules
    .flatMap(({ part }) => part?.tables ?? [])
    .filter((table) => !table.startsWith('imports.'));
  const content: Record<string, unknown> = {};
  for (const table of tables) {
    const found = await rows<{ row: string }>(`select to_jsonb(kept)::text as row from ${table} kept order by 1`);
    content[table] = found.map(({ row }) => row);
  }
  return content;
}
