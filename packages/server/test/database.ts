// A database of its own for a test file: a clone of the migrated template, 16–40 ms instead of migrating or truncating.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { databaseUrl } from './database-url.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where databases are created and dropped. */
    clusterUrl: string;
    /** The migrated database that is cloned. */
    templateDatabase: string;
  }
}

const dropAttemptsMax = 60;
const dropPauseMs = 50;
const objectInUse = '55006';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const clusterUrl = inject('clusterUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withAdmin(clusterUrl, (admin) => admin.query(`create database ${name} template ${inject('templateDatabase')}`));
  return { url: databaseUrl(clusterUrl, name), drop: () => dropDatabase(clusterUrl, name) };
}

/**
 * A plain drop, tried again while connections are still leaving. `with (force)` right after `pool.end()` kills one on
 * its way out, and the run reports a stray error that no test caused.
 */
async function dropDatabase(clusterUrl: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await withAdmin(clusterUrl, (admin) => admin.query(`drop database if exists ${name}`));
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== objectInUse || attempt === dropAttemptsMax) throw error;
      await sleep(dropPauseMs);
    }
  }
}

async function withAdmin(clusterUrl: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: clusterUrl });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
