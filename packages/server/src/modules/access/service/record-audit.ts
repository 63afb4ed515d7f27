import type { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { NewId } from '#platform/random.ts';
import type { AuditEntry, AuditFilter } from '../domain/audit.ts';
import { insertAuditEntry, listEntries } from '../store/audit-store.ts';

export interface AuditCommand {
  readonly now: Temporal.Instant;
  readonly newId: NewId;
  readonly caller: Pick<Caller, 'kind' | 'id' | 'name'>;
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly before: unknown;
  readonly after: unknown;
}

/** In the transaction of the change itself: no change without its entry. Hand the promise to `commitWith` where round trips count. */
export function recordAudit(tx: Tx, command: AuditCommand): Promise<void> {
  const { now, newId, caller, action, subject, before, after } = command;
  const actor = { kind: caller.kind, id: caller.id, name: caller.name };
  return insertAuditEntry(tx, { id: newId(), at: now, actor, action, subject, before, after });
}

export function listAudit(db: Db, filter: AuditFilter): Promise<AuditEntry[]> {
  return listEntries(db, filter);
}
