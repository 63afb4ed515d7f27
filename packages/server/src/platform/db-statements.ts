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
