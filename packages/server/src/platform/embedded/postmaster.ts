import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, readFile, readlink, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { asAccount, EmbeddedRefused } from './account.ts';
import type { Place } from './place.ts';

const execute = promisify(execFile);
const pollMilliseconds = 20;
/** Recovery after a power cut replays up to max_wal_size; a slow disk needs minutes for it. */
const startMinutesMax = 15;
const stopSecondsMax = 120;

/** A running postmaster, read from its own postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** The live postmaster of this cluster. A pid file left by a crash, whose number now belongs to another program, is removed. */
export async function findPostmaster(clusterDir: string): Promise<Postmaster | undefined> {
  const seen = await readPidFile(clusterDir);
  if (seen === undefined || !isAlive(seen.pid)) return undefined;
  if (await isPostmasterOf(seen.pid, clusterDir)) return { pid: seen.pid, port: seen.port };
  // PostgreSQL itself would refuse to start: it only sees that the number is taken.
  await rm(join(clusterDir, 'postmaster.pid'), { force: true });
  return undefined;
}

async function readPidFile(clusterDir: string): Promise<(Postmaster & { readonly ready: boolean }) | undefined> {
  const text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !isZombie(pid);
}

/** After a kill -9 of Node in a container, nobody may be there to bury an ended postmaster; its number stays. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

async function isPostmasterOf(pid: number, clusterDir: string): Promise<boolean> {
  if (process.platform === 'linux') {
    // The postmaster works in its data folder, however the folder was spelled when it was started.
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return folder === clusterDir && basename(command.split('\0')[0] ?? '') === 'postgres';
  }
  const listed = await execute('ps', ['-p', String(pid), '-o', 'command=']).catch(() => undefined);
  return listed !== undefined && listed.stdout.includes('postgres') && listed.stdout.includes(clusterDir);
}

/** True when it accepts connections, false when it ended before that. */
export async function becomesReady(clusterDir: string, pid: number, log: (line: string) => void): Promise<boolean> {
  const started = performance.now();
  let told = 0;
  while (isAlive(pid)) {
    const seen = await readPidFile(clusterDir);
    if (seen?.pid === pid && seen.ready) return true;
    const waited = performance.now() - started;
    if (waited > startMinutesMax * 60_000) {
      throw new EmbeddedRefused(
        `PostgreSQL is not ready after ${startMinutesMax} minutes; see the log in ${clusterDir}/log.`,
      );
    }
    if (waited > (told + 1) * 10_000) {
      told += 1;
      log(`PostgreSQL is still getting ready (${told * 10} s): after a crash it repeats the last changes first.`);
    }
    await sleep(pollMilliseconds);
  }
  return false;
}

export interface Launch {
  readonly pid: number;
  /** What it said on its way, for the sentence when it does not come up. */
  words(): Promise<string>;
}

/** In a session of its own: Ctrl-C in the terminal and the end of Node do not reach it. */
export async function launch(postgres: string, place: Place): Promise<Launch> {
  const file = join(place.dataDir, 'postgres-start.log');
  const output = await open(file, 'w', 0o600);
  try {
    const child = spawn(postgres, ['-D', place.clusterDir], {
      ...asAccount(place.account),
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return { pid: child.pid ?? 0, words: () => readFile(file, 'utf8') };
  } finally {
    await output.close();
  }
}

/** A fast shutdown: sessions are ended, everything committed is on disk, the next start needs no recovery. */
export async function shutDown(clusterDir: string, log: (line: string) => void): Promise<void> {
  const running = await findPostmaster(clusterDir);
  if (running === undefined) return;
  process.kill(running.pid, 'SIGINT');
  if (await ends(running.pid, stopSecondsMax)) return;
  log(
    `PostgreSQL did not stop in ${stopSecondsMax} s and is stopped at once; it will repeat the last changes at the next start.`,
  );
  process.kill(running.pid, 'SIGQUIT');
  if (!(await ends(running.pid, stopSecondsMax))) throw new Error(`PostgreSQL (process ${running.pid}) does not stop`);
}

async function ends(pid: number, secondsMax: number): Promise<boolean> {
  const started = performance.now();
  while (performance.now() - started < secondsMax * 1000) {
    if (!isAlive(pid)) return true;
    await sleep(pollMilliseconds);
  }
  return false;
}

/** The wanted port when it is free, else undefined; 0 asks the system for any free one. */
export async function freePort(wanted: number): Promise<number | undefined> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port: wanted, exclusive: true }, () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : undefined;
      server.close(() => resolve(port));
    });
  });
}
