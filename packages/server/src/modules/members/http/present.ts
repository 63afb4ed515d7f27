import type { ConsentEntry } from '../domain/consent.ts';
import type { HeldIdentity } from '../domain/identity.ts';
import type { MergeRecord } from '../domain/merge.ts';
import type { ConsentLog } from '../service/consents.ts';
import type { MemberSummary, MemberView } from '../service/view.ts';

interface Textual {
  toString(): string;
}

function textOrNull(value: Textual | null): string | null {
  return value === null ? null : value.toString();
}

/** The proof of a confirmation is for an export and a dispute, not for every screen. */
export function presentIdentity(held: HeldIdentity) {
  return {
    identity_id: held.identityId,
    kind: held.kind,
    value: held.value,
    state: held.state,
    added_at: held.addedAt.toString(),
    confirmed_at: textOrNull(held.confirmedAt),
    source: held.source,
  };
}

function presentConsentState(entry: ConsentEntry) {
  return { channel: entry.channel, purpose: entry.purpose, given: entry.given, at: entry.at.toString() };
}

export function presentConsents({ current, log }: ConsentLog) {
  return {
    current: current.map(presentConsentState),
    log: log.map((entry) => ({
      consent_id: entry.consentId,
      ...presentConsentState(entry),
      source: entry.source,
      shop_id: entry.shopId,
      text_shown: entry.textShown,
      proof: entry.proof,
    })),
  };
}

export function presentSummary({ member, identities }: MemberSummary) {
  return {
    member_id: member.memberId,
    status: member.status,
    first_name: member.firstName,
    last_name: member.lastName,
    patronymic: member.patronymic,
    birthday: textOrNull(member.birthday),
    joined_at: member.joinedAt.toString(),
    staff: member.staff,
    test: member.test,
    identities: identities.map(presentIdentity),
  };
}

export function presentMember(view: MemberView) {
  const { member } = view;
  return {
    ...presentSummary(view),
    gender: member.gender,
    zone: member.zone,
    language: member.language,
    fields: mutable(member.fields),
    joined_shop_id: member.joinedShopId,
    origin: member.origin,
    blocked_at: textOrNull(member.blockedAt),
    blocked_reason: member.blockedReason,
    erased_at: textOrNull(member.erasedAt),
    created_at: member.createdAt.toString(),
    updated_at: member.updatedAt.toString(),
    consents: view.consents.map(presentConsentState),
    aliases: [...view.aliases],
  };
}

function mutable(fields: MemberView['member']['fields']): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(
    Object.entries(fields).map(([code, value]) => [code, typeof value === 'object' ? [...value] : value]),
  );
}

export function presentMerge(merge: MergeRecord) {
  return {
    merge_id: merge.mergeId,
    survivor_id: merge.survivorId,
    absorbed_id: merge.absorbedId,
    merged_at: merge.mergedAt.toString(),
    undo_until: merge.undoUntil.toString(),
    undone_at: textOrNull(merge.undoneAt),
  };
}
