import type { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { type HeldIdentity, type Identity, type IdentityProblem, readIdentity } from '../domain/identity.ts';
import type { MemberId } from '../domain/member.ts';
import { holdIdentity, type IdentityDraft } from '../domain/registration.ts';
import { setCardStockState } from '../store/cards.ts';
import {
  claimIdentities,
  confirmIdentity,
  deleteIdentity,
  findMemberIdByIdentity,
  listIdentities,
  lockIdentity,
} from '../store/identities.ts';
import { type ReleaseReason, recordRelease } from '../store/identity-history.ts';
import { type MembersDeps, recordChange } from './deps.ts';
import { type LivingRefusal, lockLiving } from './living.ts';
import { rewriteSearchLine } from './search-lines.ts';

export interface AddIdentityCommand extends IdentityDraft {
  readonly memberId: MemberId;
  /** A phone takes the place of those the member had, unless told otherwise. */
  readonly keepOthers?: boolean | undefined;
  /** The operator gave the number to another person: take it from its former owner. Nothing else moves (R31). */
  readonly takeOver?: boolean | undefined;
  readonly source: string;
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

export type AddIdentityRefusal =
  | LivingRefusal
  | { readonly code: IdentityProblem; readonly field: '/value' }
  | { readonly code: 'confirmation_required'; readonly field: '/proof' }
  | { readonly code: 'card_needs_its_own_route'; readonly field: '/kind' }
  | TakenRefusal;

interface TakenRefusal {
  readonly code: 'identity_taken';
  readonly field: '/value';
  readonly details: { readonly kind: string; readonly member_id: MemberId };
}

export async function addIdentity(
  deps: MembersDeps,
  command: AddIdentityCommand,
): Promise<Outcome<HeldIdentity, AddIdentityRefusal>> {
  if (command.kind === 'card') return refused({ code: 'card_needs_its_own_route', field: '/kind' });
  const reading = readIdentity(command.kind, command.value, deps.settings);
  if (!reading.ok) return refused({ code: reading.problem, field: '/value' });
  const { identity } = reading;
  const isConfirmed = command.confirmed === true || command.proof !== undefined;
  // R31: a code on the new number. Taking anything from another person needs no less.
  if (!isConfirmed && (identity.kind === 'phone' || command.takeOver === true)) {
    return refused({ code: 'confirmation_required', field: '/proof' });
  }
  return inTransaction(deps.db, async (tx) => {
    const locked = await lockLiving(tx, command.memberId);
    if (!locked.ok) return locked;
    const { memberId } = locked.value;
    const held = holdIdentity(identity, command, { ...command, newId: deps.newId, memberId });
    const claimed = await claimOrConfirm(tx, { identity, held, command });
    if (!claimed.ok) return claimed;
    if (identity.kind === 'phone' && command.keepOthers !== true) await releaseOtherPhones(tx, claimed.value, command);
    await rewriteSearchLine(tx, memberId);
    await recordChange(tx, deps, {
      ...{ action: 'member.add_identity', fact: 'member_identity_changed', memberId, at: command.now, by: command.by },
      data: { kind: identity.kind, change: 'added', confirmed: isConfirmed },
    });
    return claimed;
  });
}

async function claimOrConfirm(
  tx: Tx,
  addition: { readonly identity: Identity; readonly held: HeldIdentity; readonly command: AddIdentityCommand },
): Promise<Outcome<HeldIdentity, TakenRefusal>> {
  const { identity, held, command } = addition;
  const owner = await lockIdentity(tx, identity);
  if (owner?.memberId === held.memberId) {
    const confirmed = {
      ...owner,
      confirmedAt: held.confirmedAt ?? owner.confirmedAt,
      proof: held.proof ?? owner.proof,
    };
    await confirmIdentity(tx, confirmed);
    return done(confirmed);
  }
  if (owner !== null) {
    if (command.takeOver !== true) return taken(owner.memberId, identity);
    await release(tx, owner, { at: command.now, by: command.by.id, reason: 'reissued' });
    await rewriteSearchLine(tx, owner.memberId);
  }
  await claimIdentities(tx, [held]);
  const found = await findMemberIdByIdentity(tx, identity);
  return found === null || found.memberId === held.memberId ? done(held) : taken(found.memberId, identity);
}

function taken(memberId: MemberId, identity: Identity): { readonly ok: false; readonly refusal: TakenRefusal } {
  return refused({ code: 'identity_taken', field: '/value', details: { kind: identity.kind, member_id: memberId } });
}

async function release(
  tx: Tx,
  held: HeldIdentity,
  how: { readonly at: Temporal.Instant; readonly by: string; readonly reason: ReleaseReason },
): Promise<void> {
  await recordRelease(tx, held, how);
  await deleteIdentity(tx, held);
}

async function releaseOtherPhones(tx: Tx, kept: HeldIdentity, command: AddIdentityCommand): Promise<void> {
  const others = (await listIdentities(tx, [kept.memberId])).filter(
    (held) => held.kind === 'phone' && held.value !== kept.value,
  );
  for (const other of others) await release(tx, other, { at: command.now, by: command.by.id, reason: 'changed' });
}

export interface RemoveIdentityCommand {
  readonly memberId: MemberId;
  readonly identityId: string;
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

export type RemoveIdentityRefusal =
  | LivingRefusal
  | { readonly code: 'identity_not_found' }
  | { readonly code: 'last_identity' }
  | { readonly code: 'card_not_active' };

/** The value goes to the member's history. A lost or blocked card stays, so that the till can say what it is. */
export async function removeIdentity(
  deps: MembersDeps,
  command: RemoveIdentityCommand,
): Promise<Outcome<null, RemoveIdentityRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    const locked = await lockLiving(tx, command.memberId);
    if (!locked.ok) return locked;
    const { memberId } = locked.value;
    const all = await listIdentities(tx, [memberId]);
    const held = all.find(({ identityId }) => identityId === command.identityId);
    if (!held) return refused({ code: 'identity_not_found' });
    if (all.length === 1) return refused({ code: 'last_identity' });
    if (held.state !== 'active') return refused({ code: 'card_not_active' });
    await release(tx, held, { at: command.now, by: command.by.id, reason: 'removed' });
    if (held.kind === 'card') await setCardStockState(tx, held.value, { state: 'unassigned', at: command.now });
    await rewriteSearchLine(tx, memberId);
    await recordChange(tx, deps, {
      ...{
        action: 'member.remove_identity',
        fact: 'member_identity_changed',
        memberId,
        at: command.now,
        by: command.by,
      },
      data: { kind: held.kind, change: 'removed' },
    });
    return done(null);
  });
}
