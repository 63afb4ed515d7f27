// Kysely's types of the migrated database: `node tools/database-types.mjs` writes the file, a db test tells whether it is fresh.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startEmbedded } from '../packages/server/src/platform/embedded.ts';
import { migrate } from '../packages/server/src/platform/migrate.ts';
import { repository } from './files.mjs';

export const databaseTypesFile = 'packages/server/src/platform/database.gen.ts';

/** What packages/server/src/platform/db-values.ts makes of these columns. */
const typeMapping = { int8: 'bigint', timestamptz: 'Temporal.Instant', date: 'Temporal.PlainDate' };
const generator = join(repository, 'node_modules/kysely-codegen/dist/cli/bin.js');
const outputBytesMax = 10_000_000;

/** @param {string} url  a migrated database @returns {Promise<string>} */
export async function databaseTypes(url) {
  const options = {
    '--dialect': 'postgres',
    '--url': url,
    '--type-mapping': JSON.stringify(typeMapping),
    '--custom-imports': JSON.stringify({ Temporal: 'temporal-polyfill#Temporal' }),
    '--log-level': 'error',
  };
  const args = [generator, '--print', ...Object.entries(options).flat()];
  // Elsewhere it would read an .env file or a configuration of whoever runs it.
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: tmpdir(), maxBuffer: outputBytesMax });
  return `${stdout.trim()}\n`;
}

async function generate() {
  const dataDir = mkdtempSync(join(tmpdir(), 'kopilka-types-'));
  const server = await startEmbedded({ dataDir, database: 'kopilka', durable: false, log: () => {} });
  try {
    const pool = new pg.Pool({ connectionString: server.url });
    await migrate(pool, { folder: join(repository, 'packages/server/migrations') });
    await pool.end();
    writeFileSync(join(repository, databaseTypesFile), await databaseTypes(server.url));
    process.stdout.write(`wrote ${databaseTypesFile}\n`);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (import.meta.main) await generate();
