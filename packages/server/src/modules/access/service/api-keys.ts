import type { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Database, type Db, inTransaction } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { NewId, Random } from '#platform/random.ts';
import { formatKey } from '../domain/api-key.ts';
import { findApiKey, insertApiKey, listStoredKeys, markRevoked, type StoredApiKey } from '../store/api-key-store.ts';
import type { Keyring } from './keyring.ts';
import { recordAudit } from './record-audit.ts';
import { hashSecret } from './secret.ts';

export type { StoredApiKey } from '../store/api-key-store.ts';

export interface AccessDeps {
  readonly db: Database;
  readonly newId: NewId;
  /** Must not be guessable: the system's. */
  readonly random: Random;
  readonly keyring: Keyring;
}

export interface CreateApiKeyCommand {
  readonly name: string;
  readonly integration: string;
  readonly scopes: readonly string[];
  readonly shopIds: readonly string[] | null;
  readonly test: boolean;
  readonly caller: Caller;
  readonly now: Temporal.Instant;
}

const secretBytes = 32;

/** The key's text is in this answer and nowhere else. */
export async function createApiKey(
  deps: AccessDeps,
  command: CreateApiKeyCommand,
): Promise<{ apiKey: StoredApiKey; key: string }> {
  const { caller, now, name, integration, scopes, shopIds, test } = command;
  const id = deps.newId();
  const secret = Buffer.from(deps.random.bytes(secretBytes)).toString('base64url');
  const made = { id, name, integration, scopes, shopIds, test };
  await deps.db.begin(async (tx) => {
    await insertApiKey(tx, { ...made, secretHash: hashSecret(secret), createdAt: now });
    const subject = { kind: 'api_key', id };
    await recordAudit(tx, {
      now,
      newId: deps.newId,
      caller,
      action: 'api_key.create',
      subject,
      before: null,
      after: made,
    });
  });
  deps.keyring.forget();
  return { apiKey: { ...made, createdAt: now, lastUsedAt: null, revokedAt: null }, key: formatKey(id, secret) };
}

export interface RevokeApiKeyCommand {
  readonly keyId: string;
  readonly caller: Caller;
  readonly now: Temporal.Instant;
}

/** Revoking twice is fine and changes nothing. */
export async function revokeApiKey(
  deps: AccessDeps,
  command: RevokeApiKeyCommand,
): Promise<Outcome<null, { code: 'api_key_not_found' }>> {
  const { caller, now, keyId } = command;
  const outcome = await inTransaction(deps.db, async (tx) => {
    const revoked = await markRevoked(tx, keyId, now);
    if (revoked === null) {
      return (await findApiKey(tx, keyId)) === null ? refused({ code: 'api_key_not_found' }) : done(null);
    }
    const subject = { kind: 'api_key', id: keyId };
    const { name, integration, scopes } = revoked;
    const before = { name, integration, scopes };
    await recordAudit(tx, { now, newId: deps.newId, caller, action: 'api_key.revoke', subject, before, after: null });
    return done(null);
  });
  deps.keyring.forget();
  return outcome;
}

export function listApiKeys(db: Db, page: { beforeId: string | null; limit: number }): Promise<StoredApiKey[]> {
  return listStoredKeys(db, page);
}
