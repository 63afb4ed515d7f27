import { createHash } from 'node:crypto';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Db } from './db-statements.ts';

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
