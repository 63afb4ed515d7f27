import type { Generated } from 'kysely';
import type { Instant } from '#kernel/time.ts';
import { builder, type Db } from '#platform/db.ts';
import type { MemberId, MemberStatus } from '../domain/member.ts';

interface Tables {
  'members.member': {
    member_id: Generated<string>;
    status: MemberStatus;
    joined_at: Instant;
    joined_shop_id: string | null;
    staff: boolean;
    test: boolean;
  };
}

export interface MemberFilter {
  readonly status?: MemberStatus | undefined;
  readonly joinedFrom?: Instant | undefined;
  readonly joinedBefore?: Instant | undefined;
  readonly joinedShopId?: string | undefined;
  readonly staff?: boolean | undefined;
  readonly test?: boolean | undefined;
}

/** Newest registrations first: ids are made in the order of time. */
export async function listMemberIds(
  db: Db,
  filter: MemberFilter,
  page: { readonly before: MemberId | null; readonly limit: number },
): Promise<MemberId[]> {
  let query = builder<Tables>(db).selectFrom('members.member').select('member_id');
  if (page.before !== null) query = query.where('member_id', '<', page.before);
  // Aliases and the erased are read by asking for them.
  if (filter.status === undefined) query = query.where('status', 'in', ['active', 'blocked']);
  else query = query.where('status', '=', filter.status);
  if (filter.joinedFrom !== undefined) query = query.where('joined_at', '>=', filter.joinedFrom);
  if (filter.joinedBefore !== undefined) query = query.where('joined_at', '<', filter.joinedBefore);
  if (filter.joinedShopId !== undefined) query = query.where('joined_shop_id', '=', filter.joinedShopId);
  if (filter.staff !== undefined) query = query.where('staff', '=', filter.staff);
  if (filter.test !== undefined) query = query.where('test', '=', filter.test);
  const rows = await query.orderBy('member_id', 'desc').limit(page.limit).execute();
  return rows.map((row) => row.member_id);
}
