// The measure of an import: the very rows it made, written by COPY into the very tables with their keys.
import { createReadStream, createWriteStream } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** Seconds that COPY takes for all tables. They are emptied and filled again, one after the other. */
export async function copySeconds(pool: pg.Pool, tables: readonly string[], folder: string): Promise<number> {
  const client = await pool.connect();
  try {
    const filled: string[] = [];
    for (const table of tables) {
      const { rows } = await client.query<{ found: boolean }>(`select exists (select 1 from ${table}) as found`);
      if (rows[0]?.found !== true) continue;
      filled.push(table);
      await pipeline(client.query(copyTo(`copy ${table} to stdout`)), createWriteStream(`${folder}/${table}`));
    }
    await client.query(`truncate ${filled.join(', ')}`);
    await client.query('checkpoint');
    const started = performance.now();
    for (const table of filled) {
      await pipeline(createReadStream(`${folder}/${table}`), client.query(copyFrom(`copy ${table} from stdin`)));
    }
    return (performance.now() - started) / 1_000;
  } finally {
    client.release();
  }
}
