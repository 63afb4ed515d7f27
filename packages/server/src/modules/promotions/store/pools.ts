import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Instant } from '#kernel/time.ts';
import { type Database, type Db, statement, type Tx } from '#platform/db.ts';
import type { Pool } from '../domain/pool.ts';

const columns = `pool_id as "poolId", promotion_code as "promotionCode", name, prefix, random_length as length, count, generated, uses_max as "usesMax",
  valid_from as "validFrom", valid_until as "validUntil", state, created_at as "createdAt", finished_at as "finishedAt"`;

const insert = statement<never>(
  'promotions.insert_pool',
  `insert into promotions.promo_code_pool
     (pool_id, promotion_code, name, prefix, random_length, count, uses_max, valid_from, valid_until, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

const find = statement<Pool>(
  'promotions.find_pool',
  `select ${columns} from promotions.promo_code_pool where pool_id = $1`,
);

const usage = statement<{ used: bigint; uses: bigint }>(
  'promotions.pool_usage',
  `select count(*) as used, coalesce(sum(uses), 0)::bigint as uses from promotions.promo_code where pool_id = $1 and uses > 0`,
);

// One pool at a time, oldest first; another worker's is skipped.
const running = `select ${columns} from promotions.promo_code_pool where state = 'running' order by created_at limit 1 for update skip locked`;

export async function insertPool(tx: Tx, pool: Pool): Promise<void> {
  const what = [pool.poolId, pool.promotionCode, pool.name, pool.prefix, pool.length, pool.count, pool.usesMax];
  await tx.run(insert, [...what, pool.validFrom, pool.validUntil, pool.createdAt]);
}

export async function findPool(db: Db, poolId: string): Promise<Pool | null> {
  const [pool] = await db.run(find, [poolId]);
  return pool ?? null;
}

/** Codes with a use, and uses of all: an index-only walk over one pool. */
export async function readPoolUsage(db: Db, poolId: string): Promise<{ used: bigint; uses: bigint }> {
  const [row] = await db.run(usage, [poolId]);
  return row ?? { used: 0n, uses: 0n };
}

export interface NewCode {
  readonly codeKey: string;
  readonly text: string;
}

/**
 * Makes one chunk of the oldest running pool and counts it, in one transaction: a kill loses at most a chunk, which is made again. Codes go by
 * COPY into a table of the transaction's own and from there past collisions, with any other code there is, into the real one. Answers how many
 * codes were made; 0: no pool is running.
 */
export async function growOldestPool(
  db: Database,
  make: (pool: Pool) => readonly NewCode[],
  now: Instant,
): Promise<number> {
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<Pool>(running);
    const [pool] = rows;
    if (!pool) {
      await client.query('rollback');
      return 0;
    }
    await client.query('create temporary table fresh_code (code_key text, text text) on commit drop');
    const copying = client.query(copyFrom('copy fresh_code from stdin'));
    await pipeline(Readable.from(copyRows(make(pool))), copying);
    const inserted = await client.query(
      `insert into promotions.promo_code (code_key, text, kind, promotion_code, pool_id, valid_from, valid_until, uses_max, created_at)
       select code_key, text, 'unique', $1, $2::uuid, $3::timestamptz, $4::timestamptz, $5::int, $6::timestamptz from fresh_code
       on conflict (code_key) do nothing`,
      [
        pool.promotionCode,
        pool.poolId,
        instantText(pool.validFrom),
        instantText(pool.validUntil),
        pool.usesMax,
        now.toString(),
      ],
    );
    const made = inserted.rowCount ?? 0;
    await client.query(
      `update promotions.promo_code_pool set generated = generated + $2,
         state = case when generated + $2 = count then 'done' else state end,
         finished_at = case when generated + $2 = count then $3::timestamptz end
       where pool_id = $1`,
      [pool.poolId, made, now.toString()],
    );
    await client.query('commit');
    return made;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** Batches, because a write per row costs more than the row. Keys and texts have no tab, no backslash, no line break. */
function* copyRows(codes: readonly NewCode[]): Generator<string> {
  const batch = 2_000;
  for (let from = 0; from < codes.length; from += batch) {
    yield codes
      .slice(from, from + batch)
      .map(({ codeKey, text }) => `${codeKey}\t${text}\n`)
      .join('');
  }
}

function instantText(instant: Instant | null): string | null {
  return instant?.toString() ?? null;
}

/** A pool's codes as CSV, in constant memory; ends the connection's use when it was read to its end or dropped. */
export async function* exportPoolCsv(db: Database, poolId: string): AsyncGenerator<Buffer> {
  const client = await db.pool.connect();
  let finished = false;
  try {
    // COPY takes no parameters; the id is a UUID that came from our own table.
    const query = copyTo(
      `copy (select text as code, uses, cancelled_at is not null as cancelled from promotions.promo_code where pool_id = '${poolId}' order by code_key)
       to stdout with (format csv, header)`,
    );
    for await (const part of client.query(query)) yield part as Buffer;
    finished = true;
  } finally {
    // A reader who left in the middle leaves the connection in the middle of COPY: it is closed.
    client.release(!finished);
  }
}
