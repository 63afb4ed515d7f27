import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { scopes } from '@kopilka/contract';
import { type CliContext, CliRefusal } from '#platform/cli.ts';
import { createOut, createProgress, type Streams } from '#platform/cli-out.ts';
import { systemClock } from '#platform/clock.ts';
import { type Config, ensureSecret, parseConfig } from '#platform/config.ts';
import { openDatabase } from '#platform/db.ts';
import { joinable } from '#platform/db-joined.ts';
import { type EmbeddedPostgres, startEmbedded } from '#platform/embedded.ts';
import type { Foundation } from '#platform/foundation.ts';
import type { Caller } from '#platform/http/caller.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { migrate } from '#platform/migrate.ts';
import { idMaker, systemRandom } from '#platform/random.ts';
import { noPorts, openPorts } from '../wiring/ports.ts';
import { type Kopilka, mountAll } from '../wiring.ts';

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

const nowhere = 'postgres://127.0.0.1:1/nowhere';

export interface SessionOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly person: string;
  readonly streams: Streams;
  readonly isJson: () => boolean;
  readonly signal: AbortSignal;
}

/** One run of the program: what it has opened so far, to be closed in the opposite order. */
export interface Session extends CliContext {
  config(): Config;
  /** The address of the database; starts the embedded one when there is no other. */
  databaseUrl(): Promise<string>;
  /** The embedded cluster, running; for a machine whose DATABASE_URL is not set. */
  embedded(): Promise<Pick<EmbeddedPostgres, 'url' | 'dataDir'>>;
  kopilka(): Promise<Kopilka>;
  /** Everything mounted on a database that is never connected to: for what the program can say about itself. */
  unconnected(): Kopilka;
  /** Applies pending migrations; answers how many. */
  migrate(): Promise<number>;
  missingMigrations(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function openSession(options: SessionOptions): Session {
  const out = createOut(options.streams, options.isJson);
  const once = closing();
  const config = lazy(() => configOf(options.env));
  const postgres = once(async (): Promise<Opened<Pick<EmbeddedPostgres, 'url' | 'dataDir'>>> => {
    const { databaseUrl, dataDir } = config();
    if (databaseUrl !== undefined) return { value: { url: databaseUrl, dataDir }, close: async () => undefined };
    const started = await startEmbedded({ dataDir, database: 'kopilka', durable: true, log: (line) => out.note(line) });
    return { value: started, close: () => started.stop() };
  });
  const bare = once(async () => {
    const secret = await ensureSecret(config());
    const foundation = layFoundation({ config: config(), secret, url: (await postgres()).url });
    return { value: foundation, close: () => foundation.db.close() };
  });
  const migrated = lazy(async () => {
    const { db } = await bare();
    return migrate(db.pool, { folder: migrationsFolder, log: (line) => out.note(line) });
  });
  const foundation = async () => {
    await migrated();
    return bare();
  };
  const kopilka = once(async () => {
    const ground = await foundation();
    const ports = await openPorts(ground);
    return { value: mountAll(ground, ports), close: async () => ports.stop() };
  });
  return {
    config,
    databaseUrl: async () => (await postgres()).url,
    embedded: postgres,
    foundation,
    kopilka,
    unconnected: () => mountAll(layFoundation({ config: config(), secret: '', url: nowhere }), noPorts),
    modules: async () => (await kopilka()).modules,
    migrate: migrated,
    missingMigrations: async () => missingMigrations(await bare()),
    caller: callerOf(options.person),
    out,
    progress: (label, total) => createProgress(options.streams.remarks, label, total),
    signal: options.signal,
    close: () => once.closeAll(),
  };
}

function configOf(env: SessionOptions['env']): Config {
  const parsed = parseConfig(env);
  if (parsed.ok) return parsed.value;
  throw new CliRefusal(parsed.refusal, parsed.refusal.details.problems.join('\n'));
}

interface Ground {
  readonly config: Config;
  readonly secret: string;
  readonly url: string;
}

function layFoundation({ config, secret, url }: Ground): Foundation {
  const log = createLog({ level: config.logLevel });
  const random = systemRandom();
  const onIdleError = (error: Error) => log.warn({ event: 'database_connection_lost', err: error });
  const db = joinable(openDatabase({ url, poolSize: config.poolSize, onIdleError }));
  const metrics = createMetrics();
  const clock = systemClock;
  return { config, secret, db, clock, random, newId: idMaker(clock, random), log, metrics };
}

async function missingMigrations({ db }: Foundation): Promise<string[]> {
  const names = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).sort();
  const result = await db.pool.query<{ name: string }>('select name from platform.migration');
  const applied = new Set(result.rows.map((row) => row.name));
  return names.filter((name) => !applied.has(name));
}

/** Whoever may run the program on this machine owns the installation. */
function callerOf(person: string): Caller {
  return {
    kind: 'cli',
    id: person,
    name: person,
    integration: 'cli',
    scopes: new Set(scopes),
    shopIds: null,
    test: false,
  };
}

interface Opened<Value> {
  readonly value: Value;
  close(): Promise<void>;
}

function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Things that are opened at most once and closed last first: what a thing needs is open before it is. */
function closing() {
  const opened: Opened<unknown>[] = [];
  const once = <Value>(open: () => Promise<Opened<Value>>): (() => Promise<Value>) =>
    lazy(async () => {
      const made = await open();
      opened.push(made);
      return made.value;
    });
  once.closeAll = async () => {
    for (let last = opened.pop(); last !== undefined; last = opened.pop()) await last.close();
  };
  return once;
}
