import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Db, Tx } from '#platform/db.ts';
import type { Member, MemberId } from '../domain/member.ts';
import { findAliases, findMember, lockMember } from '../store/members.ts';

export type LivingRefusal = { readonly code: 'member_not_found' } | { readonly code: 'member_erased' };

/** Follows an alias to its survivor. null: there is no such member. */
export async function resolveMember(db: Db, memberId: MemberId): Promise<Member | null> {
  const member = await findMember(db, memberId);
  return member === null || member.mergedInto === null ? member : findMember(db, member.mergedInto);
}

/** The survivor and everyone merged into it, whichever of them is asked for; empty: there is no such member. */
export async function familyOf(db: Db, memberId: MemberId): Promise<MemberId[]> {
  const member = await resolveMember(db, memberId);
  return member === null ? [] : [member.memberId, ...(await findAliases(db, member.memberId))];
}

const hopsMax = 5;

/** Locks the member a change is about, following aliases: a merge may have been committed while we waited for the lock. */
export async function lockLiving(tx: Tx, memberId: MemberId): Promise<Outcome<Member, LivingRefusal>> {
  let id = memberId;
  for (let hop = 0; hop < hopsMax; hop += 1) {
    const member = await lockMember(tx, id);
    if (member === null) return refused({ code: 'member_not_found' });
    if (member.status === 'erased') return refused({ code: 'member_erased' });
    if (member.mergedInto === null) return done(member);
    id = member.mergedInto;
  }
  throw new Error('aliases point in a circle');
}
