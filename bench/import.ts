// UCI's lines through the program: read, sorted, replayed on their own clock with a tier's rate. Against COPY of the same rows into the same tables
// with their keys, on the same server, in the same run.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { scopes } from '../packages/contract/src/index.ts';
import { putShop } from '../packages/server/src/modules/catalog/index.ts';
import {
  createImport,
  type FileImport,
  type ImportsDeps,
  type MappingInput,
  readImport,
  requestTask,
  workOn,
} from '../packages/server/src/modules/imports/index.ts';
import { publishDraft, saveDraft } from '../packages/server/src/modules/program/index.ts';
import { systemClock } from '../packages/server/src/platform/clock.ts';
import { parseConfig } from '../packages/server/src/platform/config.ts';
import { openDatabase } from '../packages/server/src/platform/db.ts';
import { joinable } from '../packages/server/src/platform/db-joined.ts';
import type { Foundation } from '../packages/server/src/platform/foundation.ts';
import type { Caller } from '../packages/server/src/platform/http/caller.ts';
import { createLog } from '../packages/server/src/platform/log.ts';
import { createMetrics } from '../packages/server/src/platform/metrics.ts';
import { idMaker, systemRandom } from '../packages/server/src/platform/random.ts';
import { openPorts } from '../packages/server/src/wiring/ports.ts';
import { mountAll } from '../packages/server/src/wiring.ts';
import { copySeconds } from '../packages/server/test/copy-tables.ts';
import type { BenchContext } from './context.ts';
import { retailFile } from './import-file.ts';

const mapping: MappingInput = {
  kind: 'receipts',
  zone: 'Europe/London',
  rounding: 'half_up',
  external_system: 'uci',
  unknown_member: 'create',
  fields: {
    receipt_id: 'InvoiceNo',
    at: 'InvoiceDate',
    shop: { constant: 'site' },
    external_id: { column: 'CustomerID', transforms: ['drop_decimal_zero'] },
    sku: 'StockCode',
    quantity: 'Quantity',
    price: 'UnitPrice',
  },
  returns: { column: 'InvoiceNo', starts_with: 'C' },
  skip: [{ column: 'UnitPrice', at_most: '0', reason: 'no price' }],
};

const program = {
  format: 1,
  name: 'bench',
  tiers: { list: [{ code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '5', conditions: null }] },
};

const caller: Caller = {
  ...{ kind: 'cli', id: 'bench', name: 'bench', integration: 'bench' },
  ...{ scopes: new Set(scopes), shopIds: null, test: false },
};

const sampleMilliseconds = 200;

export async function run(context: Pick<BenchContext, 'url' | 'log'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kopilka-bench-import-'));
  const db = joinable(openDatabase({ url: context.url, poolSize: 8 }));
  try {
    const { deps, stop } = await openProduct(db, folder);
    const file = await retailFile(folder);
    context.log(file.isReal ? 'UCI Online Retail' : 'generated lines of the same shape');
    const { seconds, rssBytes, one } = await timed(deps, file.path);
    stop();
    const rows = one.found?.rows ?? 0;
    const speed = rows / seconds;
    context.log(`${rows} lines in ${seconds.toFixed(1)} s: ${JSON.stringify(one.made)}`);
    const copied = await copySeconds(db.pool, deps.memberTables(), folder);
    context.log(`COPY of the same rows: ${copied.toFixed(1)} s`);
    const ratio = copied / seconds;
    return `import ratio=${ratio.toFixed(2)} lines_per_s=${Math.round(speed)} rss_mb=${Math.round(rssBytes / 2 ** 20)}`;
  } finally {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openProduct(db: Foundation['db'], folder: string): Promise<{ deps: ImportsDeps; stop: () => void }> {
  const config = parseConfig({ KOPILKA_DATA_DIR: folder });
  if (!config.ok) throw new Error(config.refusal.details.problems.join('\n'));
  const random = systemRandom();
  const foundation: Foundation = {
    ...{ config: config.value, secret: 'a secret for the bench only, of 32 letters or more' },
    ...{ db, clock: systemClock, random, newId: idMaker(systemClock, random) },
    ...{ log: createLog({ level: 'silent' }), metrics: createMetrics() },
  };
  const ports = await openPorts(foundation);
  const kopilka = mountAll(foundation, ports);
  const now = systemClock.now();
  await saveDraft(kopilka.program, { document: program, caller, now });
  const published = await publishDraft(kopilka.program, { comment: 'bench', caller, now });
  if (!published.ok) throw new Error(JSON.stringify(published.refusal));
  const catalog = { db, clock: systemClock, newId: foundation.newId, catalog: ports.catalog };
  await putShop(catalog, { code: 'site', name: 'Site', zone: 'Europe/London', channel: 'site' }, caller);
  const mounted = kopilka.modules.find(({ name }) => name === 'imports') as { imports: ImportsDeps } | undefined;
  if (mounted === undefined) throw new Error('imports is not mounted');
  return { deps: mounted.imports, stop: ports.stop };
}

/** From the first byte of the file to the last commit; memory is this process's at its highest. */
async function timed(deps: ImportsDeps, path: string): Promise<{ seconds: number; rssBytes: number; one: FileImport }> {
  const now = systemClock.now();
  const size = await stat(path);
  const kept = { path, bytes: size.size, digest: (await deps.files.digest(path)).digest };
  const asked = { kind: 'receipts', mode: 'replay', mapping, fileName: 'retail', file: kept, caller, now } as const;
  const made = await createImport(deps, asked);
  if (!made.ok) throw new Error(JSON.stringify(made.refusal));
  const { importId } = made.value;
  let rssBytes = 0;
  const sampling = setInterval(() => {
    rssBytes = Math.max(rssBytes, process.memoryUsage.rss());
  }, sampleMilliseconds);
  const started = performance.now();
  try {
    await requestTask(deps, { importId, task: 'run', dueAt: null, caller, now });
    await workOn(deps, importId, { batches: Number.POSITIVE_INFINITY });
  } finally {
    clearInterval(sampling);
  }
  const seconds = (performance.now() - started) / 1_000;
  const one = await readImport(deps, importId);
  if (!one.ok || one.value.status !== 'done') throw new Error(`the import ended as ${JSON.stringify(one)}`);
  return { seconds, rssBytes, one: one.value };
}
