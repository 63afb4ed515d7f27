import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type pg from 'pg';
import { type BackupReport, manifestFile, oneText } from './backup/manifest.ts';
import { EmbeddedRefused, run } from './embedded/account.ts';
import { postgresMajor } from './embedded/binaries.ts';
import { writePrivately } from './embedded/initialise.ts';
import { withClient } from './embedded/session.ts';

export type { BackupReport } from './backup/manifest.ts';
export { type RestoreOptions, type RestoreReport, restore } from './backup/restore.ts';

/** Copied by nobody: PostgreSQL makes them anew at its start (the list of pg_basebackup). */
const emptiedFolders = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'log',
]);
const skippedFiles = /^(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*|backup_label.*|tablespace_map.*)$/;
const copiesAtOnce = 4;

export interface BackupOptions {
  /** DATABASE_URL as configured: a database that is not ours is refused. */
  readonly databaseUrl: string | undefined;
  /** The running embedded cluster. */
  readonly postgres: { readonly url: string; readonly dataDir: string };
  /** KOPILKA_DATA_DIR: its secret belongs to the backup, without it stored hashes match nothing again. */
  readonly dataDir: string;
  readonly targetDir: string;
  readonly progress?: (doneBytes: number, totalBytes: number) => void;
}

/** A copy of the running cluster, whole as of its end, while sales go on. Throws EmbeddedRefused with a sentence. */
export async function backup(options: BackupOptions): Promise<BackupReport> {
  const target = resolve(options.targetDir);
  await refuseImpossible(options, target);
  const unfinished = `${target}.unfinished-${randomUUID()}`;
  await mkdir(dirname(target), { recursive: true });
  await mkdir(unfinished, { mode: 0o700 });
  try {
    const report = await withClient(options.postgres.url, (client) =>
      copyCluster(client, options, join(unfinished, 'postgres')),
    );
    const secret = await readFile(join(options.dataDir, 'secret'), 'utf8').catch(() => undefined);
    if (secret !== undefined) await writePrivately(join(unfinished, 'secret'), secret);
    await writePrivately(join(unfinished, manifestFile), `${JSON.stringify(report, null, 2)}\n`);
    // On the disk and not only in memory before it is called a backup.
    await run('sync', []);
    await rename(unfinished, target);
    return report;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function refuseImpossible(options: BackupOptions, target: string): Promise<void> {
  if (options.databaseUrl !== undefined) {
    throw new EmbeddedRefused(
      'The database of DATABASE_URL is not Kopilka\'s own: back it up with its own tools, such as pg_dump --format=custom --file=kopilka.dump "$DATABASE_URL", and restore it with pg_restore.',
    );
  }
  if ((await stat(target).catch(() => undefined)) !== undefined) {
    throw new EmbeddedRefused(`${target} is there already: a backup wants a new folder.`);
  }
  const cluster = options.postgres.dataDir;
  if (!relative(cluster, target).startsWith('..'))
    throw new EmbeddedRefused(`${target} is inside the database's own folder.`);
  if ((await readdir(join(cluster, 'pg_tblspc'))).length > 0) {
    throw new EmbeddedRefused(
      'The database has tablespaces outside its folder, which this backup does not know: use pg_dump.',
    );
  }
}

async function copyCluster(client: pg.Client, options: BackupOptions, target: string): Promise<BackupReport> {
  const source = options.postgres.dataDir;
  // Of this session and gone with it: until then PostgreSQL keeps every log file the copy will need.
  await client.query(`select pg_create_physical_replication_slot($1, true, true)`, [
    `kopilka_${randomUUID().replaceAll('-', '')}`,
  ]);
  const firstWalFile = await oneText(client, `select pg_walfile_name(pg_backup_start('kopilka', true)) as text`);
  const files = await listFiles(source);
  const copied = await copyFiles({ files, source, target, ...(options.progress && { progress: options.progress }) });
  const { rows } = await client.query<{ last: string; label: string }>(
    `select pg_walfile_name(lsn) as last, labelfile as label from pg_backup_stop(true)`,
  );
  const stopped = rows[0];
  if (stopped === undefined) throw new Error('pg_backup_stop answered nothing');
  await writeFile(join(target, 'backup_label'), stopped.label, { mode: 0o600 });
  const wal = (await readdir(join(source, 'pg_wal'))).filter((name) => isNeeded(name, firstWalFile, stopped.last));
  await mkdir(join(target, 'pg_wal', 'archive_status'), { recursive: true, mode: 0o700 });
  for (const name of wal) await copyFile(join(source, 'pg_wal', name), join(target, 'pg_wal', name));
  return {
    format: 1,
    postgresMajor,
    files: copied.files + wal.length,
    bytes: copied.bytes,
    firstWalFile,
    lastWalFile: stopped.last,
  };
}

/** Names of log files grow: timeline, then position, in fixed-width hexadecimal. */
function isNeeded(name: string, first: string, last: string): boolean {
  return name.endsWith('.history') || (/^[0-9A-F]{24}$/.test(name) && name >= first && name <= last);
}

interface Listed {
  readonly path: string;
  readonly bytes: number;
}

async function listFiles(source: string): Promise<Listed[]> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const listed: Listed[] = [];
  for (const entry of entries) {
    const path = relative(source, join(entry.parentPath, entry.name));
    const top = path.split('/')[0] ?? '';
    if (!entry.isFile() || (emptiedFolders.has(top) && path !== top) || skippedFiles.test(entry.name)) continue;
    const found = await stat(join(source, path)).catch(() => undefined);
    if (found !== undefined) listed.push({ path, bytes: found.size });
  }
  // pg_control last, as pg_basebackup does: it must not be older than the files it speaks of.
  return listed.sort(
    (one, other) => Number(one.path === 'global/pg_control') - Number(other.path === 'global/pg_control'),
  );
}

interface Copying {
  readonly files: readonly Listed[];
  readonly source: string;
  readonly target: string;
  readonly progress?: (doneBytes: number, totalBytes: number) => void;
}

async function copyFiles({ files, source, target, progress }: Copying): Promise<{ files: number; bytes: number }> {
  await copyFolders(source, target);
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const copied = { files: 0, bytes: 0 };
  const queue = files.slice(0, -1).values();
  const copyNext = async (file: Listed) => {
    try {
      await copyFile(join(source, file.path), join(target, file.path));
      copied.files += 1;
    } catch (error) {
      // Dropped while we were copying; the log knows about it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    copied.bytes += file.bytes;
    progress?.(copied.bytes, total);
  };
  const worker = async () => {
    for (const file of queue) await copyNext(file);
  };
  await Promise.all(Array.from({ length: copiesAtOnce }, worker));
  for (const last of files.slice(-1)) await copyNext(last);
  return copied;
}

/** The empty ones too: PostgreSQL does not make them itself. */
async function copyFolders(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o700 });
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = relative(source, join(entry.parentPath, entry.name));
    const top = path.split('/')[0] ?? '';
    if (!entry.isDirectory() || (emptiedFolders.has(top) && path !== top)) continue;
    await mkdir(join(target, path), { recursive: true, mode: 0o700 });
  }
}
