import { chown, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedRefused } from './embedded/account.ts';
import { type Binaries, findBinaries } from './embedded/binaries.ts';
import * as cluster from './embedded/initialise.ts';
import { type Place, settle } from './embedded/place.ts';
import { becomesReady, findPostmaster, freePort, launch, shutDown } from './embedded/postmaster.ts';
import { checkCyrillic, ensureDatabase, hold, type Keeper } from './embedded/session.ts';
import { renderSettings, settingsFor } from './embedded/settings.ts';

export { EmbeddedRefused } from './embedded/account.ts';

const startAttemptsMax = 40;
const retryMilliseconds = 250;

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly database: string;
  /** False only for clusters that are thrown away: a power cut loses them. */
  readonly durable: boolean;
  readonly port?: number;
  readonly memoryBytes?: number;
  readonly cores?: number;
  readonly log: (line: string) => void;
}

export interface EmbeddedPostgres {
  readonly url: string;
  /** Where the cluster's files really are: `<dataDir>/postgres`, or under /var/lib/kopilka when root was asked to keep them under /root. */
  readonly dataDir: string;
  /** It was already running: a Node before us was killed, or another one runs beside us. */
  readonly adopted: boolean;
  /** Shuts the cluster down, unless another Kopilka still uses it. */
  stop(): Promise<void>;
}

/** Throws EmbeddedRefused, with a sentence for the operator, when the machine or the folder does not allow it. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const place = await settle(options);
  const binaries = await findBinaries(place, options.log);
  const { adopted, access, keeper } = await comeUp({ ...options, place, binaries });
  const url = urlOf(access, options.database);
  try {
    await ensureDatabase(urlOf(access, 'postgres'), options.database);
    await checkCyrillic(url);
  } catch (error) {
    if (await keeper.release()) await shutDown(place.clusterDir, options.log);
    throw error;
  }
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    if (await keeper.release()) await shutDown(place.clusterDir, options.log);
    else options.log('PostgreSQL keeps running: another Kopilka uses it.');
  };
  return { url, dataDir: place.clusterDir, adopted, stop: () => (stopping ??= stop()) };
}

const urlOf = (access: cluster.Access, database: string): string =>
  `postgres://${cluster.databaseRole}:${access.password}@127.0.0.1:${access.port}/${encodeURIComponent(database)}`;

interface ComingUp extends EmbeddedOptions {
  readonly place: Place;
  readonly binaries: Binaries;
}

interface Up {
  readonly adopted: boolean;
  readonly access: cluster.Access;
  readonly keeper: Keeper;
}

/** Others may start or stop the same cluster at the same moment, so each attempt looks anew at what is there. */
async function comeUp(options: ComingUp): Promise<Up> {
  const { place, log } = options;
  let words = '';
  for (let attempt = 0; attempt < startAttemptsMax; attempt += 1) {
    if (attempt > 0) await sleep(retryMilliseconds);
    const running = await findPostmaster(place.clusterDir);
    if (running !== undefined) {
      const adopted = (await becomesReady(place.clusterDir, running.pid, log)) && (await adopt(options));
      if (adopted) return adopted;
      continue;
    }
    const access = await prepare(options);
    const launched = await launch(options.binaries.postgres, place);
    if (await becomesReady(place.clusterDir, launched.pid, log)) {
      return { adopted: false, access, keeper: await hold(urlOf(access, 'postgres'), log) };
    }
    words = await launched.words();
    if (!isPassing(words)) break;
  }
  throw new EmbeddedRefused(`PostgreSQL did not start in ${place.clusterDir}. It said: ${words.trim()}`);
}

/** Somebody else holds the cluster or is just letting go of it; a killed postmaster's children are still leaving; a port was taken meanwhile. */
function isPassing(words: string): boolean {
  return /postmaster\.pid" already exists|pre-existing shared memory|could not bind/.test(words);
}

/** False when it went away while we were knocking. */
async function adopt({ place, log }: ComingUp): Promise<Up | false> {
  const running = await findPostmaster(place.clusterDir);
  const saved = await cluster.readAccess(place.dataDir);
  if (running === undefined) return false;
  if (saved === undefined) {
    throw new EmbeddedRefused(
      `PostgreSQL is running on ${place.clusterDir} (process ${running.pid}), but its password, ${place.dataDir}/postgres.json, is gone. Stop that process (kill -INT ${running.pid}) and start again.`,
    );
  }
  const access = { ...saved, port: running.port };
  try {
    const keeper = await hold(urlOf(access, 'postgres'), log);
    log(`PostgreSQL was already running (process ${running.pid}, port ${running.port}).`);
    return { adopted: true, access, keeper };
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') return false;
    throw new EmbeddedRefused(
      `PostgreSQL on ${place.clusterDir} does not accept the password in ${place.dataDir}/postgres.json. Stop process ${running.pid}, remove that file and start again: a new password is set.`,
    );
  }
}

/** Everything a stopped cluster needs before it starts: files, password, port, settings. */
async function prepare(options: ComingUp): Promise<cluster.Access> {
  const { place, binaries, log } = options;
  const version = await cluster.clusterVersion(place.clusterDir);
  if (version !== undefined) cluster.refuseOtherVersion(version, place.clusterDir);
  const saved = await cluster.readAccess(place.dataDir);
  const password = version === undefined || saved === undefined ? cluster.newPassword() : saved.password;
  if (version === undefined) await cluster.initialise({ place, binaries, password, durable: options.durable });
  else if (saved === undefined) {
    await cluster.resetPassword({ clusterDir: place.clusterDir, binaries, account: place.account, password });
    log(`${place.dataDir}/postgres.json was not there: PostgreSQL has a new password.`);
  }
  const access = { password, port: await choosePort(options.port, saved?.port) };
  await cluster.writeAccess(place.dataDir, access);
  await writeSettings(options, access.port);
  return access;
}

async function choosePort(wanted: number | undefined, last: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if ((await freePort(wanted)) !== undefined) return wanted;
    throw new EmbeddedRefused(`Port ${wanted}, where PostgreSQL should listen, is taken by another program.`);
  }
  const port = (last === undefined ? undefined : await freePort(last)) ?? (await freePort(0));
  if (port === undefined) throw new EmbeddedRefused('No port of 127.0.0.1 is free for PostgreSQL.');
  return port;
}

async function writeSettings(options: ComingUp, port: number): Promise<void> {
  const { clusterDir, account } = options.place;
  const limit = process.constrainedMemory();
  const machine = {
    // In a container the limit counts, not the host's memory.
    memoryBytes: options.memoryBytes ?? (limit > 0 ? Math.min(limit, totalmem()) : totalmem()),
    cores: options.cores ?? availableParallelism(),
    sharedMemoryBytes: await sharedMemory(),
  };
  const file = join(clusterDir, cluster.settingsFile);
  await writeFile(file, renderSettings(settingsFor(machine, { durable: options.durable, port })), { mode: 0o600 });
  if (account !== undefined) await chown(file, account.uid, account.gid);
}

async function sharedMemory(): Promise<number> {
  if (process.platform !== 'linux') return Number.MAX_SAFE_INTEGER;
  const found = await statfs('/dev/shm').catch(() => undefined);
  return found === undefined ? 0 : found.bsize * found.blocks;
}
