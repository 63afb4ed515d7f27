import type { Temporal } from 'temporal-polyfill';
import { done, type Outcome } from '#kernel/outcome.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { recordFacts } from '#platform/facts.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { Member, MemberId } from '../domain/member.ts';
import { changeProfile, type ProfileChanges, type ProfileRefusal } from '../domain/profile.ts';
import { listFields } from '../store/fields.ts';
import { updateMember as writeMember } from '../store/members.ts';
import { auditChange, type MembersDeps, memberFact, recordChange } from './deps.ts';
import { type LivingRefusal, lockLiving } from './living.ts';
import { rewriteSearchLine } from './search-lines.ts';

export interface UpdateCommand {
  readonly memberId: MemberId;
  readonly changes: ProfileChanges & { readonly staff?: boolean | undefined };
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

export async function updateMember(
  deps: MembersDeps,
  command: UpdateCommand,
): Promise<Outcome<MemberId, LivingRefusal | ProfileRefusal>> {
  const { changes, by, now } = command;
  return inTransaction(deps.db, async (tx) => {
    const [locked, definitions] = await Promise.all([lockLiving(tx, command.memberId), listFields(tx)]);
    if (!locked.ok) return locked;
    const before = locked.value;
    const profile = changeProfile(before, changes, { now, definitions });
    if (!profile.ok) return profile;
    await writeMember(tx, { ...before, ...profile.value, staff: changes.staff ?? before.staff, updatedAt: now });
    await rewriteSearchLine(tx, before.memberId);
    const named = Object.entries(changes).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    await recordChange(tx, deps, {
      ...{ action: 'member.update', fact: 'member_updated', memberId: before.memberId, at: now, by },
      data: { changed: named.sort() },
    });
    return done(before.memberId);
  });
}

export interface BlockCommand {
  readonly memberId: MemberId;
  readonly reason: string;
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

/** R30: a blocked member neither earns nor spends. Blocking twice is fine and keeps the first reason. */
export async function blockMember(
  tx: Tx,
  deps: Pick<MembersDeps, 'hooks' | 'newId'>,
  command: BlockCommand,
): Promise<Outcome<MemberId, LivingRefusal>> {
  const locked = await lockLiving(tx, command.memberId);
  if (!locked.ok) return locked;
  const member = locked.value;
  if (member.status === 'blocked') return done(member.memberId);
  const { now, by, reason } = command;
  await writeMember(tx, { ...member, status: 'blocked', blockedAt: now, blockedReason: reason, updatedAt: now });
  return recordBlocking(tx, deps, { member, blocked: true, now, by });
}

export async function unblockMember(
  tx: Tx,
  deps: Pick<MembersDeps, 'hooks' | 'newId'>,
  command: Omit<BlockCommand, 'reason'>,
): Promise<Outcome<MemberId, LivingRefusal>> {
  const locked = await lockLiving(tx, command.memberId);
  if (!locked.ok) return locked;
  const member = locked.value;
  if (member.status !== 'blocked') return done(member.memberId);
  const { now, by } = command;
  await writeMember(tx, { ...member, status: 'active', blockedAt: null, blockedReason: null, updatedAt: now });
  return recordBlocking(tx, deps, { member, blocked: false, now, by });
}

async function recordBlocking(
  tx: Tx,
  deps: Pick<MembersDeps, 'hooks' | 'newId'>,
  change: { readonly member: Member; readonly blocked: boolean; readonly now: Temporal.Instant; readonly by: Caller },
): Promise<{ readonly ok: true; readonly value: MemberId }> {
  const { member, blocked, now, by } = change;
  const { memberId } = member;
  const { revision } = await deps.hooks.blocked(tx, { memberId, blocked });
  const kind = blocked ? 'member_blocked' : 'member_unblocked';
  await recordFacts(tx, [memberFact(revision, { memberId, kind, at: now, origin: 'live', data: {} })]);
  const action = blocked ? 'member.block' : 'member.unblock';
  await auditChange(tx, deps, { action, memberId, at: now, by, data: {} });
  return done(memberId);
}
