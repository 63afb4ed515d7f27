import type { Temporal } from 'temporal-polyfill';
import { type Db, statement, type Tx } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import type { AuditEntry, AuditFilter } from '../domain/audit.ts';

interface Row {
  readonly id: string;
  readonly at: Temporal.Instant;
  readonly actor_kind: AuditEntry['actor']['kind'];
  readonly actor_id: string;
  readonly actor_name: string;
  readonly action: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly before: unknown;
  readonly after: unknown;
}

const columns = 'id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, before, after';

const insert = statement<never>(
  'access.insert_audit_entry',
  `insert into access.audit_entry (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);
// Ids are ordered by time, so "newest first" is the primary key backwards.
const list = statement<Row>(
  'access.list_audit_entries',
  `select ${columns} from access.audit_entry
   where ($1::uuid is null or id < $1) and ($2::text is null or action = $2)
     and ($3::text is null or subject_kind = $3) and ($4::text is null or subject_id = $4)
     and ($5::text is null or actor_id = $5)
     and ($6::timestamptz is null or at >= $6) and ($7::timestamptz is null or at < $7)
   order by id desc limit $8`,
);

export async function insertAuditEntry(tx: Tx, entry: AuditEntry): Promise<void> {
  const { id, at, actor, action, subject, before, after } = entry;
  const json = (value: unknown) => (value === null ? null : toJson(value));
  const values = [
    id,
    at,
    actor.kind,
    actor.id,
    actor.name,
    action,
    subject.kind,
    subject.id,
    json(before),
    json(after),
  ];
  await tx.run(insert, values);
}

export async function listEntries(db: Db, filter: AuditFilter): Promise<AuditEntry[]> {
  const { beforeId, action, subjectKind, subjectId, actorId, from, until, limit } = filter;
  const rows = await db.run(list, [beforeId, action, subjectKind, subjectId, actorId, from, until, limit]);
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    subject: { kind: row.subject_kind, id: row.subject_id },
    before: row.before,
    after: row.after,
  }));
}
