import type { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Database, inTransaction, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { type ConsentEntry, currentConsents } from '../domain/consent.ts';
import type { MemberId } from '../domain/member.ts';
import { type ConsentRefusal, type ConsentWord, prepareConsents } from '../domain/registration.ts';
import { insertConsents, listConsents } from '../store/consents.ts';
import { type MembersDeps, recordChange } from './deps.ts';
import { type LivingRefusal, lockLiving, resolveMember } from './living.ts';

export interface ConsentCommand {
  readonly memberId: MemberId;
  readonly consents: readonly ConsentWord[];
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

/** A door: an opt-out from a message is written in that message's transaction. */
export async function recordConsents(
  tx: Tx,
  deps: Pick<MembersDeps, 'hooks' | 'newId'>,
  command: ConsentCommand,
): Promise<Outcome<MemberId, LivingRefusal | ConsentRefusal>> {
  const { now, by } = command;
  const entries = prepareConsents(command.consents, { now, newId: deps.newId });
  if (!entries.ok) return entries;
  const locked = await lockLiving(tx, command.memberId);
  if (!locked.ok) return locked;
  const { memberId } = locked.value;
  await insertConsents(
    tx,
    entries.value.map((entry) => ({ memberId, entry, recordedAt: now, recordedBy: by.id })),
  );
  await recordChange(tx, deps, {
    ...{ action: 'member.record_consent', fact: 'member_consent_changed', memberId, at: now, by },
    data: { words: entries.value.map(({ channel, purpose, given }) => ({ channel, purpose, given })) },
  });
  return done(memberId);
}

export async function addConsents(
  deps: MembersDeps,
  command: ConsentCommand,
): Promise<Outcome<ConsentLog, LivingRefusal | ConsentRefusal>> {
  const recorded = await inTransaction(deps.db, (tx) => recordConsents(tx, deps, command));
  return recorded.ok ? done(await logOf(deps.db, recorded.value)) : recorded;
}

export interface ConsentLog {
  readonly current: readonly ConsentEntry[];
  /** Oldest first. */
  readonly log: readonly ConsentEntry[];
}

export async function readConsents(
  db: Database,
  memberId: MemberId,
): Promise<Outcome<ConsentLog, { readonly code: 'member_not_found' }>> {
  const member = await resolveMember(db, memberId);
  return member === null ? refused({ code: 'member_not_found' }) : done(await logOf(db, member.memberId));
}

async function logOf(db: Database, memberId: MemberId): Promise<ConsentLog> {
  const log = await listConsents(db, memberId);
  return { current: currentConsents(log), log };
}
