import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Db } from '#platform/db.ts';
import type { CardState } from '../domain/card.ts';
import { type ConsentEntry, currentConsents } from '../domain/consent.ts';
import type { HeldIdentity, Identity } from '../domain/identity.ts';
import type { Member, MemberId } from '../domain/member.ts';
import { listConsents } from '../store/consents.ts';
import { findMemberIdByIdentity, listIdentities } from '../store/identities.ts';
import { listMemberIds, type MemberFilter } from '../store/list.ts';
import { findMembers } from '../store/members.ts';
import { familyOf } from './living.ts';

/** A member as a screen shows it. */
export interface MemberView {
  readonly member: Member;
  readonly identities: readonly HeldIdentity[];
  /** The last word on each channel and purpose. */
  readonly consents: readonly ConsentEntry[];
  /** Members merged into this one. */
  readonly aliases: readonly MemberId[];
}

/** An alias is answered with its survivor: receipts and links of both lead to one person. */
export async function viewMember(
  db: Db,
  memberId: MemberId,
): Promise<Outcome<MemberView, { readonly code: 'member_not_found' }>> {
  const [survivorId, ...aliases] = await familyOf(db, memberId);
  if (survivorId === undefined) return refused({ code: 'member_not_found' });
  const [[member], identities, log] = await Promise.all([
    findMembers(db, [survivorId]),
    listIdentities(db, [survivorId]),
    listConsents(db, survivorId),
  ]);
  if (!member) return refused({ code: 'member_not_found' });
  return done({ member, identities, consents: currentConsents(log), aliases });
}

export async function viewByIdentity(
  db: Db,
  identity: Identity,
): Promise<Outcome<MemberView & { readonly identityState: CardState }, { readonly code: 'member_not_found' }>> {
  const found = await findMemberIdByIdentity(db, identity);
  if (found === null) return refused({ code: 'member_not_found' });
  const view = await viewMember(db, found.memberId);
  return view.ok ? done({ ...view.value, identityState: found.state }) : view;
}

/** What a list shows of a member. */
export interface MemberSummary {
  readonly member: Member;
  readonly identities: readonly HeldIdentity[];
}

/** In the order of the ids. */
export async function summariesOf(db: Db, memberIds: readonly MemberId[]): Promise<MemberSummary[]> {
  if (memberIds.length === 0) return [];
  const [members, identities] = await Promise.all([findMembers(db, memberIds), listIdentities(db, memberIds)]);
  const byId = new Map(members.map((member) => [member.memberId, member]));
  return memberIds.flatMap((memberId) => {
    const member = byId.get(memberId);
    return member ? [{ member, identities: identities.filter((held) => held.memberId === memberId) }] : [];
  });
}

export async function listMembers(
  db: Db,
  query: MemberFilter & { readonly before: MemberId | null; readonly limit: number },
): Promise<{ readonly items: readonly MemberSummary[]; readonly next: MemberId | null }> {
  // One more than asked tells whether there is a next page.
  const ids = await listMemberIds(db, query, { before: query.before, limit: query.limit + 1 });
  const shown = ids.slice(0, query.limit);
  return { items: await summariesOf(db, shown), next: ids.length > query.limit ? (shown.at(-1) ?? null) : null };
}
