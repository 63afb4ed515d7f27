import type { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { all, type Tx } from '#platform/db.ts';
import { recordFacts } from '#platform/facts.ts';
import type { HeldIdentity, Identity } from '../domain/identity.ts';
import type { MemberId } from '../domain/member.ts';
import {
  type PreparedMember,
  prepareRegistration,
  type Registration,
  type RegistrationRefusal,
} from '../domain/registration.ts';
import { lockCardStock, setCardStockState } from '../store/cards.ts';
import { insertConsents } from '../store/consents.ts';
import { listFields } from '../store/fields.ts';
import { claimIdentities, deleteIdentity, findOwnersOf } from '../store/identities.ts';
import { insertMembers } from '../store/members.ts';
import { writeSearchLines } from '../store/search.ts';
import { drawCardNumbers } from './card-numbers.ts';
import { type MembersDeps, memberFact } from './deps.ts';
import { lineOf } from './search-lines.ts';

export interface RegisterCommand extends Registration {
  /** What to do when an identity has an owner: say no, or answer that member and change nothing. */
  readonly onExisting: 'refuse' | 'return';
  /** Not given: as the installation is set. */
  readonly virtualCard?: boolean | undefined;
}

export type RegisterRefusal =
  | RegistrationRefusal
  | {
      readonly code: 'identity_taken';
      readonly field: string;
      readonly details: { readonly kind: string; readonly member_id: MemberId };
    }
  | { readonly code: 'identities_of_several_members'; readonly field: '/identities' }
  | { readonly code: 'card_not_available'; readonly field: string };

export interface Registered {
  readonly memberId: MemberId;
  /** False: the member was there before. */
  readonly created: boolean;
}

export type RegisterOutcome = Outcome<Registered, RegisterRefusal>;
export type RegisterDeps = Pick<MembersDeps, 'newId' | 'settings' | 'secret' | 'hooks'>;

/** One person joins. */
export async function registerMember(
  tx: Tx,
  deps: RegisterDeps,
  command: RegisterCommand & { readonly now: Temporal.Instant },
): Promise<RegisterOutcome> {
  const [outcome] = await registerMembers(tx, deps, { commands: [command], now: command.now });
  if (!outcome) throw new Error('a registration without an answer');
  return outcome;
}

/** Many join, as from a file: the same rules, a dozen statements for all of them. Answers in the order of the commands. */
export async function registerMembers(
  tx: Tx,
  deps: RegisterDeps,
  batch: { readonly commands: readonly RegisterCommand[]; readonly now: Temporal.Instant },
): Promise<RegisterOutcome[]> {
  const candidates = await prepareAll(tx, deps, batch);
  await decideByOwners(tx, candidates);
  await claimAll(tx, candidates);
  await takeFromStock(tx, candidates, batch.now);
  await saveAll(tx, deps, { candidates, now: batch.now });
  return candidates.map(({ outcome, prepared }) => outcome ?? done({ memberId: idOf(prepared), created: true }));
}

/** A registration on its way: it has an outcome as soon as it is decided that nothing will be written. */
interface Candidate {
  readonly command: RegisterCommand;
  readonly prepared: PreparedMember | null;
  outcome: RegisterOutcome | null;
}

function idOf(prepared: PreparedMember | null): MemberId {
  if (prepared === null) throw new Error('a registration that was neither prepared nor refused');
  return prepared.member.memberId;
}

async function prepareAll(
  tx: Tx,
  deps: RegisterDeps,
  batch: { readonly commands: readonly RegisterCommand[]; readonly now: Temporal.Instant },
): Promise<Candidate[]> {
  const wantsCard = (command: RegisterCommand) =>
    (command.virtualCard ?? deps.settings.virtualCard) && !command.identities.some(({ kind }) => kind === 'card');
  const [definitions, numbers] = await Promise.all([
    listFields(tx),
    drawCardNumbers(tx, deps, batch.commands.filter(wantsCard).length),
  ]);
  return batch.commands.map((command): Candidate => {
    const prepared = prepareRegistration(command, {
      ...{ now: batch.now, newId: deps.newId, rules: deps.settings, definitions },
      virtualCard: wantsCard(command) ? (numbers.pop() ?? null) : null,
    });
    return prepared.ok
      ? { command, prepared: prepared.value, outcome: null }
      : { command, prepared: null, outcome: prepared };
  });
}

interface OpenCandidate extends Candidate {
  readonly prepared: PreparedMember;
}

function openOnes(candidates: readonly Candidate[]): OpenCandidate[] {
  return candidates.filter(
    (candidate): candidate is OpenCandidate => candidate.outcome === null && candidate.prepared !== null,
  );
}

function keyOf(identity: { readonly kind: string; readonly value: string }): string {
  return `${identity.kind} ${identity.value}`;
}

async function ownersOf(tx: Tx, candidates: readonly OpenCandidate[]): Promise<Map<string, MemberId>> {
  const identities = candidates.flatMap(({ prepared }) => prepared.identities) as unknown as Identity[];
  const owners = await findOwnersOf(tx, identities);
  return new Map(owners.map((owner) => [keyOf(owner), owner.memberId]));
}

/** Who is there already, in the database or earlier in the same batch. */
async function decideByOwners(tx: Tx, candidates: readonly Candidate[]): Promise<void> {
  const open = openOnes(candidates);
  const owners = await ownersOf(tx, open);
  for (const candidate of open) {
    candidate.outcome = existing(candidate, owners);
    if (candidate.outcome !== null) continue;
    for (const held of candidate.prepared.identities) owners.set(keyOf(held), candidate.prepared.member.memberId);
  }
}

/** null: every identity is free, or this member's own. */
function existing(candidate: OpenCandidate, owners: ReadonlyMap<string, MemberId>): RegisterOutcome | null {
  const { member, identities } = candidate.prepared;
  const taken = identities.flatMap((held) => {
    const owner = owners.get(keyOf(held));
    return owner === undefined || owner === member.memberId ? [] : [{ held, owner }];
  });
  const [first] = taken;
  if (!first) return null;
  if (candidate.command.onExisting === 'return') {
    const isOneMember = taken.every(({ owner }) => owner === first.owner);
    if (isOneMember) return done({ memberId: first.owner, created: false });
    return refused({ code: 'identities_of_several_members', field: '/identities' });
  }
  const index = candidate.command.identities.findIndex(({ kind }) => kind === first.held.kind);
  return refused({
    code: 'identity_taken',
    field: `/identities/${Math.max(index, 0)}/value`,
    details: { kind: first.held.kind, member_id: first.owner },
  });
}

/** Of two who register one phone at the same time the second waits here, and then finds the first. */
async function claimAll(tx: Tx, candidates: readonly Candidate[]): Promise<void> {
  const open = openOnes(candidates);
  const held = open.flatMap(({ prepared }) => prepared.identities).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const claimed = claimIdentities(tx, held);
  const [, owners] = await Promise.all([claimed, ownersOf(tx, open)]);
  for (const candidate of open) {
    candidate.outcome = existing(candidate, owners);
    if (candidate.outcome !== null) await giveUp(tx, candidate.prepared.identities);
  }
}

/** Takes back this registration's own claims; those of others are not touched. */
function giveUp(tx: Tx, identities: readonly HeldIdentity[]): Promise<void> {
  return all(identities.map((held) => deleteIdentity(tx, held)));
}

/** A printed card is given out once. */
async function takeFromStock(tx: Tx, candidates: readonly Candidate[], now: Temporal.Instant): Promise<void> {
  for (const candidate of openOnes(candidates)) {
    const cards = candidate.prepared.identities.filter(
      ({ kind, source }) => kind === 'card' && source !== 'virtual_card',
    );
    for (const card of cards) {
      const state = await lockCardStock(tx, card.value);
      if (state === 'unassigned') await setCardStockState(tx, card.value, { state: 'assigned', at: now });
      if (state === null || state === 'unassigned') continue;
      const index = candidate.command.identities.findIndex(({ kind }) => kind === 'card');
      candidate.outcome = refused({ code: 'card_not_available', field: `/identities/${index}/value` });
    }
    if (candidate.outcome !== null) await giveUp(tx, candidate.prepared.identities);
  }
}

async function saveAll(
  tx: Tx,
  deps: RegisterDeps,
  batch: { readonly candidates: readonly Candidate[]; readonly now: Temporal.Instant },
): Promise<void> {
  const joining = openOnes(batch.candidates).map(({ prepared }) => prepared);
  if (joining.length === 0) return;
  const writes = [
    insertMembers(
      tx,
      joining.map(({ member }) => member),
    ),
    insertConsents(
      tx,
      joining.flatMap(({ member, consents }) =>
        consents.map((entry) => ({
          memberId: member.memberId,
          entry,
          recordedAt: batch.now,
          recordedBy: member.registeredBy,
        })),
      ),
    ),
    writeSearchLines(
      tx,
      joining.map(({ member, identities }) => ({ memberId: member.memberId, words: lineOf([member], identities) })),
    ),
  ];
  const made = joining.map(({ member }) =>
    deps.hooks.registered(tx, {
      memberId: member.memberId,
      at: member.joinedAt,
      shopId: member.joinedShopId,
      origin: member.origin,
    }),
  );
  await all([...writes, ...made]);
  const revisions = await Promise.all(made);
  await recordFacts(
    tx,
    joining.map(({ member }, index) =>
      memberFact(revisions[index]?.revision ?? 1n, {
        memberId: member.memberId,
        kind: 'member_registered',
        at: member.joinedAt,
        origin: member.origin,
        data: { shop_id: member.joinedShopId, source: member.registeredBy, test: member.test },
      }),
    ),
  );
}
