import type { Socket } from 'node:net';
import process from 'node:process';
import pg from 'pg';
import type { Refusal } from '#kernel/outcome.ts';
import { Committing, RolledBack, rollBack } from './db-ends.ts';
import { sqlState } from './db-errors.ts';
import { all, type Db, type Statement, type Tx } from './db-statements.ts';
import { encodeValue, typeParsers } from './db-values.ts';

export { builder } from './db-builder.ts';
export { Committing, commitWith, RolledBack, rollBack, writesDone } from './db-ends.ts';
export { brokenConstraint, sqlState } from './db-errors.ts';
export {
  all,
  type Db,
  declaredStatements,
  insertRows,
  type RowsStatement,
  rowsStatement,
  type Statement,
  statement,
  type Tx,
} from './db-statements.ts';

export interface Database extends Db {
  /** A pool whose connections are not pipelined: for COPY and cursors. */
  readonly pool: pg.Pool;
  /** Runs work in a transaction; see `inTransaction`. */
  begin<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value>;
  /**
   * Reads of one use case over one connection, without a transaction: those sent in one turn leave in one packet. `work` waits for all of them
   * and asks for nothing else meanwhile.
   */
  together<Value>(work: (db: Db) => Promise<Value>): Promise<Value>;
  poolUse(): { total: number; idle: number; waiting: number };
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly onIdleError?: (error: Error) => void;
}

const deadlockTriesMax = 5;
const retryable: ReadonlySet<string> = new Set(['40P01', '40001']);

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    // A pool that is waited for longer than this is a mistake of ours or an outage: say so instead of hanging.
    connectionTimeoutMillis: 10_000,
    pipeline: true,
    types: { getTypeParser: typeParsers },
    options: '-c timezone=UTC -c statement_timeout=120000 -c idle_in_transaction_session_timeout=60000',
    application_name: 'kopilka',
  });
  const bulk = new pg.Pool({
    connectionString: options.url,
    max: 4,
    types: { getTypeParser: typeParsers },
    options: '-c timezone=UTC',
    application_name: 'kopilka bulk',
  });
  for (const each of [pool, bulk]) surviveLostConnections(each, options.onIdleError);
  return {
    pool: bulk,
    run: async <Row>(query: Statement<Row>, values: readonly unknown[]) =>
      rowsOf<Row>(await pool.query(named(query, values))),
    begin: (work) => withRetries(() => transact(pool, work)),
    together: (work) => readTogether(pool, work),
    poolUse: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: async () => {
      await Promise.all([pool.end(), bulk.end()]);
    },
  };
}

/** Without a listener a connection that drops ends the process: an idle one (the pool's event) and one in use (its own; its statement fails too). */
function surviveLostConnections(pool: pg.Pool, onIdleError: DatabaseOptions['onIdleError']): void {
  pool.on('error', (error) => onIdleError?.(error));
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
}

function named<Row>(query: Statement<Row>, values: readonly unknown[]): pg.QueryConfig {
  return { name: query.name, text: query.text, values: values.map(encodeValue) };
}

function rowsOf<Row>(result: pg.QueryResult): Row[] {
  return result.rows as Row[];
}

async function withRetries<Value>(attempt: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries >= deadlockTriesMax || !retryable.has(sqlState(error))) throw error;
    }
  }
}

async function transact<Value>(pool: pg.Pool, work: (tx: Tx) => Promise<Value>): Promise<Value> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // Not awaited: BEGIN travels with the first statement.
    sendTogether(client);
    const begun = client.query('begin');
    begun.catch(() => undefined);
    const tx = transactionOn(client);
    let value: Value;
    try {
      value = await work(tx);
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
    if (value instanceof RolledBack) {
      await client.query('rollback');
      return value.value as Value;
    }
    if (value instanceof Committing) {
      sendTogether(client);
      const committed = client.query('commit');
      // Both are waited for before anything is thrown: a client must not go back to the pool with answers on their way.
      await Promise.allSettled([...value.writes, committed]);
      await all(value.writes);
      assertCommitted(await committed);
      return value.value as Value;
    }
    assertCommitted(await client.query('commit'));
    return value;
  } catch (error) {
    if (sqlState(error) === '') broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken !== undefined && isConnectionError(broken) ? broken : undefined);
  }
}

async function readTogether<Value>(pool: pg.Pool, work: (db: Db) => Promise<Value>): Promise<Value> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return await work(transactionOn(client));
  } catch (error) {
    if (sqlState(error) === '' && error instanceof Error && isConnectionError(error)) broken = error;
    throw error;
  } finally {
    client.release(broken);
  }
}

function isConnectionError(error: Error): boolean {
  return /connection|terminat|ECONNRESET|EPIPE|not queryable/i.test(error.message);
}

function assertCommitted(result: pg.QueryResult): void {
  // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and no error.
  if (result.command !== 'COMMIT') throw new Error('the transaction was rolled back by the database');
}

function transactionOn(client: pg.PoolClient): Tx {
  const tx = {
    run: async <Row>(query: Statement<Row>, values: readonly unknown[]) => {
      sendTogether(client);
      return rowsOf<Row>(await client.query(named(query, values)));
    },
  };
  return tx as unknown as Tx;
}

interface ClientWithSocket {
  readonly connection: { readonly stream: Socket };
}

/** Statements sent in one turn of the program leave in one packet, not with a system call each. */
function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as ClientWithSocket).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Runs a use case in a transaction; a refusal (`ok: false`) rolls back. Deadlocks are retried at most five times. */
export async function inTransaction<Value>(db: Database, work: (tx: Tx) => Promise<Value>): Promise<Value> {
  return db.begin(async (tx) => {
    const value = await work(tx);
    return isRefusal(value) ? rollBack(value) : value;
  });
}

function isRefusal(value: unknown): value is { ok: false; refusal: Refusal } {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false;
}
