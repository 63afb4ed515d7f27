import type { Instant, PlainDate } from '#kernel/time.ts';
import { all, type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { FieldValues } from '../domain/fields.ts';
import type { Gender, Language, Member, MemberId, MemberOrigin, MemberStatus } from '../domain/member.ts';
import { usableZone } from '../domain/profile.ts';

interface MemberRow {
  readonly member_id: string;
  readonly status: MemberStatus;
  readonly merged_into: string | null;
  readonly joined_at: Instant;
  readonly joined_shop_id: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly patronymic: string | null;
  readonly birthday: PlainDate | null;
  readonly gender: Gender | null;
  readonly zone: string | null;
  readonly language: Language | null;
  readonly fields: FieldValues;
  readonly staff: boolean;
  readonly test: boolean;
  readonly origin: MemberOrigin;
  readonly registered_by: string;
  readonly blocked_at: Instant | null;
  readonly blocked_reason: string | null;
  readonly erased_at: Instant | null;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

const columns = [
  'member_id, status, merged_into, joined_at, joined_shop_id, first_name, last_name, patronymic, birthday, gender, zone, language, fields,',
  'staff, test, origin, registered_by, blocked_at, blocked_reason, erased_at, created_at, updated_at',
].join(' ');

const selectMember = statement<MemberRow>(
  'members.find_member',
  `select ${columns} from members.member where member_id = $1`,
);
const selectMembers = statement<MemberRow>(
  'members.find_members',
  `select ${columns} from members.member where member_id = any($1::uuid[])`,
);
const lockRow = statement<MemberRow>(
  'members.lock_member',
  `select ${columns} from members.member where member_id = $1 for update`,
);
const selectAliases = statement<{ member_id: string }>(
  'members.find_aliases',
  'select member_id from members.member where merged_into = $1 order by member_id',
);

export async function findMember(db: Db, memberId: MemberId): Promise<Member | null> {
  const [row] = await db.run(selectMember, [memberId]);
  return row ? memberOf(row) : null;
}

export async function findMembers(db: Db, memberIds: readonly MemberId[]): Promise<Member[]> {
  return (await db.run(selectMembers, [memberIds])).map(memberOf);
}

export async function lockMember(tx: Tx, memberId: MemberId): Promise<Member | null> {
  const [row] = await tx.run(lockRow, [memberId]);
  return row ? memberOf(row) : null;
}

/** Who was merged into this member. */
export async function findAliases(db: Db, memberId: MemberId): Promise<MemberId[]> {
  return (await db.run(selectAliases, [memberId])).map((row) => row.member_id);
}

const insertMember = rowsStatement('members.insert_member', {
  head: `insert into members.member (${columns})`,
  columns: 22,
});

export function insertMembers(tx: Tx, members: readonly Member[]): Promise<void> {
  return insertRows(tx, insertMember, members.map(valuesOf));
}

const replaceMember = statement<never>(
  'members.update_member',
  `update members.member set status = $2, merged_into = $3, first_name = $4, last_name = $5, patronymic = $6, birthday = $7, gender = $8,
     zone = $9, language = $10, fields = $11, staff = $12, blocked_at = $13, blocked_reason = $14, erased_at = $15, updated_at = $16
   where member_id = $1`,
);

/** Writes everything that can change. The row is locked by the caller. */
export async function updateMember(tx: Tx, member: Member): Promise<void> {
  await tx.run(replaceMember, [
    ...[member.memberId, member.status, member.mergedInto, member.firstName, member.lastName, member.patronymic],
    ...[member.birthday, member.gender, member.zone, member.language, member.fields, member.staff],
    ...[member.blockedAt, member.blockedReason, member.erasedAt, member.updatedAt],
  ]);
}

const pointAlias = statement<never>(
  'members.point_alias',
  'update members.member set merged_into = $2 where member_id = $1 and merged_into is not null',
);

/** Aliases of a member that is itself merged point on to the new survivor: a reader follows one pointer. */
export function pointAliases(tx: Tx, aliasIds: readonly MemberId[], survivorId: MemberId): Promise<void> {
  return all(aliasIds.map((aliasId) => tx.run(pointAlias, [aliasId, survivorId])));
}

/** What a checkout needs of a member, besides the standing. */
export interface MemberForCheckout {
  readonly memberId: MemberId;
  readonly status: MemberStatus;
  /** An alias: load the survivor, and lock its standing. */
  readonly mergedInto: MemberId | null;
  readonly birthday: PlainDate | null;
  readonly gender: Gender | null;
  readonly zone: string | null;
  readonly language: Language | null;
  readonly staff: boolean;
  readonly test: boolean;
  readonly joinedAt: Instant;
  readonly joinedShopId: string | null;
  readonly fields: FieldValues;
}

const selectForCheckout = statement<Omit<MemberRow, 'first_name' | 'last_name' | 'patronymic'>>(
  'members.load_for_checkout',
  `select member_id, status, merged_into, birthday, gender, zone, language, staff, test, joined_at, joined_shop_id, fields
   from members.member where member_id = $1`,
);

/** One narrow statement, to be sent together with the lock of the standing. null: no such member. */
export async function loadMemberForCheckout(db: Db, memberId: MemberId): Promise<MemberForCheckout | null> {
  const [row] = await db.run(selectForCheckout, [memberId]);
  if (!row) return null;
  return {
    memberId: row.member_id,
    status: row.status,
    mergedInto: row.merged_into,
    birthday: row.birthday,
    gender: row.gender,
    zone: usableZone(row.zone),
    language: row.language,
    staff: row.staff,
    test: row.test,
    joinedAt: row.joined_at,
    joinedShopId: row.joined_shop_id,
    fields: row.fields,
  };
}

function memberOf(row: MemberRow): Member {
  return {
    memberId: row.member_id,
    status: row.status,
    mergedInto: row.merged_into,
    joinedAt: row.joined_at,
    joinedShopId: row.joined_shop_id,
    firstName: row.first_name,
    lastName: row.last_name,
    patronymic: row.patronymic,
    birthday: row.birthday,
    gender: row.gender,
    zone: usableZone(row.zone),
    language: row.language,
    fields: row.fields,
    staff: row.staff,
    test: row.test,
    origin: row.origin,
    registeredBy: row.registered_by,
    blockedAt: row.blocked_at,
    blockedReason: row.blocked_reason,
    erasedAt: row.erased_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function valuesOf(member: Member): unknown[] {
  return [
    ...[member.memberId, member.status, member.mergedInto, member.joinedAt, member.joinedShopId],
    ...[member.firstName, member.lastName, member.patronymic, member.birthday, member.gender],
    ...[member.zone, member.language, member.fields, member.staff, member.test, member.origin, member.registeredBy],
    ...[member.blockedAt, member.blockedReason, member.erasedAt, member.createdAt, member.updatedAt],
  ];
}
