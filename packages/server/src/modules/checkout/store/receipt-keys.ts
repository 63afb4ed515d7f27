import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';

/** What an integration sent under one id, by kind of operation (R20). */
export interface ReceiptKey {
  readonly integration: string;
  readonly shopId: string;
  readonly externalId: string;
  readonly kind: 'hold' | 'confirm' | 'cancel' | 'return';
  readonly memberId: string;
  readonly objectId: string;
  readonly digest: Uint8Array;
}

interface KeyRow {
  integration: string;
  shop_id: string;
  external_id: string;
  kind: ReceiptKey['kind'];
  member_id: string;
  object_id: string;
  digest: Uint8Array;
}

const findKeysStatement = statement<KeyRow>(
  'checkout.find_receipt_keys',
  `select integration, shop_id, external_id, kind, member_id, object_id, digest
   from checkout.receipt_key where integration = $1 and shop_id = $2 and external_id = $3`,
);

// Two requests with one id: the second waits here for the first to end, then finds its row taken.
const takeKeyStatement = statement<{ taken: number }>(
  'checkout.take_receipt_key',
  `insert into checkout.receipt_key (integration, shop_id, external_id, kind, member_id, object_id, digest)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1 as taken`,
);

const insertKeys = rowsStatement('checkout.insert_receipt_keys', {
  head: 'insert into checkout.receipt_key (integration, shop_id, external_id, kind, member_id, object_id, digest)',
  columns: 7,
});

const findManyStatement = statement<KeyRow>(
  'checkout.find_many_receipt_keys',
  `select integration, shop_id, external_id, kind, member_id, object_id, digest
   from checkout.receipt_key where integration = $1 and shop_id = any($2::uuid[]) and external_id = any($3::text[])`,
);

export async function findKeys(db: Db, integration: string, shopId: string, externalId: string): Promise<ReceiptKey[]> {
  return (await db.run(findKeysStatement, [integration, shopId, externalId])).map(toKey);
}

/** Keys of many receipts at once; the caller matches shop and id. */
export async function findManyKeys(
  db: Db,
  integration: string,
  shopIds: readonly string[],
  externalIds: readonly string[],
): Promise<ReceiptKey[]> {
  return (await db.run(findManyStatement, [integration, shopIds, externalIds])).map(toKey);
}

/** False: another request has it. */
export async function takeKey(tx: Tx, key: ReceiptKey): Promise<boolean> {
  const rows = await tx.run(takeKeyStatement, keyValues(key));
  return rows.length === 1;
}

export function saveKeys(tx: Tx, keys: readonly ReceiptKey[]): Promise<void> {
  return insertRows(tx, insertKeys, keys.map(keyValues));
}

function keyValues(key: ReceiptKey): unknown[] {
  return [key.integration, key.shopId, key.externalId, key.kind, key.memberId, key.objectId, Buffer.from(key.digest)];
}

function toKey(row: KeyRow): ReceiptKey {
  return {
    integration: row.integration,
    shopId: row.shop_id,
    externalId: row.external_id,
    kind: row.kind,
    memberId: row.member_id,
    objectId: row.object_id,
    digest: row.digest,
  };
}

const saveDigestStatement = statement<never>(
  'checkout.save_key_digest',
  'update checkout.receipt_key set digest = $5 where integration = $1 and shop_id = $2 and external_id = $3 and kind = $4',
);

/** An edited hold is the same sale with another content: a repeat of the edit answers the same. */
export async function saveKeyDigest(tx: Tx, key: ReceiptKey): Promise<void> {
  await tx.run(saveDigestStatement, [key.integration, key.shopId, key.externalId, key.kind, Buffer.from(key.digest)]);
}

const repointStatement = statement<never>(
  'checkout.repoint_receipt_key',
  'update checkout.receipt_key set member_id = $5 where integration = $1 and shop_id = $2 and external_id = $3 and kind = $4',
);

export async function repointKey(tx: Tx, key: ReceiptKey, memberId: string): Promise<void> {
  await tx.run(repointStatement, [key.integration, key.shopId, key.externalId, key.kind, memberId]);
}

const pointStatement = statement<never>(
  'checkout.point_receipt_key',
  'update checkout.receipt_key set object_id = $5 where integration = $1 and shop_id = $2 and external_id = $3 and kind = $4',
);

/** A key that was taken before it was known which row it names. */
export async function pointKey(tx: Tx, key: ReceiptKey): Promise<void> {
  await tx.run(pointStatement, [key.integration, key.shopId, key.externalId, key.kind, key.objectId]);
}
