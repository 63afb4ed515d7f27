import type { Instant } from '#kernel/time.ts';
import { type Db, statement, type Tx } from '#platform/db.ts';
import type { HeldIdentity, IdentityKind } from '../domain/identity.ts';
import type { MemberId } from '../domain/member.ts';

export type ReleaseReason = 'changed' | 'removed' | 'reissued';

export interface Release {
  readonly at: Instant;
  readonly by: string;
  readonly reason: ReleaseReason;
}

const insertRelease = statement<never>(
  'members.insert_identity_history',
  `insert into members.identity_history
     (member_id, identity_id, kind, value, added_at, confirmed_at, proof, released_at, reason, released_by)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

export async function recordRelease(tx: Tx, held: HeldIdentity, release: Release): Promise<void> {
  await tx.run(insertRelease, [
    ...[held.memberId, held.identityId, held.kind, held.value, held.addedAt, held.confirmedAt, held.proof],
    ...[release.at, release.reason, release.by],
  ]);
}

export interface FormerIdentity {
  readonly memberId: MemberId;
  readonly kind: IdentityKind;
  readonly value: string;
  readonly addedAt: Instant;
  readonly releasedAt: Instant;
  readonly reason: ReleaseReason;
}

interface HistoryRow {
  readonly member_id: string;
  readonly kind: IdentityKind;
  readonly value: string;
  readonly added_at: Instant;
  readonly released_at: Instant;
  readonly reason: ReleaseReason;
}

const selectHistory = statement<HistoryRow>(
  'members.list_identity_history',
  `select member_id, kind, value, added_at, released_at, reason from members.identity_history
   where member_id = any($1::uuid[]) order by released_at, identity_id`,
);

export async function listFormerIdentities(db: Db, memberIds: readonly MemberId[]): Promise<FormerIdentity[]> {
  return (await db.run(selectHistory, [memberIds])).map((row) => ({
    memberId: row.member_id,
    kind: row.kind,
    value: row.value,
    addedAt: row.added_at,
    releasedAt: row.released_at,
    reason: row.reason,
  }));
}

const deleteHistory = statement<{ kind: IdentityKind; value: string }>(
  'members.delete_identity_history',
  'delete from members.identity_history where member_id = $1 returning kind, value',
);

export function deleteFormerIdentities(
  tx: Tx,
  memberId: MemberId,
): Promise<readonly { kind: IdentityKind; value: string }[]> {
  return tx.run(deleteHistory, [memberId]);
}
