import type { Scope } from '@kopilka/contract';
import * as contract from '@kopilka/contract/access';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { done } from '#kernel/outcome.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import type { AuditEntry } from '../domain/audit.ts';
import * as keys from '../service/api-keys.ts';
import { listAudit } from '../service/record-audit.ts';

export function accessRoutes(deps: keys.AccessDeps): MountedRoute[] {
  return [
    handler(contract.listApiKeys, async ({ query }) => {
      const found = await keys.listApiKeys(deps.db, { beforeId: cursorId(query.cursor), limit: query.limit + 1 });
      return done(pageOf(found, query.limit, presentKey));
    }),
    handler(contract.createApiKey, async ({ body, caller, now }) => {
      const { name, integration, scopes, shop_ids: shopIds, test } = body;
      const made = await keys.createApiKey(deps, { name, integration, scopes, shopIds, test, caller, now });
      return done({ api_key: presentKey(made.apiKey), key: made.key });
    }),
    handler(contract.revokeApiKey, ({ params, caller, now }) =>
      keys.revokeApiKey(deps, { keyId: params.keyId, caller, now }),
    ),
    handler(contract.listAuditLog, async ({ query }) => {
      const found = await listAudit(deps.db, {
        beforeId: cursorId(query.cursor),
        action: query.action ?? null,
        subjectKind: query.subject_kind ?? null,
        subjectId: query.subject_id ?? null,
        actorId: query.actor_id ?? null,
        from: query.from === undefined ? null : Temporal.Instant.from(query.from),
        until: query.until === undefined ? null : Temporal.Instant.from(query.until),
        limit: query.limit + 1,
      });
      return done(pageOf(found, query.limit, presentEntry));
    }),
  ];
}

const cursorPlace = z.tuple([z.uuid()]);

function cursorId(cursor: string | undefined): string | null {
  const [id] = readCursor(cursor, cursorPlace) ?? [];
  return id ?? null;
}

/** One more than the page was asked for: it tells whether there is a next one. */
function pageOf<Row extends { id: string }, Item>(rows: readonly Row[], limit: number, present: (row: Row) => Item) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items: shown.map(present), next_cursor: hasMore ? writeCursor([last.id]) : null };
}

function presentKey(key: keys.StoredApiKey) {
  return {
    id: key.id,
    name: key.name,
    integration: key.integration,
    scopes: key.scopes as Scope[],
    shop_ids: key.shopIds === null ? null : [...key.shopIds],
    test: key.test,
    created_at: key.createdAt.toString(),
    last_used_at: key.lastUsedAt?.toString() ?? null,
    revoked_at: key.revokedAt?.toString() ?? null,
  };
}

function presentEntry(entry: AuditEntry) {
  const { id, actor, action, subject, before, after } = entry;
  return { id, at: entry.at.toString(), actor: { ...actor }, action, subject: { ...subject }, before, after };
}
