import { z } from 'zod';
import { required } from '#kernel/assert.ts';
import { done } from '#kernel/outcome.ts';
import type { Phone } from '#kernel/phone.ts';
import { all, type Db, type Tx } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import type { MemberPart, MergePair, PartContext } from '#platform/member-parts.ts';
import { impersonalFields } from '../domain/fields.ts';
import { emptyProfile, type Member } from '../domain/member.ts';
import { gapsToFill } from '../domain/merge.ts';
import { setCardStockState } from '../store/cards.ts';
import { listConsents, minimiseConsents } from '../store/consents.ts';
import { listFields } from '../store/fields.ts';
import { deleteIdentities, listIdentities, repointIdentities, repointIdentitiesBack } from '../store/identities.ts';
import { deleteFormerIdentities, listFormerIdentities } from '../store/identity-history.ts';
import { findAliases, findMembers, lockMember, pointAliases, updateMember } from '../store/members.ts';
import { forgetMementos, listMerges } from '../store/merges.ts';
import { deleteSearchLine } from '../store/search.ts';
import { keepWelcomeKeys } from '../store/welcome.ts';
import { consentMemento, restoreConsents, takeOverConsents } from './part-consents.ts';
import { rewriteSearchLine } from './search-lines.ts';
import { phoneHash } from './secrets.ts';
import { welcomeGift } from './welcome.ts';

const gap = z.enum(['firstName', 'lastName', 'patronymic', 'birthday', 'gender', 'zone', 'language']);

/** What is needed to take the two apart again. */
const memento = z.object({
  identities: z.array(z.object({ kind: z.string(), value: z.string() })),
  aliases: z.array(z.uuid()),
  consents: z.array(consentMemento),
  filled: z.array(gap),
  absorbedWasBlocked: z.boolean(),
  /** The survivor was active and became blocked with the absorbed member. */
  blockedSurvivor: z.boolean(),
  madeStaff: z.boolean(),
});

const tables = ['member', 'identity', 'identity_history', 'consent', 'search', 'merge'].map(
  (table) => `members.${table}`,
);

/** What the module does with its own rows. */
export function membersPart(options: { readonly secret: string }): MemberPart {
  return {
    module: 'members',
    tables,
    exportData,
    erase: (tx, memberId, context) => erase(tx, memberId, { ...context, secret: options.secret }),
    merge,
    unmerge,
  };
}

async function exportData(db: Db, memberIds: readonly string[]): Promise<Record<string, unknown>> {
  const [members, identities, formerIdentities, consents, merges] = await Promise.all([
    findMembers(db, memberIds),
    listIdentities(db, memberIds),
    listFormerIdentities(db, memberIds),
    Promise.all(memberIds.map(async (memberId) => ({ memberId, log: await listConsents(db, memberId) }))),
    Promise.all(memberIds.map((memberId) => listMerges(db, memberId))),
  ]);
  const data = { members, identities, formerIdentities, consents, merges: merges.flat() };
  return JSON.parse(toJson(data)) as Record<string, unknown>;
}

async function erase(tx: Tx, memberId: string, context: PartContext & { readonly secret: string }) {
  const member = required(await lockMember(tx, memberId), 'the member being erased');
  const definitions = await listFields(tx);
  const [identities, former] = await Promise.all([
    deleteIdentities(tx, memberId),
    deleteFormerIdentities(tx, memberId),
  ]);
  const phones = [...identities, ...former].filter(({ kind }) => kind === 'phone').map(({ value }) => value as Phone);
  const cards = identities.filter(({ kind }) => kind === 'card');
  await all([
    keepWelcomeKeys(
      tx,
      phones.map((phone) => phoneHash(context.secret, phone)),
      { gift: welcomeGift, at: context.now },
    ),
    // The plastic is still out there: its number is given to nobody else.
    ...cards.map(({ value }) => setCardStockState(tx, value, { state: 'cancelled', at: context.now })),
    updateMember(tx, {
      ...member,
      ...emptyProfile,
      fields: impersonalFields(definitions, member.fields),
      status: member.mergedInto === null ? 'erased' : 'merged',
      ...{ blockedReason: null, erasedAt: context.now, updatedAt: context.now },
    }),
    minimiseConsents(tx, memberId, context.now),
    deleteSearchLine(tx, memberId),
    forgetMementos(tx, memberId),
  ]);
  return done(null);
}

async function lockPair(tx: Tx, pair: MergePair): Promise<{ survivor: Member; absorbed: Member }> {
  const survivor = required(await lockMember(tx, pair.survivorId), 'the survivor of a merge');
  const absorbed = required(await lockMember(tx, pair.absorbedId), 'the absorbed member of a merge');
  return { survivor, absorbed };
}

async function merge(tx: Tx, pair: MergePair, context: PartContext): Promise<Record<string, unknown>> {
  const { survivor, absorbed } = await lockPair(tx, pair);
  const filled = gapsToFill(survivor, absorbed);
  const aliases = await findAliases(tx, pair.absorbedId);
  const identities = await repointIdentities(tx, pair.absorbedId, pair.survivorId);
  const consents = await takeOverConsents(tx, pair, context);
  const made: z.infer<typeof memento> = {
    identities: [...identities],
    aliases,
    consents,
    filled,
    absorbedWasBlocked: absorbed.status === 'blocked',
    blockedSurvivor: survivor.status === 'active' && absorbed.status === 'blocked',
    madeStaff: !survivor.staff && absorbed.staff,
  };
  await pointAliases(tx, aliases, pair.survivorId);
  await updateMember(tx, { ...absorbed, status: 'merged', mergedInto: pair.survivorId, updatedAt: context.now });
  await updateMember(tx, {
    ...survivor,
    ...Object.fromEntries(filled.map((name) => [name, absorbed[name]])),
    // Merging is no way out of a block, nor out of being staff (R30).
    ...(made.blockedSurvivor
      ? { status: 'blocked', blockedAt: absorbed.blockedAt, blockedReason: absorbed.blockedReason }
      : {}),
    staff: survivor.staff || absorbed.staff,
    updatedAt: context.now,
  });
  await deleteSearchLine(tx, pair.absorbedId);
  await rewriteSearchLine(tx, pair.survivorId);
  return made;
}

async function unmerge(tx: Tx, pair: MergePair, stored: Record<string, unknown>, context: PartContext): Promise<void> {
  const kept = memento.parse(stored);
  const { survivor, absorbed } = await lockPair(tx, pair);
  await restoreConsents(tx, { pair, mementos: kept.consents, mergedAt: absorbed.updatedAt }, context);
  await repointIdentitiesBack(tx, { fromId: pair.survivorId, toId: pair.absorbedId }, kept.identities);
  await pointAliases(tx, kept.aliases, pair.absorbedId);
  await updateMember(tx, {
    ...absorbed,
    status: kept.absorbedWasBlocked ? 'blocked' : 'active',
    mergedInto: null,
    updatedAt: context.now,
  });
  const unblocked = kept.blockedSurvivor && survivor.status === 'blocked';
  // What was filled in goes, unless someone has corrected it since.
  const given = kept.filled.filter((name) => String(survivor[name]) === String(absorbed[name]));
  await updateMember(tx, {
    ...survivor,
    ...Object.fromEntries(given.map((name) => [name, null])),
    ...(unblocked ? { status: 'active', blockedAt: null, blockedReason: null } : {}),
    staff: survivor.staff && !kept.madeStaff,
    updatedAt: context.now,
  });
  await rewriteSearchLine(tx, pair.survivorId);
  await rewriteSearchLine(tx, pair.absorbedId);
}
