import { AsyncLocalStorage } from 'node:async_hooks';
import { all, Committing, type Database, RolledBack, statement, type Tx } from './db.ts';

/**
 * A database whose transactions can be gathered into one. Within `inOne` every `begin` becomes a savepoint of the same transaction and every
 * read runs in it, so that what a use case did and what its adapter remembers about it (an Idempotency-Key's record) are committed together or
 * not at all. Outside of `inOne` it is the database itself.
 */
export interface JoinableDatabase extends Database {
  /** `work` may run again after a deadlock, like every transaction's. COPY through `pool` is not gathered. */
  inOne<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value>;
}

interface Joined {
  readonly tx: Tx;
  /** Savepoints of one connection cannot overlap: they queue here. */
  last: Promise<unknown>;
}

const savepoint = statement<never>('platform.savepoint', 'savepoint joined');
const release = statement<never>('platform.release_savepoint', 'release savepoint joined');
const rollbackTo = statement<never>('platform.rollback_to_savepoint', 'rollback to savepoint joined');

export function joinable(db: Database): JoinableDatabase {
  const joined = new AsyncLocalStorage<Joined>();
  const begin = <Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> => {
    const outer = joined.getStore();
    if (outer === undefined) return db.begin(work);
    const mine = outer.last.then(() =>
      joined.run({ tx: outer.tx, last: Promise.resolve() }, () => nested(outer.tx, work)),
    );
    outer.last = mine.catch(() => undefined);
    return mine;
  };
  return {
    pool: db.pool,
    poolUse: () => db.poolUse(),
    close: () => db.close(),
    run: (query, values) => (joined.getStore()?.tx ?? db).run(query, values),
    begin,
    together: (work) => {
      const outer = joined.getStore();
      return outer === undefined ? db.together(work) : work(outer.tx);
    },
    inOne: (work) => db.begin((tx) => joined.run({ tx, last: Promise.resolve() }, () => work(tx))),
  };
}

async function nested<Value>(tx: Tx, work: (tx: Tx) => Promise<Value>): Promise<Value> {
  await tx.run(savepoint, []);
  let value: Value;
  try {
    value = await work(tx);
    if (value instanceof Committing) await all(value.writes);
  } catch (error) {
    await tx.run(rollbackTo, []);
    throw error;
  }
  if (value instanceof RolledBack) {
    await tx.run(rollbackTo, []);
    return value.value as Value;
  }
  await tx.run(release, []);
  return value instanceof Committing ? (value.value as Value) : value;
}
