import { timingSafeEqual } from 'node:crypto';
import type { Scope } from '@kopilka/contract';
import type { Temporal } from 'temporal-polyfill';
import type { Db } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { bearerKey } from '../domain/api-key.ts';
import { type ActiveApiKey, listActiveKeys, markUsed } from '../store/api-key-store.ts';
import { hashSecret } from './secret.ts';

/**
 * All active keys, in memory: a chain has at most a few thousand, and a purchase must not pay a query for its key. Read anew every five seconds,
 * so that a key revoked through another process stops there by then; for an unknown key at once, but at most once a second, so that strangers
 * with guessed keys cost nothing.
 */
export interface Keyring {
  authenticate(authorization: string | undefined, now: Temporal.Instant): Promise<Caller | null>;
  /** After a change in this process: the next call reads anew. */
  forget(): void;
}

export interface KeyringOptions {
  readonly db: Db;
  /** Told when the time of use could not be written; nothing else depends on it. */
  readonly onError: (error: unknown) => void;
}

const freshMs = 5_000;
const unknownKeyPauseMs = 1_000;
const lastUsedStepMs = 60_000;

interface Entry {
  readonly secretHash: Uint8Array;
  readonly caller: Caller;
}

interface Ring {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly readAt: number;
}

export function createKeyring(options: KeyringOptions): Keyring {
  let ring: Ring | undefined;
  let reading: Promise<Ring> | undefined;
  const usage = usageOf(options);
  const reload = (now: Temporal.Instant): Promise<Ring> => {
    const mine = readRing(options.db, now);
    reading = mine;
    // A forget() meanwhile has taken `reading` away: what was read may be older than the change.
    const settle = (made: Ring | undefined) => {
      if (reading !== mine) return;
      reading = undefined;
      ring = made;
    };
    mine.then(settle, () => settle(undefined));
    return mine;
  };
  const current = (now: Temporal.Instant): Ring | Promise<Ring> => {
    const isFresh = ring !== undefined && now.epochMilliseconds - ring.readAt < freshMs;
    if (isFresh && ring !== undefined) return ring;
    usage.write(now);
    return reading ?? reload(now);
  };
  return {
    authenticate: async (authorization, now) => {
      const given = bearerKey(authorization);
      if (given === null) return null;
      let known = await current(now);
      if (!known.entries.has(given.id) && now.epochMilliseconds - known.readAt >= unknownKeyPauseMs) {
        known = await (reading ?? reload(now));
      }
      const entry = known.entries.get(given.id);
      const hash = hashSecret(given.secret);
      if (entry === undefined || !timingSafeEqual(hash, entry.secretHash)) return null;
      usage.note(given.id, now.epochMilliseconds);
      return entry.caller;
    },
    forget: () => {
      ring = undefined;
      reading = undefined;
    },
  };
}

async function readRing(db: Db, now: Temporal.Instant): Promise<Ring> {
  const keys = await listActiveKeys(db);
  return { readAt: now.epochMilliseconds, entries: new Map(keys.map((key) => [key.id, entryOf(key)])) };
}

function entryOf(key: ActiveApiKey): Entry {
  const { id, name, integration, test } = key;
  const shopIds = key.shopIds === null ? null : new Set(key.shopIds);
  // Scopes were checked by the contract when the key was made; one that a newer version knew grants nothing here.
  const scopes = new Set(key.scopes as readonly Scope[]);
  return { secretHash: key.secretHash, caller: { kind: 'api_key', id, name, integration, scopes, shopIds, test } };
}

/** Times of use are kept to the minute and written together with the next reading, never by the purchase itself. */
function usageOf(options: KeyringOptions) {
  const lastNoted = new Map<string, number>();
  let unwritten = new Set<string>();
  return {
    note: (id: string, now: number) => {
      if (now - (lastNoted.get(id) ?? Number.NEGATIVE_INFINITY) < lastUsedStepMs) return;
      lastNoted.set(id, now);
      unwritten.add(id);
    },
    write: (now: Temporal.Instant) => {
      if (unwritten.size === 0) return;
      const ids = [...unwritten];
      unwritten = new Set();
      markUsed(options.db, ids, now).catch(options.onError);
    },
  };
}
