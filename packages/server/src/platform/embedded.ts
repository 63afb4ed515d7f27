import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedRefused } from './embedded/account.ts';
import { type Binaries, findBinaries } from './embedded/binaries.ts';
import * as cluster from './embedded/initialise.ts';
import { type Place, settle } from './embedded/place.ts';
import {
  becomesReady,
  findPostmaster,
  freePort,
  type Launch,
  launch,
  type Postmaster,
  shutDown,
} from './embedded/postmaster.ts';
import { checkCyrillic, ensureDatabase, hold, type Keeper } from './embedded/session.ts';
import { type Machine, renderSettings, settingsFor } from './embedded/settings.ts';

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
  const { adopted, running, maintenanceUrl, keeper } = await comeUp({ ...options, place, binaries });
  if (adopted) options.log(`PostgreSQL was already running (process ${running.pid}, port ${running.port}).`);
  const url = urlOf({ password: await cluster.readPassword(place.clusterDir), port: running.port }, options.database);
  try {
    await ensureDatabase(maintenanceUrl, options.database);
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

const urlOf = (at: { readonly password: string; readonly port: number }, database: string): string =>
  `postgres://${cluster.databaseRole}:${at.password}@127.0.0.1:${at.port}/${encodeURIComponent(database)}`;

interface ComingUp extends EmbeddedOptions {
  readonly place: Place;
  readonly binaries: Binaries;
}

interface Up {
  readonly adopted: boolean;
  readonly running: Postmaster;
  readonly maintenanceUrl: string;
  readonly keeper: Keeper;
}

/** Others may start or stop the same cluster at the same moment, so each attempt looks anew at what is there. */
async function comeUp(options: ComingUp): Promise<Up> {
  const { clusterDir } = options.place;
  let words = '';
  for (let attempt = 0; attempt < startAttemptsMax; attempt += 1) {
    if (attempt > 0) await sleep(retryMilliseconds);
    const found = await findPostmaster(clusterDir);
    const launched = found === undefined ? await prepareAndLaunch(options) : undefined;
    const pid = found?.pid ?? launched?.pid ?? 0;
    if (await becomesReady(clusterDir, pid, options.log)) {
      const up = await enter(options);
      if (up !== undefined) return { ...up, adopted: up.running.pid !== launched?.pid };
    } else if (launched !== undefined) {
      words = await launched.words();
      if (!isPassing(words)) break;
    }
  }
  throw new EmbeddedRefused(`PostgreSQL did not start in ${clusterDir}. It said: ${words.trim()}`);
}

async function prepareAndLaunch(options: ComingUp): Promise<Launch> {
  await prepare(options);
  return await launch(options.binaries.postgres, options.place);
}

/** Somebody else holds the cluster or is just letting go of it; a killed postmaster's children are still leaving; a port was taken meanwhile. */
function isPassing(words: string): boolean {
  return /postmaster\.pid" already exists|pre-existing shared memory|could not bind/.test(words);
}

/** Undefined when it went away while we were knocking. */
async function enter({ place, log }: ComingUp): Promise<Omit<Up, 'adopted'> | undefined> {
  const running = await findPostmaster(place.clusterDir);
  if (running === undefined) return undefined;
  const maintenanceUrl = urlOf(
    { password: await cluster.readPassword(place.clusterDir), port: running.port },
    'postgres',
  );
  try {
    return { running, maintenanceUrl, keeper: await hold(maintenanceUrl, log) };
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') return undefined;
    throw new EmbeddedRefused(
      `PostgreSQL on ${place.clusterDir} (process ${running.pid}) does not accept the password in kopilka.password there.`,
    );
  }
}

/** Everything a stopped cluster needs before it starts: files, port, settings. */
async function prepare(options: ComingUp): Promise<void> {
  const { clusterDir, account } = options.place;
  const version = await cluster.clusterVersion(clusterDir);
  if (version === undefined) await cluster.initialise(options);
  else cluster.refuseOtherVersion(version, clusterDir);
  const port = await choosePort(options.port, await cluster.lastPort(clusterDir));
  const settings = settingsFor(await machine(options), { durable: options.durable, port });
  await cluster.writePrivately(join(clusterDir, cluster.settingsFile), renderSettings(settings), account);
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

async function machine(options: EmbeddedOptions): Promise<Machine> {
  const limit = process.constrainedMemory();
  return {
    // In a container the limit counts, not the host's memory.
    memoryBytes: options.memoryBytes ?? (limit > 0 ? Math.min(limit, totalmem()) : totalmem()),
    cores: options.cores ?? availableParallelism(),
    sharedMemoryBytes: await sharedMemory(),
  };
}

async function sharedMemory(): Promise<number> {
  if (process.platform !== 'linux') return Number.MAX_SAFE_INTEGER;
  const found = await statfs('/dev/shm').catch(() => undefined);
  return found === undefined ? 0 : found.bsize * found.blocks;
}
