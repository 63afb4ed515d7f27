import type { Temporal } from 'temporal-polyfill';
import { type Db, statement, type Tx } from '#platform/db.ts';
import type { ApiKey } from '../domain/api-key.ts';

export interface StoredApiKey extends ApiKey {
  readonly createdAt: Temporal.Instant;
  readonly lastUsedAt: Temporal.Instant | null;
  readonly revokedAt: Temporal.Instant | null;
}

export interface ActiveApiKey extends ApiKey {
  readonly secretHash: Uint8Array;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly integration: string;
  readonly scopes: readonly string[];
  readonly shop_ids: readonly string[] | null;
  readonly test: boolean;
}

interface StoredRow extends Row {
  readonly created_at: Temporal.Instant;
  readonly last_used_at: Temporal.Instant | null;
  readonly revoked_at: Temporal.Instant | null;
}

const columns = 'id, name, integration, scopes, shop_ids, test';
const storedColumns = `${columns}, created_at, last_used_at, revoked_at`;

const insert = statement<never>(
  'access.insert_api_key',
  `insert into access.api_key (${columns}, secret_hash, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const revoke = statement<StoredRow>(
  'access.revoke_api_key',
  `update access.api_key set revoked_at = $2 where id = $1 and revoked_at is null returning ${storedColumns}`,
);
const find = statement<StoredRow>('access.find_api_key', `select ${storedColumns} from access.api_key where id = $1`);
const list = statement<StoredRow>(
  'access.list_api_keys',
  `select ${storedColumns} from access.api_key where $1::uuid is null or id < $1 order by id desc limit $2`,
);
const active = statement<Row & { readonly secret_hash: Uint8Array }>(
  'access.active_api_keys',
  `select ${columns}, secret_hash from access.api_key where revoked_at is null`,
);
const used = statement<never>(
  'access.mark_api_keys_used',
  'update access.api_key set last_used_at = $2 where id = any($1::uuid[])',
);

export interface NewApiKey extends ApiKey {
  readonly secretHash: Uint8Array;
  readonly createdAt: Temporal.Instant;
}

export async function insertApiKey(tx: Tx, key: NewApiKey): Promise<void> {
  const { id, name, integration, scopes, shopIds, test } = key;
  await tx.run(insert, [id, name, integration, scopes, shopIds, test, key.secretHash, key.createdAt]);
}

/** Null when there is no such key or it was revoked before. */
export async function markRevoked(tx: Tx, id: string, at: Temporal.Instant): Promise<StoredApiKey | null> {
  const [row] = await tx.run(revoke, [id, at]);
  return row === undefined ? null : stored(row);
}

export async function findApiKey(db: Db, id: string): Promise<StoredApiKey | null> {
  const [row] = await db.run(find, [id]);
  return row === undefined ? null : stored(row);
}

/** Newest first, those made before `beforeId`. */
export async function listStoredKeys(
  db: Db,
  page: { beforeId: string | null; limit: number },
): Promise<StoredApiKey[]> {
  return (await db.run(list, [page.beforeId, page.limit])).map(stored);
}

export async function listActiveKeys(db: Db): Promise<ActiveApiKey[]> {
  return (await db.run(active, [])).map((row) => ({ ...keyOf(row), secretHash: row.secret_hash }));
}

export async function markUsed(db: Db, ids: readonly string[], at: Temporal.Instant): Promise<void> {
  await db.run(used, [ids, at]);
}

function keyOf(row: Row): ApiKey {
  const { id, name, integration, scopes, test } = row;
  return { id, name, integration, scopes, shopIds: row.shop_ids, test };
}

function stored(row: StoredRow): StoredApiKey {
  return { ...keyOf(row), createdAt: row.created_at, lastUsedAt: row.last_used_at, revokedAt: row.revoked_at };
}
