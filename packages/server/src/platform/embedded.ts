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
      if (!(await becomesReady(place.clusterDir, running.pid, log))) continue;
      const up = await join_(options, await findPostmaster(place.clusterDir));
      if (up !== undefined) return up;
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
