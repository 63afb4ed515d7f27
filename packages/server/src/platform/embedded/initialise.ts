import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Account, asAccount, EmbeddedRefused, giveTo, run } from './account.ts';
import { type Binaries, postgresMajor } from './binaries.ts';
import type { Place } from './place.ts';

export const databaseRole = 'kopilka';
export const settingsFile = 'kopilka.conf';

/** `<dataDir>/postgres.json`: how to reach the cluster again. Readable by its owner only. */
const access = z.object({ port: z.number().int(), password: z.string().min(16) });
export type Access = z.infer<typeof access>;

const accessFile = (dataDir: string) => join(dataDir, 'postgres.json');

export async function readAccess(dataDir: string): Promise<Access | undefined> {
  const text = await readFile(accessFile(dataDir), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return access.parse(JSON.parse(text));
  } catch {
    throw new EmbeddedRefused(
      `${accessFile(dataDir)} is damaged. Remove it while the database is stopped: Kopilka makes a new one.`,
    );
  }
}

export async function writeAccess(dataDir: string, value: Access): Promise<void> {
  await writePrivately(accessFile(dataDir), `${JSON.stringify(value)}\n`);
}

/** Whole or not at all, and never readable by others, not for a moment. */
export async function writePrivately(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, text, { mode: 0o600, flag: 'wx', flush: true });
  await rename(unfinished, file);
}

export const newPassword = (): string => randomBytes(24).toString('base64url');

/** The version of the cluster's files, or undefined where there is none yet. */
export async function clusterVersion(clusterDir: string): Promise<string | undefined> {
  return (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8').catch(() => undefined))?.trim();
}

export function refuseOtherVersion(version: string, clusterDir: string): void {
  if (version === postgresMajor) return;
  throw new EmbeddedRefused(
    `The database in ${clusterDir} was made by PostgreSQL ${version}, and this Kopilka brings PostgreSQL ${postgresMajor}. Move it with "kopilka export" of the old version, or start PostgreSQL ${version} on it and set DATABASE_URL.`,
  );
}

interface Initialisation {
  readonly place: Place;
  readonly binaries: Binaries;
  readonly password: string;
  readonly durable: boolean;
}

/** Made aside and renamed: a start that was killed half way leaves nothing that looks like a database. */
export async function initialise({ place, binaries, password, durable }: Initialisation): Promise<void> {
  const unfinished = `${place.clusterDir}.new-${process.pid}`;
  const passwordFile = `${unfinished}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await chmod(unfinished, 0o700);
  try {
    await writePrivately(passwordFile, password);
    if (place.account !== undefined) await chown(passwordFile, place.account.uid, place.account.gid);
    await giveTo(place.account, unfinished);
    await run(binaries.initdb, initdbArguments({ unfinished, passwordFile, durable }), place.account);
    await appendFile(join(unfinished, 'postgresql.conf'), `\ninclude_if_exists = '${settingsFile}'\n`);
    await writeFile(join(unfinished, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
    await rename(unfinished, place.clusterDir);
  } catch (error) {
    // Another Kopilka was quicker: its cluster is as good as ours.
    if ((await clusterVersion(place.clusterDir)) !== undefined) return;
    throw new EmbeddedRefused(`PostgreSQL could not make its files in ${place.clusterDir}: ${wordsOf(error)}`);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}

function initdbArguments(options: {
  readonly unfinished: string;
  readonly passwordFile: string;
  readonly durable: boolean;
}): string[] {
  // macOS has no C.UTF-8; its plain "UTF-8" knows which characters are letters, which is what trigrams need.
  const locale = process.platform === 'darwin' ? ['--locale=C', '--lc-ctype=UTF-8'] : ['--locale=C.UTF-8'];
  return [
    `--pgdata=${options.unfinished}`,
    `--username=${databaseRole}`,
    `--pwfile=${options.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    ...locale,
    '--no-instructions',
    ...(options.durable ? [] : ['--no-sync']),
  ];
}

/** For a cluster whose postgres.json is lost: the server must be stopped, which is why single-user mode can be trusted with it. */
export async function resetPassword(options: {
  readonly clusterDir: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly password: string;
}): Promise<void> {
  const args = ['--single', '-D', options.clusterDir, '-c', 'log_min_messages=fatal', 'postgres'];
  const child = spawn(options.binaries.postgres, args, {
    ...asAccount(options.account),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString('utf8')));
  child.stdin.on('error', () => undefined);
  child.stdin.end(`alter role "${databaseRole}" password '${options.password}'\n`);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0 && !complaints.includes('ERROR')) return;
  throw new EmbeddedRefused(`PostgreSQL could not set a new password for ${options.clusterDir}: ${complaints.trim()}`);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'stderr' in error && typeof error.stderr === 'string' && error.stderr !== ''
    ? error.stderr.trim()
    : error.message;
}
