// Mautic #7190, #2585, #4769: imports that freeze or stop midway. Here one is killed at any place and goes on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type GeneratedReceipts, generatedMapping, generateReceipts } from '#test/generate-receipts.ts';
import { type House, openHouse } from '#test/house.ts';
import { sendFile, work } from '#test/imports.ts';

const child = fileURLToPath(new URL('../import-process.ts', import.meta.url));

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

function expected(generated: GeneratedReceipts): Record<string, unknown> {
  const { receipts, returns, members, sum } = generated;
  return { receipts, returns, members, standings: members, sum };
}

const startsMax = 20;

/**
 * Runs the import in a process of its own and kills it as soon as the condition holds. A process that ends by itself found the lock of the one
 * killed before it: PostgreSQL notices a dead client a moment later. It is started again.
 */
async function killWhen(id: string, condition: string): Promise<void> {
  for (let starts = 0; starts < startsMax; starts += 1) {
    if (await killOnce(id, condition)) return;
    await pause(100);
  }
  throw new Error(`it never came to ${condition}`);
}

async function killOnce(id: string, condition: string): Promise<boolean> {
  const running = spawn(process.execPath, [child, house.url, id, house.foundation.config.dataDir], {
    stdio: 'inherit',
  });
  const ended = once(running, 'exit');
  let isReached = false;
  while (!isReached && running.exitCode === null) {
    const [found] = await rows<{ reached: boolean }>(
      `select ${condition} as reached from imports.import where import_id = '${id}'`,
    );
    isReached = found?.reached === true;
    if (!isReached) await pause(2);
  }
  running.kill('SIGKILL');
  await ended;
  return isReached;
}

it('killed while reading and while applying, it loses nothing and doubles nothing', async () => {
  const generated = generateReceipts(2_500, 11);
  const id = await sendFile(house, { mapping: generatedMapping, file: generated.file, mode: 'replay' });
  await house.ok('POST', `/v1/imports/${id}/run`);
  for (const place of ["step = 'reading'", "step = 'applying' and finished > 0", 'finished > 1000']) {
    await killWhen(id, place);
  }
  const one = await work(house, id, 'run');
  expect(one).toMatchObject({ status: 'done', problems: [], progress: { total: 2_500, finished: 2_500 } });
  expect(await figures()).toMatchObject(expected(generated));
  expect(one['made']).toMatchObject({ receipts: generated.receipts, returns: generated.returns });
  expect(await house.auditProblems()).toEqual([]);
}, 60_000);
