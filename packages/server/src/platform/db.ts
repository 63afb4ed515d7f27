import type { Socket } from 'node:net';
import process from 'node:process';
import { createHash } from 'node:crypto';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import pg from 'pg';
import type { Refusal } from '#kernel/outcome.ts';
import { encodeValue, typeParsers } from './db-values.ts';

/**
 * The database handle. Reads take `Db`, locks and writes take `Tx`; only the use case an adapter called begins a transaction.
 * Connections are pipelined: statements sent without waiting share one round trip and run in the order they were sent.
 */
export interface Db {
  /** Sends a named, server-prepared statement and answers its rows. */
  run<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]>;
}

declare const txBrand: unique symbol;
export interface Tx extends Db {
  readonly [txBrand]: true;
}

/** SQL text under a name. Both never change while the program runs; the list of all is committed and checked in a test. */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  readonly row?: Row;
}

const statements = new Map<string, string>();

/** Declares a hot statement. The name is `module.what_it_does`, at most 63 characters: PostgreSQL cuts longer ones. */
export function statement<Row>(name: string, text: string): Statement<Row> {
  if (name.length > 63) throw new RangeError(`statement name too long: ${name}`);
  const known = statements.get(name);
  if (known !== undefined && known !== text) throw new RangeError(`two statements are named ${name}`);
  statements.set(name, text);
  return { name, text };
}

export function declaredStatements(): ReadonlyMap<string, string> {
  return statements;
}

const rowCounts = [256, 64, 16, 8, 4, 3, 2, 1] as const;

/**
 * A plain INSERT … VALUES of many rows (architecture.md: no insert … select on members' tables). Each of eight list lengths is one prepared
 * statement; longer arrays go as several. `head` is "insert into ledger.lot (member_id, …)", `tail` an optional "on conflict …".
 */
export interface RowsStatement {
  readonly columns: number;
  readonly ofLength: (rows: number) => Statement<never>;
}

export function rowsStatement(name: string, insert: { head: string; columns: number; tail?: string }): RowsStatement {
  const made = new Map<number, Statement<never>>();
  for (const rows of rowCounts) {
    if (rows * insert.columns > 32_000) continue;
    const lists = Array.from({ length: rows }, (_, row) => {
      const places = Array.from(
        { length: insert.columns },
        (_unused, column) => `$${row * insert.columns + column + 1}`,
      );
      return `(${places.join(', ')})`;
    });
    made.set(
      rows,
      statement<never>(`${name}_${rows}`, `${insert.head} values ${lists.join(', ')} ${insert.tail ?? ''}`.trim()),
    );
  }
  return {
    columns: insert.columns,
    ofLength: (rows) => {
      const found = made.get(rows);
      if (!found) throw new RangeError(`no ${name} of ${rows} rows`);
      return found;
    },
  };
}

/** Writes all rows, in as few statements as the list lengths allow. Await the result or hand it to `commitWith`. */
export async function insertRows(tx: Tx, insert: RowsStatement, rows: readonly (readonly unknown[])[]): Promise<void> {
  const sent: Promise<unknown>[] = [];
  let from = 0;
  while (from < rows.length) {
    const left = rows.length - from;
    const length = rowCounts.find((count) => count <= left && count * insert.columns <= 32_000) ?? 1;
    sent.push(tx.run(insert.ofLength(length), rows.slice(from, from + length).flat()));
    from += length;
  }
  await all(sent);
}

/** Waits for every pipelined write, then throws the first failure: no rejection is left unhandled. */
export async function all(sent: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(sent);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

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
  } as pg.PoolConfig);
  const bulk = new pg.Pool({
    connectionString: options.url,
    max: 4,
    types: { getTypeParser: typeParsers },
    options: '-c timezone=UTC',
    application_name: 'kopilka bulk',
  } as pg.PoolConfig);
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

/** Statements sent in one turn of the program leave in one packet: a system call for each of them cost a third of a purchase. */
function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as ClientWithSocket).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** What `commitWith` made; only this file and db-joined.ts look inside. */
export class Committing<Value> {
  readonly value: Value;
  readonly writes: readonly Promise<unknown>[];
  constructor(value: Value, writes: readonly Promise<unknown>[]) {
    this.value = value;
    this.writes = writes;
  }
}

export class RolledBack {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

/**
 * Return this from the work of a transaction: its last writes and COMMIT then travel together, one round trip. If any of the writes fails
 * the database rolls everything back and the failure is thrown.
 */
export function commitWith<Value>(value: Value, writes: readonly Promise<unknown>[]): Value {
  for (const write of writes) write.catch(() => undefined);
  return new Committing(value, writes) as unknown as Value;
}

/** For a use case that runs another one inside its own transaction: waits for the writes that were to travel with COMMIT, and goes on. */
export async function writesDone<Value>(answer: Value): Promise<Value> {
  if (!(answer instanceof Committing)) return answer;
  await all(answer.writes);
  return answer.value as Value;
}

/** Return this from the work of a transaction to undo everything it did and still answer a value. */
export function rollBack<Value>(value: Value): Value {
  return new RolledBack(value) as unknown as Value;
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

export function sqlState(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : '';
}

/** The name of the constraint that a failed write broke, or ''. */
export function brokenConstraint(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('constraint' in error)) return '';
  return typeof error.constraint === 'string' ? error.constraint : '';
}

/** Kysely's builder over a handle, for cold paths. `Tables` are the module's own, so that a foreign table does not compile. */
export function builder<Tables>(db: Db): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => handleDriver(db),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

function handleDriver(db: Db): Driver {
  const refuse = (): Promise<void> => Promise.reject(new Error('transactions are begun with inTransaction'));
  const connection: DatabaseConnection = {
    executeQuery: async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> => {
      const name = `builder_${createHash('sha256').update(query.sql).digest('hex').slice(0, 32)}`;
      const rows = await db.run<Row>({ name, text: query.sql }, query.parameters);
      return { rows };
    },
    streamQuery: () => {
      throw new Error('streams are not supported here: use database.pool');
    },
  };
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    releaseConnection: () => Promise.resolve(),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: () => Promise.resolve(),
  };
}
