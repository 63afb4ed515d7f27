import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Instant, isBefore } from '#kernel/time.ts';
import { recordAudit } from '#modules/access/index.ts';
import { type Database, inTransaction } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { NewId, Random } from '#platform/random.ts';
import { bytesFor, isRoomyEnough, lettersFrom, readableCode } from '../domain/code-alphabet.ts';
import { codeKey } from '../domain/code-key.ts';
import { type Pool, poolChunk } from '../domain/pool.ts';
import { exportPoolCsv, findPool, growOldestPool, insertPool, type NewCode, readPoolUsage } from '../store/pools.ts';

export interface PoolDeps {
  readonly db: Database;
  readonly newId: NewId;
  readonly random: Random;
}

export interface PoolOrder {
  readonly name: string;
  readonly promotionCode: string;
  readonly count: number;
  readonly prefix: string;
  readonly length: number;
  readonly usesMax: number | null;
  readonly validFrom: Instant | null;
  readonly validUntil: Instant | null;
  readonly now: Instant;
  readonly caller: Caller;
}

export type PoolRefusal =
  | { readonly code: 'pool_too_dense'; readonly field: '/length' }
  | { readonly code: 'term_reversed'; readonly field: '/valid_until' };

/** Takes an order for codes; `growPools` makes them. */
export async function createPool(deps: PoolDeps, order: PoolOrder): Promise<Outcome<PoolView, PoolRefusal>> {
  if (!isRoomyEnough(order.count, order.length)) return refused({ code: 'pool_too_dense', field: '/length' });
  const { validFrom, validUntil } = order;
  if (validFrom !== null && validUntil !== null && !isBefore(validFrom, validUntil)) {
    return refused({ code: 'term_reversed', field: '/valid_until' });
  }
  const { now, caller, ...what } = order;
  const pool: Pool = {
    ...what,
    poolId: deps.newId(),
    generated: 0,
    state: 'running',
    createdAt: now,
    finishedAt: null,
  };
  return inTransaction(deps.db, async (tx) => {
    await insertPool(tx, pool);
    const subject = { kind: 'promo_code_pool', id: pool.poolId };
    const after = { promotion: pool.promotionCode, name: pool.name, count: pool.count };
    await recordAudit(tx, {
      now,
      newId: deps.newId,
      caller,
      action: 'promo_code_pool.create',
      subject,
      before: null,
      after,
    });
    return done({ ...pool, used: 0n, uses: 0n });
  });
}

export interface PoolView extends Pool {
  readonly used: bigint;
  readonly uses: bigint;
}

export async function readPool(
  deps: PoolDeps,
  poolId: string,
): Promise<Outcome<PoolView, { readonly code: 'pool_not_found' }>> {
  const pool = await findPool(deps.db, poolId);
  if (pool === null) return refused({ code: 'pool_not_found' });
  return done({ ...pool, ...(await readPoolUsage(deps.db, poolId)) });
}

/** The codes as CSV, streamed; only of a pool that is done, so that nobody prints half of it. */
export async function exportPool(
  deps: PoolDeps,
  poolId: string,
): Promise<Outcome<AsyncIterable<Uint8Array>, { readonly code: 'pool_not_found' | 'pool_not_ready' }>> {
  const pool = await findPool(deps.db, poolId);
  if (pool === null) return refused({ code: 'pool_not_found' });
  if (pool.state !== 'done') return refused({ code: 'pool_not_ready' });
  return done(exportPoolCsv(deps.db, pool.poolId));
}

/** Due work: a chunk of the oldest pool that is not complete. Codes that collided are simply still missing, and made by the next call. */
export function growPools(deps: PoolDeps, now: Instant): Promise<number> {
  return growOldestPool(
    deps.db,
    (pool) => freshCodes(deps.random, pool, Math.min(poolChunk, pool.count - pool.generated)),
    now,
  );
}

function freshCodes(random: Random, pool: Pool, count: number): NewCode[] {
  const codes = new Map<string, string>();
  while (codes.size < count) {
    const letters = lettersFrom(random.bytes(bytesFor(pool.length)), pool.length);
    if (letters === '') continue;
    const text = readableCode(pool.prefix, letters);
    codes.set(codeKey(text), text);
  }
  return Array.from(codes, ([key, text]) => ({ codeKey: key, text }));
}
