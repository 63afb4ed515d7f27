import { randomBytes, randomUUID } from 'node:crypto';
import { appendFile, chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, EmbeddedRefused, giveTo, run } from './account.ts';
import { type Binaries, postgresMajor } from './binaries.ts';
import type { Place } from './place.ts';

export const databaseRole = 'kopilka';
export const settingsFile = 'kopilka.conf';

/**
 * The role's password, beside the files it opens: whichever of two simultaneous starts makes the cluster, its password
 * comes with it, and a backup of the folder is whole.
 */
const passwordFile = 'kopilka.password';

export async function readPassword(clusterDir: string): Promise<string> {
  const text = await readFile(join(clusterDir, passwordFile), 'utf8').catch(() => undefined);
  if (text !== undefined && text.trim() !== '') return text.trim();
  throw new EmbeddedRefused(
    `${join(clusterDir, passwordFile)} is not there: this database was not made by Kopilka, or the file was removed. Bring it back, or start PostgreSQL yourself and set DATABASE_URL.`,
  );
}

/** The port of the last start, so that an operator's psql and a firewall need not learn a new one. */
export async function lastPort(clusterDir: string): Promise<number | undefined> {
  const text = await readFile(join(clusterDir, settingsFile), 'utf8').catch(() => '');
  const port = /^port = '(\d+)'$/m.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Whole or not at all, and never readable by others, not for a moment. */
export async function writePrivately(file: string, text: string, owner?: Account): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, text, { mode: 0o600, flag: 'wx', flush: true });
  if (owner !== undefined) await chown(unfinished, owner.uid, owner.gid);
  await rename(unfinished, file);
}

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
  readonly durable: boolean;
}

/** Made aside and renamed: a start that was killed half way leaves nothing that looks like a database. */
export async function initialise({ place, binaries, durable }: Initialisation): Promise<void> {
  const unfinished = `${place.clusterDir}.new-${randomUUID()}`;
  const handedOver = `${unfinished}.password`;
  const password = randomBytes(24).toString('base64url');
  await mkdir(unfinished, { mode: 0o700 });
  await chmod(unfinished, 0o700);
  try {
    await writePrivately(handedOver, password, place.account);
    await giveTo(place.account, unfinished);
    await run(binaries.initdb, initdbArguments({ unfinished, passwordFile: handedOver, durable }), place.account);
    await appendFile(join(unfinished, 'postgresql.conf'), `\ninclude_if_exists = '${settingsFile}'\n`);
    await writeFile(join(unfinished, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
    await rename(handedOver, join(unfinished, passwordFile));
    await rename(unfinished, place.clusterDir);
  } catch (error) {
    // Another Kopilka was quicker: its cluster is as good as ours.
    if ((await clusterVersion(place.clusterDir)) !== undefined) return;
    throw new EmbeddedRefused(`PostgreSQL could not make its files in ${place.clusterDir}: ${wordsOf(error)}`);
  } finally {
    await rm(handedOver, { force: true });
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

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'stderr' in error && typeof error.stderr === 'string' && error.stderr !== ''
    ? error.stderr.trim()
    : error.message;
}
