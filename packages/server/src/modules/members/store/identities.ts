import type { Instant } from '#kernel/time.ts';
import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { CardState } from '../domain/card.ts';
import type { HeldIdentity, Identity, IdentityKind, IdentityProof } from '../domain/identity.ts';
import type { MemberId } from '../domain/member.ts';

interface HeldRow {
  readonly identity_id: string;
  readonly member_id: string;
  readonly kind: IdentityKind;
  readonly value: string;
  readonly state: CardState;
  readonly added_at: Instant;
  readonly confirmed_at: Instant | null;
  readonly proof: IdentityProof | null;
  readonly source: string;
}

const columns = 'identity_id, member_id, kind, value, state, added_at, confirmed_at, proof, source';

const findOwner = statement<{ member_id: string; state: CardState }>(
  'members.find_identity',
  'select member_id, state from members.identity where kind = $1 and value = $2',
);

/**
 * The till's look-up: one round trip, one row. A merged member's identities point to the survivor already, so the answer is never an alias;
 * whether the member is blocked comes with `loadMemberForCheckout`. A card that is not active finds its member all the same: the till says why.
 */
export async function findMemberIdByIdentity(
  db: Db,
  identity: Identity,
): Promise<{ memberId: MemberId; state: CardState } | null> {
  const [row] = await db.run(findOwner, [identity.kind, identity.value]);
  return row ? { memberId: row.member_id, state: row.state } : null;
}

const findOwners = statement<{ kind: IdentityKind; value: string; member_id: string }>(
  'members.find_identities',
  'select kind, value, member_id from members.identity where (kind, value) in (select * from unnest($1::text[], $2::text[]))',
);

export interface Ownership {
  readonly kind: IdentityKind;
  readonly value: string;
  readonly memberId: MemberId;
}

export async function findOwnersOf(db: Db, identities: readonly Identity[]): Promise<Ownership[]> {
  if (identities.length === 0) return [];
  const kinds = identities.map((identity) => identity.kind);
  const rows = await db.run(findOwners, [kinds, identities.map((identity) => identity.value)]);
  return rows.map((row) => ({ kind: row.kind, value: row.value, memberId: row.member_id }));
}

const claim = rowsStatement('members.claim_identity', {
  head: `insert into members.identity (${columns})`,
  columns: 9,
  tail: 'on conflict (kind, value) do nothing',
});

/**
 * Claims what is free; what another has stays theirs, so read afterwards who owns what. Waits for a claim that is being made at this moment.
 * Give the rows in the order of `compareIdentities`.
 */
export function claimIdentities(tx: Tx, held: readonly HeldIdentity[]): Promise<void> {
  return insertRows(tx, claim, held.map(valuesOf));
}

function valuesOf(held: HeldIdentity): unknown[] {
  return [
    ...[held.identityId, held.memberId, held.kind, held.value, held.state],
    ...[held.addedAt, held.confirmedAt, held.proof, held.source],
  ];
}

const deleteOne = statement<never>(
  'members.delete_identity',
  'delete from members.identity where kind = $1 and value = $2 and member_id = $3',
);

export async function deleteIdentity(tx: Tx, held: Pick<HeldIdentity, 'kind' | 'value' | 'memberId'>): Promise<void> {
  await tx.run(deleteOne, [held.kind, held.value, held.memberId]);
}

const selectOfMembers = statement<HeldRow>(
  'members.list_identities',
  `select ${columns} from members.identity where member_id = any($1::uuid[]) order by member_id, kind, added_at, value`,
);

export async function listIdentities(db: Db, memberIds: readonly MemberId[]): Promise<HeldIdentity[]> {
  if (memberIds.length === 0) return [];
  return (await db.run(selectOfMembers, [memberIds])).map(heldOf);
}

const lockOne = statement<HeldRow>(
  'members.lock_identity',
  `select ${columns} from members.identity where kind = $1 and value = $2 for update`,
);

export async function lockIdentity(tx: Tx, identity: Pick<Identity, 'kind' | 'value'>): Promise<HeldIdentity | null> {
  const [row] = await tx.run(lockOne, [identity.kind, identity.value]);
  return row ? heldOf(row) : null;
}

const updateState = statement<never>(
  'members.set_identity_state',
  'update members.identity set state = $3 where kind = $1 and value = $2',
);

export async function setIdentityState(tx: Tx, held: HeldIdentity, state: CardState): Promise<void> {
  await tx.run(updateState, [held.kind, held.value, state]);
}

const updateConfirmation = statement<never>(
  'members.confirm_identity',
  'update members.identity set confirmed_at = $3, proof = $4 where kind = $1 and value = $2',
);

export async function confirmIdentity(tx: Tx, held: HeldIdentity): Promise<void> {
  await tx.run(updateConfirmation, [held.kind, held.value, held.confirmedAt, held.proof]);
}

const repoint = statement<{ kind: string; value: string }>(
  'members.repoint_identities',
  `update members.identity set member_id = $2 where member_id = $1 returning kind, value`,
);

/** All of one member's identities find another from now on. Answers which they were. */
export function repointIdentities(
  tx: Tx,
  fromId: MemberId,
  toId: MemberId,
): Promise<readonly { kind: string; value: string }[]> {
  return tx.run(repoint, [fromId, toId]);
}

const repointBack = statement<never>(
  'members.repoint_back',
  `update members.identity set member_id = $2
   where member_id = $1 and (kind, value) in (select * from unnest($3::text[], $4::text[]))`,
);

/** Gives back those that a merge moved and the survivor still has. */
export async function repointIdentitiesBack(
  tx: Tx,
  members: { readonly fromId: MemberId; readonly toId: MemberId },
  identities: readonly { kind: string; value: string }[],
): Promise<void> {
  const kinds = identities.map((identity) => identity.kind);
  await tx.run(repointBack, [members.fromId, members.toId, kinds, identities.map((identity) => identity.value)]);
}

const deleteAll = statement<{ kind: IdentityKind; value: string }>(
  'members.delete_identities',
  'delete from members.identity where member_id = $1 returning kind, value',
);

export function deleteIdentities(
  tx: Tx,
  memberId: MemberId,
): Promise<readonly { kind: IdentityKind; value: string }[]> {
  return tx.run(deleteAll, [memberId]);
}

function heldOf(row: HeldRow): HeldIdentity {
  return {
    identityId: row.identity_id,
    memberId: row.member_id,
    kind: row.kind,
    value: row.value,
    state: row.state,
    addedAt: row.added_at,
    confirmedAt: row.confirmed_at,
    proof: row.proof,
    source: row.source,
  };
}
