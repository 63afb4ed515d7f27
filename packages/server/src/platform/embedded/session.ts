import pg from 'pg';
import { EmbeddedRefused } from './account.ts';

/** Any number that nobody else locks in the maintenance database. */
const inUse = 7_210_018;
const reconnectMilliseconds = 1000;

/** Of pg's Client, missing in its types: whether the open connection alone keeps the program running. */
interface EventLoopHandle {
  ref(): void;
  unref(): void;
}

export interface Keeper {
  /** True when nobody else holds the cluster: the one who asked may shut it down. */
  release(): Promise<boolean>;
}

/**
 * Several programs may share one embedded cluster: the server, `kopilka audit` beside it. Each holds a shared lock;
 * who stops and can then take it alone was the last one. A killed program's lock falls with its connection.
 */
export async function hold(url: string, log: (line: string) => void): Promise<Keeper> {
  let released = false;
  let client = await lockShared(url, lost);

  function lost(): void {
    if (released) return;
    const timer = setTimeout(() => {
      if (released) return;
      lockShared(url, lost).then(
        (next) => {
          client = next;
          log('PostgreSQL is reachable again.');
        },
        () => lost(),
      );
    }, reconnectMilliseconds);
    timer.unref();
  }

  return {
    release: async () => {
      released = true;
      (client as unknown as EventLoopHandle).ref();
      try {
        await client.query('select pg_advisory_unlock_shared($1)', [inUse]);
        const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [inUse]);
        if (rows[0]?.alone !== true) await client.end();
        return rows[0]?.alone === true;
      } catch {
        return false;
      }
    },
  };
}

async function lockShared(url: string, lost: () => void): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'kopilka keeper', keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('select pg_advisory_lock_shared($1)', [inUse]);
  // Only now: a failed attempt rejects and also emits "end". Told of both, each second would try twice as often as the one before.
  client.on('end', lost);
  // A program that forgot to stop us may still end.
  (client as unknown as EventLoopHandle).unref();
  return client;
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function ensureDatabase(maintenanceUrl: string, database: string): Promise<void> {
  await withClient(maintenanceUrl, async (client) => {
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (found.rowCount !== 0) return;
    await client.query(`create database ${pg.escapeIdentifier(database)}`).catch((error: { code?: string }) => {
      // Two starts at once: the other one made it.
      if (error.code !== '42P04' && error.code !== '23505') throw error;
    });
  });
}

/** Without these a name search finds nobody, silently. */
export async function checkCyrillic(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{
      encoding: string;
      trigrams: boolean;
      russian: boolean;
      schema: string | null;
    }>(
      `select current_setting('server_encoding') as encoding,
              exists (select from pg_available_extensions where name = 'pg_trgm') as trigrams,
              exists (select from pg_collation where collname = 'ru-RU-x-icu') as russian,
              (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm') as schema`,
    );
    const found = rows[0];
    const missing: string[] = [];
    if (found?.encoding !== 'UTF8') missing.push(`its encoding is ${found?.encoding} and not UTF8`);
    if (found?.russian !== true) missing.push('the collation "ru-RU-x-icu" is not there');
    if (found?.trigrams !== true) missing.push('the extension pg_trgm is not there');
    else if (!(await hasTrigrams(client, found.schema))) missing.push('Cyrillic words have no trigrams in its locale');
    if (missing.length === 0) return;
    throw new EmbeddedRefused(`This PostgreSQL cannot search Russian names: ${missing.join(', ')}.`);
  });
}

/** Where no migration has made the extension yet, it is made and taken back: its schema is not ours to choose. */
async function hasTrigrams(client: pg.Client, schema: string | null): Promise<boolean> {
  await client.query('begin');
  try {
    if (schema === null) await client.query('create extension pg_trgm schema public');
    const name = `${pg.escapeIdentifier(schema ?? 'public')}.show_trgm`;
    const { rows } = await client.query<{ some: boolean }>(`select cardinality(${name}('Анна')) > 0 as some`);
    return rows[0]?.some === true;
  } finally {
    await client.query('rollback');
  }
}
