// The throw-away PostgreSQL of a test run: started once, migrated once into a template that every test file clones.
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '#platform/embedded.ts';
import { migrate } from '#platform/migrate.ts';
import { databaseUrl } from './database-url.ts';

const templateDatabase = 'kopilka_template';
const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));
const directoryPrefix = 'kopilka-test-';
/** Where `startEmbedded` puts the cluster inside its folder; ours does the same. */
const clusterFolder = 'postgres';
const killWaitMs = 20;
const killWaitsMax = 150;

interface Cluster {
  readonly url: string;
  stop(): Promise<void>;
}

interface Shared {
  users: number;
  cluster: Promise<Cluster>;
}

// Each vitest project loads this file anew within one process; the cluster belongs to the process.
const shared = globalThis as { kopilkaTestCluster?: Shared | undefined };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.kopilkaTestCluster ??= { users: 0, cluster: startMigrated() };
  const mine = shared.kopilkaTestCluster;
  mine.users += 1;
  const cluster = await mine.cluster;
  project.provide('clusterUrl', cluster.url);
  project.provide('templateDatabase', templateDatabase);
  return async () => {
    mine.users -= 1;
    if (mine.users > 0) return;
    shared.kopilkaTestCluster = undefined;
    await cluster.stop();
  };
}

async function startMigrated(): Promise<Cluster> {
  removeAbandoned();
  // The process id in the name lets a later run see that this one is gone (a killed run cleans up nothing).
  const directory = mkdtempSync(join(tmpdir(), `${directoryPrefix}${process.pid}-`));
  const remove = () => {
    killPostmaster(directory);
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', remove);
  const running = await start(directory);
  try {
    await createTemplate(running.url);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return {
    url: running.url,
    stop: async () => {
      await running.stop();
      remove();
      process.removeListener('exit', remove);
    },
  };
}

async function start(directory: string): Promise<Cluster> {
  const version = process.env['KOPILKA_TEST_PG'];
  if (version !== undefined && version !== '') return startSystem(version, directory);
  // Nothing here outlives the run, so it need not survive a power cut. Crash tests start their own, durable one.
  return startEmbedded({ dataDir: directory, database: 'postgres', durable: false, log: () => {} });
}

async function createTemplate(clusterUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: clusterUrl });
  await admin.connect();
  try {
    await admin.query(`create database ${templateDatabase}`);
    const pool = new pg.Pool({ connectionString: databaseUrl(clusterUrl, templateDatabase), max: 4 });
    pool.on('error', () => {});
    await migrate(pool, { folder: migrationsFolder });
    await pool.end();
    // A template that somebody is connected to cannot be cloned: nobody may.
    await admin.query(`alter database ${templateDatabase} with is_template true allow_connections false`);
  } finally {
    await admin.end();
  }
}

/** The machine's own PostgreSQL (Debian's path), as a user that is not root: it refuses to run as root. */
async function startSystem(version: string, directory: string): Promise<Cluster> {
  const dataDir = join(directory, clusterFolder);
  const binaries = `/usr/lib/postgresql/${version}/bin`;
  const owner = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  mkdirSync(dataDir, { mode: 0o700 });
  if (owner !== undefined) for (const path of [directory, dataDir]) chownSync(path, owner.uid, owner.gid);
  const run = (program: string, args: string[]) => {
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const result = spawnSync(join(binaries, program), args, { ...owner, env, cwd: directory, encoding: 'utf8' });
    if (result.status === 0) return;
    throw new Error(`${program} failed: ${result.error?.message ?? result.stderr}`);
  };
  run('initdb', ['-D', dataDir, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8']);
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'off' };
  const relaxed = { synchronous_commit: 'off', full_page_writes: 'off', max_connections: 200 };
  const lines = Object.entries({ ...settings, ...relaxed }).map(([name, value]) => `${name} = '${value}'\n`);
  writeFileSync(join(dataDir, 'postgresql.conf'), lines.join(''), { flag: 'a' });
  run('pg_ctl', ['start', '-D', dataDir, '-w', '-s', '-l', join(directory, 'server.log')]);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => run('pg_ctl', ['stop', '-D', dataDir, '-w', '-s', '-m', 'fast']),
  };
}

function unprivilegedUser(): { uid: number; gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const found = ['postgres', 'nobody'].map((name) => lines.find((line) => line.startsWith(`${name}:`)));
  const fields = (found.find((line) => line !== undefined) ?? 'nobody:x:65534:65534').split(':');
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a listening socket has no port');
  return address.port;
}

function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(directoryPrefix)) continue;
    const owner = Number(name.slice(directoryPrefix.length).split('-')[0]);
    if (!Number.isInteger(owner) || isAlive(owner)) continue;
    killPostmaster(join(tmpdir(), name));
    rmSync(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits for its end, at exit as well: a server that is still leaving writes into the folder we delete. */
function killPostmaster(directory: string): void {
  const pidFile = join(directory, clusterFolder, 'postmaster.pid');
  try {
    const postmaster = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
    // Immediate shutdown: the data is about to be deleted.
    if (postmaster > 1) process.kill(postmaster, 'SIGQUIT');
  } catch {
    // No file or no such process: it is stopped already.
    return;
  }
  // Removing this file is the last thing it does. (Its process id would stay: we are its parent and busy exiting.)
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waits = 0; waits < killWaitsMax && existsSync(pidFile); waits += 1) Atomics.wait(pause, 0, 0, killWaitMs);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
