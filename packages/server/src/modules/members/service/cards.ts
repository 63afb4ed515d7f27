import type { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { recordAudit } from '#modules/access/index.ts';
import { type Database, inTransaction, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { type CardState, cardTransitions } from '../domain/card.ts';
import { type HeldIdentity, type Identity, type IdentityProblem, readIdentity } from '../domain/identity.ts';
import type { MemberId } from '../domain/member.ts';
import { holdIdentity } from '../domain/registration.ts';
import {
  type CardBatch,
  countCardStock,
  insertCardBatch,
  insertCardStock,
  listCardStock,
  lockCardStock,
  type StockState,
  setCardStockState,
} from '../store/cards.ts';
import { claimIdentities, findMemberIdByIdentity, listIdentities, setIdentityState } from '../store/identities.ts';
import { drawCardNumbers } from './card-numbers.ts';
import { type MembersDeps, recordChange } from './deps.ts';
import { type LivingRefusal, lockLiving } from './living.ts';

export interface IssueCommand {
  readonly count: number;
  readonly note: string | null;
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

/** Numbers for the printer, without owners. */
export async function issueCardBatch(deps: MembersDeps, command: IssueCommand): Promise<CardBatch> {
  return inTransaction(deps.db, async (tx) => {
    const { count, note, now, by } = command;
    const batch = { batchId: deps.newId(), prefix: deps.settings.cardPrefix, count, note, madeAt: now, madeBy: by.id };
    await insertCardBatch(tx, batch);
    for (let made = 0; made < count; made = await countCardStock(tx, batch.batchId)) {
      await insertCardStock(tx, batch, await drawCardNumbers(tx, deps, count - made));
    }
    await recordAudit(tx, {
      ...{ now, newId: deps.newId, caller: by, action: 'card_batch.issue' },
      ...{ subject: { kind: 'card_batch', id: batch.batchId }, before: null, after: { count, prefix: batch.prefix } },
    });
    return batch;
  });
}

export async function listBatchCards(
  db: Database,
  query: { readonly batchId: string; readonly after: string | null; readonly limit: number },
): Promise<{ readonly items: readonly { number: string; state: StockState }[]; readonly next: string | null }> {
  const found = await listCardStock(db, query.batchId, { after: query.after ?? '', limit: query.limit + 1 });
  const items = found.slice(0, query.limit);
  return { items, next: found.length > query.limit ? (items.at(-1)?.number ?? null) : null };
}

export interface AssignCardCommand {
  readonly memberId: MemberId;
  /** null: a virtual card with a new number. */
  readonly number: string | null;
  /** The card whose place it takes. */
  readonly replacesId: string | null;
  readonly source: string;
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

export type AssignCardRefusal =
  | LivingRefusal
  | { readonly code: IdentityProblem; readonly field: '/number' }
  | {
      readonly code: 'identity_taken';
      readonly field: '/number';
      readonly details: { readonly kind: 'card'; readonly member_id: MemberId };
    }
  | { readonly code: 'card_not_available'; readonly field: '/number' }
  | CardStateRefusal;

type CardStateRefusal =
  | { readonly code: 'card_not_found' }
  | { readonly code: 'card_state_final'; readonly details: { readonly from: CardState; readonly to: CardState } };

export async function assignCard(
  deps: MembersDeps,
  command: AssignCardCommand,
): Promise<Outcome<HeldIdentity, AssignCardRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    const locked = await lockLiving(tx, command.memberId);
    if (!locked.ok) return locked;
    const { memberId } = locked.value;
    const number = command.number ?? (await drawCardNumbers(tx, deps, 1))[0] ?? '';
    const reading = readIdentity('card', number, deps.settings);
    if (!reading.ok) return refused({ code: reading.problem, field: '/number' });
    const source = command.number === null ? 'virtual_card' : command.source;
    const card = holdIdentity(reading.identity, {}, { now: command.now, newId: deps.newId, memberId, source });
    const taken = await takeCard(tx, { identity: reading.identity, card, now: command.now });
    if (!taken.ok) return taken;
    if (command.replacesId !== null) {
      const replaced = await changeState(tx, { memberId, identityId: command.replacesId, state: 'replaced' });
      if (!replaced.ok) return replaced;
    }
    await recordChange(tx, deps, {
      ...{ action: 'member.assign_card', fact: 'member_identity_changed', memberId, at: command.now, by: command.by },
      data: { kind: 'card', change: 'added', virtual: command.number === null },
    });
    return done(taken.value);
  });
}

async function takeCard(
  tx: Tx,
  claim: { readonly identity: Identity; readonly card: HeldIdentity; readonly now: Temporal.Instant },
): Promise<Outcome<HeldIdentity, AssignCardRefusal>> {
  const { identity, card } = claim;
  const stock = await lockCardStock(tx, card.value);
  await claimIdentities(tx, [card]);
  const owner = await findMemberIdByIdentity(tx, identity);
  if (owner !== null && owner.memberId !== card.memberId) {
    return refused({ code: 'identity_taken', field: '/number', details: { kind: 'card', member_id: owner.memberId } });
  }
  const held = (await listIdentities(tx, [card.memberId])).find(
    ({ kind, value }) => kind === 'card' && value === card.value,
  );
  // The member had it already: the same card given twice is one card.
  if (held && held.identityId !== card.identityId) return done(held);
  if (stock !== null && stock !== 'unassigned') return refused({ code: 'card_not_available', field: '/number' });
  if (stock === 'unassigned') await setCardStockState(tx, card.value, { state: 'assigned', at: claim.now });
  return done(card);
}

export interface CardStateCommand {
  readonly memberId: MemberId;
  readonly identityId: string;
  readonly state: CardState;
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

export async function setCardState(
  deps: MembersDeps,
  command: CardStateCommand,
): Promise<Outcome<HeldIdentity, LivingRefusal | CardStateRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    const locked = await lockLiving(tx, command.memberId);
    if (!locked.ok) return locked;
    const { memberId } = locked.value;
    const changed = await changeState(tx, { ...command, memberId });
    if (!changed.ok) return changed;
    await recordChange(tx, deps, {
      ...{
        action: 'member.set_card_state',
        fact: 'member_identity_changed',
        memberId,
        at: command.now,
        by: command.by,
      },
      data: { kind: 'card', change: command.state },
    });
    return changed;
  });
}

async function changeState(
  tx: Tx,
  change: { readonly memberId: MemberId; readonly identityId: string; readonly state: CardState },
): Promise<Outcome<HeldIdentity, CardStateRefusal>> {
  const held = (await listIdentities(tx, [change.memberId])).find(
    ({ kind, identityId }) => kind === 'card' && identityId === change.identityId,
  );
  if (!held) return refused({ code: 'card_not_found' });
  if (held.state === change.state) return done(held);
  if (!cardTransitions[held.state].includes(change.state)) {
    return refused({ code: 'card_state_final', details: { from: held.state, to: change.state } });
  }
  await setIdentityState(tx, held, change.state);
  return done({ ...held, state: change.state });
}
