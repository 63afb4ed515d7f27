import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbedded } from './embedded.ts';

const source = fileURLToPath(new URL('embedded.ts', import.meta.url));

let home: string;
let lines: string[] = [];
const running: EmbeddedPostgres[] = [];
/** Folders outside `home` that a test made Kopilka create. */
const outside: string[] = [];

/** Made once and copied for each test: making a cluster is most of the time otherwise. */
let seed: string;

beforeAll(async () => {
  seed = openFolder();
  const cluster = await startIn(join(seed, 'data'));
  await cluster.stop();
});

afterAll(() => rmSync(seed, { recursive: true, force: true }));

beforeEach(() => {
  home = openFolder();
  execFileSync('cp', ['-a', join(seed, 'data'), home]);
  lines = [];
});

function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kopilka-embedded-'));
  chmodSync(folder, 0o755);
  return folder;
}

afterEach(async () => {
  for (const cluster of running.splice(0).reverse()) await cluster.stop();
  for (const folder of [home, ...outside.splice(0)]) rmSync(folder, { recursive: true, force: true });
});

async function start(options: { readonly dataDir?: string; readonly port?: number } = {}): Promise<EmbeddedPostgres> {
  const cluster = await startIn(options.dataDir ?? join(home, 'data'), options.port);
  running.push(cluster);
  return cluster;
}

async function startIn(dataDir: string, port?: number): Promise<EmbeddedPostgres> {
  const log = (line: string) => lines.push(line);
  const options = { dataDir, database: 'kopilka', durable: true, memoryBytes: 512 * 1024 ** 2, log };
  return await startEmbedded(port === undefined ? options : { ...options, port });
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: unknown }>(sql);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

const postmasterOf = (cluster: EmbeddedPostgres) =>
  Number(readFileSync(join(cluster.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);

/** Another Node that holds the same cluster and says so on its output. */
async function startInAnotherNode(): Promise<ReturnType<typeof spawn>> {
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(source)});
    await startEmbedded({ dataDir: ${JSON.stringify(join(home, 'data'))}, database: 'kopilka', durable: true, memoryBytes: 2 ** 29, log: () => {} });
    console.log('up');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was up`)));
  });
  return child;
}

async function killed(child: ReturnType<typeof spawn>): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

describe('the embedded PostgreSQL', () => {
  it('keeps its data and its port over a stop and a start', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 7 as answer');
    await first.stop();
    const second = await start();
    expect(second).toMatchObject({ adopted: false, url: first.url });
    expect(await ask(second.url, 'select answer from kept')).toBe(7);
  });

  it('survives a kill -9 of Node and is adopted by the next one, which may stop it', async () => {
    await killed(await startInAnotherNode());
    const cluster = await start();
    expect(cluster.adopted).toBe(true);
    await cluster.stop();
    await expect(ask(cluster.url, 'select 1 as answer')).rejects.toThrow('ECONNREFUSED');
  });

  it('is not stopped by a second program while the first still uses it', async () => {
    const first = await startInAnotherNode();
    const second = await start();
    await second.stop();
    expect(await ask(second.url, 'select 1 as answer')).toBe(1);
    await killed(first);
    running.push(await start());
  });

  it('loses nothing when PostgreSQL itself is killed', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 7 as answer');
    process.kill(postmasterOf(first), 'SIGKILL');
    await sleep(50);
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, 'select answer from kept')).toBe(7);
  });

  it('starts where the pid file of a crash names a number that another program has now', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(first.dataDir, 'postmaster.pid'), `${process.pid}\n${first.dataDir}\n1\n5432\n`);
    expect(await start()).toMatchObject({ adopted: false });
  });

  it('is made once and started once by four starts at the same moment', async () => {
    const dataDir = join(home, 'new');
    const clusters = await Promise.all([1, 2, 3, 4].map(() => start({ dataDir })));
    expect(new Set(clusters.map((cluster) => postmasterOf(cluster))).size).toBe(1);
    expect(clusters.filter((cluster) => !cluster.adopted)).toHaveLength(1);
  });

  it('does not share the process group that Ctrl-C reaches', async () => {
    const cluster = await start();
    const fields = readFileSync(`/proc/${postmasterOf(cluster)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ');
    expect(Number(fields?.[3])).toBe(postmasterOf(cluster)); // its session is its own
  });

  it('asks for a password, even on the loopback', async () => {
    const cluster = await start();
    const guessed = cluster.url.replace(/:[^:@]+@/, ':wrong@');
    await expect(ask(guessed, 'select 1 as answer')).rejects.toThrow('password authentication failed');
    expect(statSync(join(cluster.dataDir, 'kopilka.password')).mode & 0o777).toBe(0o600);
  });

  it('finds Cyrillic names, whatever the locale of the machine', async () => {
    const cluster = await start();
    await ask(cluster.url, 'create extension pg_trgm');
    expect(await ask(cluster.url, `select similarity('Анна Каренина', 'каренина') > 0.5 as answer`)).toBe(true);
    expect(await ask(cluster.url, `select lower('ЁЖ') as answer`)).toBe('ёж');
  });

  it('runs with durability on and the settings for this machine', async () => {
    const cluster = await start();
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'TimeZone', 'server_encoding'];
    const shown = await Promise.all(
      names.map((name) => ask(cluster.url, `select current_setting('${name}') as answer`)),
    );
    expect(shown).toEqual(['on', 'on', 'on', '128MB', 'UTC', 'UTF8']);
  });

  it('refuses the files of another major version with a sentence', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(first.dataDir, 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 17, and this Kopilka brings PostgreSQL 18/);
  });

  it('refuses a port that is taken', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    await expect(start({ dataDir: join(home, 'other'), port })).rejects.toThrow(`Port ${port}`);
  });

  it.runIf(process.getuid?.() === 0)(
    'as root under a closed folder keeps the files where they can be reached',
    async () => {
      chmodSync(home, 0o700);
      mkdirSync(join(home, 'shop'), { mode: 0o700 });
      const first = await start({ dataDir: join(home, 'shop', 'data') });
      outside.push(dirname(first.dataDir));
      expect(first.dataDir).toMatch(/^\/var\/lib\/kopilka\/shop-/);
      expect(lines.join()).toContain(`the database is kept in ${first.dataDir}`);
      await ask(first.url, 'create table kept as select 7 as answer');
      await first.stop();
      const second = await start({ dataDir: join(home, 'shop', 'data') });
      expect(await ask(second.url, 'select answer from kept')).toBe(7);
      await second.stop();
      rmSync(first.dataDir, { recursive: true });
      await expect(start({ dataDir: join(home, 'shop', 'data') })).rejects.toThrow('which is not there');
    },
  );
});
