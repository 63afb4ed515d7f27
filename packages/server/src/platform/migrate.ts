import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';

/**
 * Numbered plain SQL files, forward only. One transaction a file (a file that starts with `-- outside-transaction` runs bare, for concurrent
 * indexes), a checksum each: an edited, missing or late file stops the start.
 */
export interface MigrateOptions {
  readonly folder: string;
  readonly log?: (line: string) => void;
}

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

// Any number that no one else uses in this database.
const lockKey = 4_915_270_126;
const lockTriesMax = 1_200;

export async function migrate(pool: pg.Pool, options: MigrateOptions): Promise<number> {
  const migrations = await readMigrations(options.folder);
  const client = await pool.connect();
  try {
    await lock(client);
    await client.query('create schema if not exists platform');
    await client.query(
      'create table if not exists platform.migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    );
    const pending = await pendingOf(client, migrations);
    for (const migration of pending) {
      options.log?.(`migrating ${migration.name}`);
      await apply(client, migration);
    }
    return pending.length;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey]).catch(() => undefined);
    client.release();
  }
}

/** Polled: a server that blocks on the lock deadlocks with the other's `create index concurrently`. */
async function lock(client: pg.PoolClient): Promise<void> {
  for (let tries = 0; tries < lockTriesMax; tries += 1) {
    const result = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [lockKey]);
    if (result.rows[0]?.locked) return;
    await wait(250);
  }
  throw new Error('another server has been migrating this database for five minutes');
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function pendingOf(client: pg.PoolClient, migrations: readonly Migration[]): Promise<Migration[]> {
  const result = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from platform.migration order by name',
  );
  const applied = new Map(result.rows.map((row) => [row.name, row.checksum]));
  for (const name of applied.keys()) {
    if (!migrations.some((migration) => migration.name === name))
      throw new Error(
        `this database has migration ${name}, which this version does not know: it was made by a newer one`,
      );
  }
  const last = [...applied.keys()].at(-1) ?? '';
  for (const migration of migrations) {
    const known = applied.get(migration.name);
    if (known !== undefined && known !== migration.checksum)
      throw new Error(`migration ${migration.name} was edited after it was applied`);
    if (known === undefined && migration.name < last)
      throw new Error(`migration ${migration.name} comes before ${last}, which is applied already`);
  }
  return migrations.filter((migration) => !applied.has(migration.name));
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  const record = () =>
    client.query('insert into platform.migration (name, checksum) values ($1, $2)', [
      migration.name,
      migration.checksum,
    ]);
  if (migration.text.startsWith('-- outside-transaction')) {
    await client.query(migration.text);
    await record();
    return;
  }
  await client.query('begin');
  try {
    await client.query("set local lock_timeout = '10s'");
    await record();
    await client.query(migration.text);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${migration.name} failed`, { cause: error });
  }
}
