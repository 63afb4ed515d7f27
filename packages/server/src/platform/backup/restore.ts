import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import pg from 'pg';
import { EmbeddedRefused, giveTo, run } from '../embedded/account.ts';
import { clusterVersion, refuseOtherVersion, writePrivately } from '../embedded/initialise.ts';
import { settle } from '../embedded/place.ts';
import { findPostmaster } from '../embedded/postmaster.ts';
import { withClient } from '../embedded/session.ts';
import { startEmbedded } from '../embedded.ts';
import { type BackupReport, manifest, manifestFile, oneText } from './manifest.ts';

export interface RestoreOptions {
  readonly backupDir: string;
  /** KOPILKA_DATA_DIR, which must not hold a database yet. */
  readonly dataDir: string;
  readonly log: (line: string) => void;
}

export interface RestoreReport {
  readonly databases: number;
  readonly tables: number;
  readonly rows: number;
}

/** Puts a backup into an empty data folder, starts it, reads every row of it (page checksums included), and stops it again. */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const from = resolve(options.backupDir);
  const found = await readManifest(from);
  refuseOtherVersion(found.postgresMajor, from);
  const place = await settle({ dataDir: options.dataDir, log: options.log });
  if (
    (await findPostmaster(place.clusterDir)) !== undefined ||
    (await clusterVersion(place.clusterDir)) !== undefined
  ) {
    throw new EmbeddedRefused(
      `${place.clusterDir} holds a database already: stop Kopilka and move that folder away first.`,
    );
  }
  const unfinished = `${place.clusterDir}.restoring-${randomUUID()}`;
  try {
    await run('cp', ['-R', join(from, 'postgres'), unfinished]);
    await run('chmod', ['-R', 'u=rwX,go=', unfinished]);
    await giveTo(place.account, unfinished);
    await restoreSecret(from, place.dataDir, options.log);
    await rename(unfinished, place.clusterDir);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  try {
    return await verify(place.dataDir, options.log);
  } catch (error) {
    // Nobody should sell on it, and the next attempt wants an empty folder; the backup itself is untouched.
    await rm(place.clusterDir, { recursive: true, force: true });
    await mkdir(place.clusterDir, { mode: 0o700 });
    await giveTo(place.account, place.clusterDir);
    throw new EmbeddedRefused(`The backup in ${from} is damaged and was not restored: ${(error as Error).message}`);
  }
}

async function readManifest(from: string): Promise<BackupReport> {
  const text = await readFile(join(from, manifestFile), 'utf8').catch(() => undefined);
  const parsed = manifest.safeParse(text === undefined ? undefined : parseJson(text));
  if (parsed.success) return parsed.data;
  throw new EmbeddedRefused(`${from} is not a finished backup of Kopilka: its ${manifestFile} is missing or damaged.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function restoreSecret(from: string, dataDir: string, log: (line: string) => void): Promise<void> {
  const secret = await readFile(join(from, 'secret'), 'utf8').catch(() => undefined);
  if (secret === undefined) {
    log('The backup has no secret file: give the KOPILKA_SECRET that was used with it.');
    return;
  }
  const file = join(dataDir, 'secret');
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present === secret) return;
  if (present !== undefined) {
    await rename(file, `${file}.before-restore`);
    log(`The secret of the backup replaces the one here, which is kept as ${basename(file)}.before-restore.`);
  }
  await writePrivately(file, secret);
}

async function verify(dataDir: string, log: (line: string) => void): Promise<RestoreReport> {
  const started = await startEmbedded({ dataDir, database: 'postgres', durable: true, log });
  try {
    const names = await withClient(started.url, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        'select datname as name from pg_database where datallowconn and not datistemplate order by 1',
      );
      return rows.map((row) => row.name);
    });
    const counted = { databases: names.length, tables: 0, rows: 0 };
    for (const name of names) {
      const url = new URL(started.url);
      url.pathname = `/${encodeURIComponent(name)}`;
      await withClient(url.href, async (client) => countRows(client, counted));
    }
    return counted;
  } finally {
    await started.stop();
  }
}

async function countRows(client: pg.Client, counted: { tables: number; rows: number }): Promise<void> {
  const { rows: tables } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'`,
  );
  for (const table of tables) {
    const name = `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`;
    counted.rows += Number(await oneText(client, `select count(*)::text as text from ${name}`));
    counted.tables += 1;
  }
}
