// One import in a process of its own, to be killed in the middle: `node import-process.ts URL IMPORT DATA_DIR`.
import process from 'node:process';
import type { ImportsDeps } from '#modules/imports/index.ts';
import { workOn } from '#modules/imports/index.ts';
import { systemClock } from '#platform/clock.ts';
import { parseConfig } from '#platform/config.ts';
import { openDatabase } from '#platform/db.ts';
import { joinable } from '#platform/db-joined.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { idMaker, systemRandom } from '#platform/random.ts';
import { openPorts } from '../src/wiring/ports.ts';
import { mountAll } from '../src/wiring.ts';

const [url = '', importId = '', dataDir = ''] = process.argv.slice(2);
const config = parseConfig({ KOPILKA_DATA_DIR: dataDir });
if (!config.ok) throw new Error(config.refusal.details.problems.join('\n'));
const random = systemRandom();
const db = joinable(openDatabase({ url, poolSize: 4 }));
const foundation = {
  ...{ config: config.value, secret: 'a secret of the tests only, 32 long', db, clock: systemClock, random },
  ...{ newId: idMaker(systemClock, random), log: createLog({ level: 'silent' }), metrics: createMetrics() },
};
const ports = await openPorts(foundation);
const mounted = mountAll(foundation, ports).modules.find(({ name }) => name === 'imports');
await workOn((mounted as unknown as { imports: ImportsDeps }).imports, importId, { batches: Number.POSITIVE_INFINITY });
ports.stop();
await db.close();
