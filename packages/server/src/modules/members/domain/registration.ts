import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Instant, isBefore } from '#kernel/time.ts';
import { type ConsentChannel, type ConsentEntry, type ConsentProof, type ConsentPurpose, isProven } from './consent.ts';
import type { FieldDefinition } from './fields.ts';
import {
  compareIdentities,
  type HeldIdentity,
  type Identity,
  type IdentityProblem,
  type IdentityProof,
  type ReadingRules,
  readIdentity,
} from './identity.ts';
import { emptyProfile, type Member, type MemberOrigin } from './member.ts';
import { changeProfile, type ProfileChanges, type ProfileRefusal } from './profile.ts';

export interface IdentityDraft {
  readonly kind: string;
  readonly value: string;
  /** True: its owner proved to have it before. */
  readonly confirmed?: boolean | undefined;
  readonly proof?: IdentityProof | undefined;
}

export interface ConsentWord {
  readonly channel: ConsentChannel;
  readonly purpose: ConsentPurpose;
  readonly given: boolean;
  /** Not given: now. */
  readonly at?: Instant | undefined;
  readonly source: string;
  readonly shopId?: string | null | undefined;
  readonly textShown?: string | undefined;
  readonly proof?: ConsentProof | undefined;
}

export interface Registration {
  readonly identities: readonly IdentityDraft[];
  readonly profile?: ProfileChanges | undefined;
  readonly consents?: readonly ConsentWord[] | undefined;
  /** Not given: now. An import tells when the person really joined. */
  readonly joinedAt?: Instant | undefined;
  readonly shopId?: string | null | undefined;
  readonly staff?: boolean | undefined;
  readonly test?: boolean | undefined;
  readonly origin: MemberOrigin;
  readonly source: string;
  readonly registeredBy: string;
}

export interface RegistrationContext {
  readonly now: Instant;
  readonly newId: () => string;
  readonly rules: ReadingRules;
  readonly definitions: readonly FieldDefinition[];
  /** A number drawn for the member's virtual card; null: none wanted. */
  readonly virtualCard: string | null;
}

export interface PreparedMember {
  readonly member: Member;
  /** In the order they are claimed. */
  readonly identities: readonly HeldIdentity[];
  readonly consents: readonly ConsentEntry[];
}

export type ConsentRefusal =
  | { readonly code: 'consent_without_proof'; readonly field: string }
  | { readonly code: 'consent_in_future'; readonly field: string };

export type RegistrationRefusal =
  | { readonly code: IdentityProblem; readonly field: string }
  | { readonly code: 'identity_missing'; readonly field: '/identities' }
  | { readonly code: 'joined_in_future'; readonly field: '/joined_at' }
  | ConsentRefusal
  | ProfileRefusal;

export function prepareRegistration(
  registration: Registration,
  context: RegistrationContext,
): Outcome<PreparedMember, RegistrationRefusal> {
  const { now } = context;
  const memberId = context.newId();
  const identities = readIdentities(registration, { ...context, memberId });
  if (!identities.ok) return identities;
  if (identities.value.length === 0) return refused({ code: 'identity_missing', field: '/identities' });
  const profile = changeProfile(emptyProfile, registration.profile ?? {}, context);
  if (!profile.ok) return profile;
  const joinedAt = registration.joinedAt ?? now;
  if (isBefore(now, joinedAt)) return refused({ code: 'joined_in_future', field: '/joined_at' });
  const consents = prepareConsents(registration.consents ?? [], context);
  if (!consents.ok) return consents;
  const member: Member = {
    ...profile.value,
    memberId,
    status: 'active',
    mergedInto: null,
    joinedAt,
    joinedShopId: registration.shopId ?? null,
    staff: registration.staff ?? false,
    test: registration.test ?? false,
    origin: registration.origin,
    registeredBy: registration.registeredBy,
    ...{ blockedAt: null, blockedReason: null, erasedAt: null, createdAt: now, updatedAt: now },
  };
  return done({ member, identities: identities.value, consents: consents.value });
}

function readIdentities(
  registration: Registration,
  context: RegistrationContext & { readonly memberId: string },
): Outcome<HeldIdentity[], RegistrationRefusal> {
  const held = new Map<string, HeldIdentity & Identity>();
  const virtual: IdentityDraft[] = context.virtualCard === null ? [] : [{ kind: 'card', value: context.virtualCard }];
  for (const [index, draft] of [...registration.identities, ...virtual].entries()) {
    const reading = readIdentity(draft.kind, draft.value, context.rules);
    if (!reading.ok) return refused({ code: reading.problem, field: `/identities/${index}/value` });
    const source = index < registration.identities.length ? registration.source : 'virtual_card';
    const made = holdIdentity(reading.identity, draft, { ...context, source });
    held.set(`${made.kind} ${made.value}`, { ...reading.identity, ...made });
  }
  return done([...held.values()].sort(compareIdentities));
}

export function holdIdentity(
  identity: Identity,
  draft: Pick<IdentityDraft, 'confirmed' | 'proof'>,
  context: { readonly now: Instant; readonly newId: () => string; readonly memberId: string; readonly source: string },
): HeldIdentity {
  return {
    identityId: context.newId(),
    memberId: context.memberId,
    kind: identity.kind,
    value: identity.value,
    state: 'active',
    addedAt: context.now,
    confirmedAt: draft.confirmed === true || draft.proof !== undefined ? context.now : null,
    proof: draft.proof ?? null,
    source: context.source,
  };
}

/** R33: a "yes" comes with the text shown and its proof. */
export function prepareConsents(
  words: readonly ConsentWord[],
  context: { readonly now: Instant; readonly newId: () => string },
): Outcome<ConsentEntry[], ConsentRefusal> {
  const entries: ConsentEntry[] = [];
  for (const [index, word] of words.entries()) {
    const entry: ConsentEntry = {
      consentId: context.newId(),
      channel: word.channel,
      purpose: word.purpose,
      given: word.given,
      at: word.at ?? context.now,
      source: word.source,
      shopId: word.shopId ?? null,
      textShown: word.textShown ?? null,
      proof: word.proof ?? null,
    };
    if (!isProven(entry)) return refused({ code: 'consent_without_proof', field: `/consents/${index}/proof` });
    if (isBefore(context.now, entry.at)) return refused({ code: 'consent_in_future', field: `/consents/${index}/at` });
    entries.push(entry);
  }
  return done(entries);
}
