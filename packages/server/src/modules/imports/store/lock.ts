import type { Database } from '#platform/db.ts';

// One import works at a time in an installation: they share the staging tables, and two replays would mix their clocks.
const lockKey = 7_236_001;

/** Runs work while no other process imports; null: one does. The lock goes with the connection, so a killed process leaves none behind. */
export async function whileAlone<Value>(db: Database, work: () => Promise<Value>): Promise<Value | null> {
  const client = await db.pool.connect();
  try {
    const answer = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lockKey]);
    if (answer.rows[0]?.taken !== true) return null;
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lockKey]);
    }
  } finally {
    client.release();
  }
}
