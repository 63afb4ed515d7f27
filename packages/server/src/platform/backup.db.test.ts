import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backup, restore } from './backup.ts';
import { withClient } from './embedded/session.ts';
import { type EmbeddedPostgres, startEmbedded } from './embedded.ts';

const log = () => {};
let home: string;
let original: EmbeddedPostgres;
const inHome = (name: string) => join(home, name);

async function start(name: string): Promise<EmbeddedPostgres> {
  return await startEmbedded({ dataDir: inHome(name), database: 'kopilka', durable: true, memoryBytes: 2 ** 29, log });
}

const answer = (cluster: EmbeddedPostgres, sql: string) =>
  withClient(cluster.url, async (client) => (await client.query<{ answer: unknown }>(sql)).rows[0]?.answer);

const backupTo = (name: string) =>
  backup({ databaseUrl: undefined, postgres: original, dataDir: inHome('data'), targetDir: inHome(name) });

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kopilka-backup-'));
  chmodSync(home, 0o755);
  original = await start('data');
  writeFileSync(inHome('data/secret'), 'the secret\n', { mode: 0o600 });
  await answer(original, 'create table sale (id bigint primary key, pad text not null)');
  // Finished long before the backup: no log record of it will ever repair these pages.
  await answer(original, `create table settled as select repeat('x', 2000) as pad from generate_series(1, 100)`);
  await answer(original, 'vacuum (freeze) settled');
  await answer(original, 'checkpoint');
});

afterAll(async () => {
  await original.stop();
  rmSync(home, { recursive: true, force: true });
});

describe('backup and restore', () => {
  it('bring back a consistent state taken while sales go on, and start it beside the original', async () => {
    let next = 0;
    let copying = true;
    const acknowledged: number[] = [];
    const sell = async () => {
      await withClient(original.url, async (client) => {
        while (copying) {
          next += 1;
          const id = next;
          await client.query(`insert into sale values ($1, repeat('x', 2000))`, [id]);
          acknowledged.push(id);
          // A checkpoint in the middle of the copy is what would drop the log files it needs.
          if (id % 200 === 0) await client.query('checkpoint');
        }
      });
    };
    const selling = [sell(), sell()];
    while (acknowledged.length < 100) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = [...acknowledged];
    const report = await backupTo('copy');
    copying = false;
    await Promise.all(selling);
    expect(report.files).toBeGreaterThan(500);

    const restored = await restore({ backupDir: inHome('copy'), dataDir: inHome('restored'), log });
    expect(restored).toMatchObject({ databases: 2, tables: 2 });
    expect(readFileSync(inHome('restored/secret'), 'utf8')).toBe('the secret\n');

    const second = await start('restored');
    try {
      const kept = await withClient(
        second.url,
        async (client) => (await client.query<{ id: string }>('select id from sale')).rows,
      );
      const ids = new Set(kept.map((row) => Number(row.id)));
      expect(ids.size).toBe(restored.rows - 100);
      expect(before.filter((id) => !ids.has(id))).toEqual([]);
      expect(await answer(second, 'select 1 as answer')).toBe(1);
      await answer(second, `insert into sale values (0, 'it is a database like any other')`);
    } finally {
      await second.stop();
    }
  });

  it('keep the backup for its owner only: it holds people and a password', () => {
    expect(statSync(inHome('copy')).mode & 0o777).toBe(0o700);
    expect(statSync(inHome('copy/secret')).mode & 0o777).toBe(0o600);
  });

  it('refuse a database that is not ours, and point to pg_dump without telling the password', async () => {
    const options = { postgres: original, dataDir: inHome('data'), targetDir: inHome('never') };
    const refused = backup({ ...options, databaseUrl: 'postgres://kopilka:hunter2@db/kopilka' });
    await expect(refused).rejects.toThrow(/pg_dump/);
    await expect(refused).rejects.not.toThrow(/hunter2/);
  });

  it('refuse to write over an earlier backup or into the database itself', async () => {
    await expect(backupTo('copy')).rejects.toThrow('is there already');
    const inside = { databaseUrl: undefined, postgres: original, dataDir: inHome('data') };
    await expect(backup({ ...inside, targetDir: join(original.dataDir, 'copy') })).rejects.toThrow(
      "database's own folder",
    );
  });

  it('refuse to restore over a database, from a folder that is no backup, or from another version', async () => {
    const backupDir = inHome('copy');
    await expect(restore({ backupDir, dataDir: inHome('data'), log })).rejects.toThrow('holds a database already');
    await expect(restore({ backupDir: home, dataDir: inHome('new'), log })).rejects.toThrow('not a finished backup');
    const manifest = JSON.parse(readFileSync(join(backupDir, 'backup.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(backupDir, 'backup.json'), JSON.stringify({ ...manifest, postgresMajor: '17' }));
    await expect(restore({ backupDir, dataDir: inHome('new'), log })).rejects.toThrow('made by PostgreSQL 17');
    writeFileSync(join(backupDir, 'backup.json'), JSON.stringify(manifest));
  });

  it('notice a damaged page while restoring', async () => {
    const path = String(await answer(original, `select pg_relation_filepath('settled') as answer`));
    const file = join(inHome('copy'), 'postgres', path);
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4000, 4100);
    writeFileSync(file, bytes);
    await expect(restore({ backupDir: inHome('copy'), dataDir: inHome('bad'), log })).rejects.toThrow(
      /damaged.*invalid page/,
    );
    expect(readdirSync(inHome('bad/postgres'))).toEqual([]);
  });

  it('leave nothing half made behind', () => {
    expect(readdirSync(home).filter((name) => /unfinished|restoring/.test(name))).toEqual([]);
  });
});
